/* SPDX-License-Identifier: MIT */
/*
 * Whole files and folders: read, replaced in one step, copied, removed.
 *
 *	char *text = file_read("lab.yaml", 1 << 20, NULL, &error);
 *	if (!text || file_replace("copy.yaml", text, strlen(text), &error))
 *		return -1;
 */
#ifndef INTERLOCK_BASE_FILE_H
#define INTERLOCK_BASE_FILE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* The file's bytes, followed by a NUL that *size (which may be NULL) does not count. The
 * caller frees them. NULL if it cannot be read or has more than `most` bytes. */
char *file_read(const char *path, size_t most, size_t *size, struct error *error);

/* Writes size bytes to a temporary file beside path, then renames it: readers see the old
 * file or the new one, never a part. What is there and is no regular file stays, and is
 * an error. */
int file_replace(const char *path, const char *bytes, size_t size, struct error *error);

/* Makes the folder and those above it; one that exists already is fine. */
int folder_make(const char *path, struct error *error);

/* Removes the folder and all that is in it; follows no symbolic link. */
int folder_remove(const char *path, struct error *error);

/* Copies the bytes of a file to another, which is made or overwritten; the two may be on
 * different file systems. */
int file_copy(const char *from, const char *to, struct error *error);

/* Copies regular files and folders below `from` to below `to`, which is made. Anything
 * else found there is an error. */
int folder_copy(const char *from, const char *to, struct error *error);

/* The same of those whose name is wanted. */
int folder_copy_wanted(const char *from, const char *to, bool (*wanted)(const char *name),
	struct error *error);

/* A fresh folder beside the one that is to be, in which to put all that it will have: until
 * folder_settle, nobody sees a part of it. The folders above are made. The caller frees the
 * name. NULL on failure. */
char *folder_make_beside(const char *folder, struct error *error);

/* Gives the fresh folder its name if status is 0, and removes it otherwise. What is there
 * already stays, and is an error. Returns status, or -1 if it cannot be renamed. */
int folder_settle(const char *fresh, const char *folder, int status, struct error *error);

bool path_is_folder(const char *path);
bool path_is_file(const char *path);

#endif
