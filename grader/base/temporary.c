/* SPDX-License-Identifier: MIT */
#include "base/temporary.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "interlock-"
#define LOCK ".interlock-lock"

/* One for each $TMPDIR that the process has had. A child that was forked uses its parent's. */
struct home {
	char *parent; /* what TMPDIR named */
	char *path;
	pid_t owner; /* who removes it */
	struct home *next;
};

static struct home *homes;

/* A folder that has the lock's file, is ours, and whose lock nobody holds. The descriptor with
 * the lock, or -1. */
static int lock_of_dead(const char *folder)
{
	struct stat status;
	char *path = path_join(folder, LOCK);
	int lock = -1;

	if (lstat(folder, &status) == 0 && S_ISDIR(status.st_mode) &&
		status.st_uid == geteuid())
		lock = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB)) {
		close(lock);
		lock = -1;
	}
	free(path);
	return lock;
}

static void sweep(const char *parent)
{
	struct error ignored;
	DIR *folder = opendir(parent);
	struct dirent *entry = NULL;

	while (folder && (entry = readdir(folder))) {
		if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0)
			continue;
		char *path = path_join(parent, entry->d_name);
		int lock = lock_of_dead(path);
		if (lock >= 0) {
			folder_remove(path, &ignored);
			close(lock);
		}
		free(path);
	}
	if (folder)
		closedir(folder);
}

static void remove_homes(void)
{
	struct error ignored;

	for (struct home *home = homes; home; home = home->next)
		if (home->owner == getpid())
			folder_remove(home->path, &ignored);
}

/* The lock is held until the last process that has the descriptor is gone. A sweep may have come
 * between the file and its lock: then the file is no more, and -1 is returned. */
static int lock_home(const char *path)
{
	struct stat status;
	char *name = path_join(path, LOCK);
	int lock = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	free(name);
	if (lock < 0)
		return -1;
	/* Some file systems have no locks: there, nothing is swept. */
	if (flock(lock, LOCK_EX) == 0 && fstat(lock, &status) == 0 &&
		status.st_nlink == 0) {
		close(lock);
		errno = ENOENT;
		return -1;
	}
	return 0;
}

static char *home_make(const char *parent, struct error *error)
{
	char *path = NULL;

	do {
		free(path);
		path = text_format("%s/" PREFIX "XXXXXX", parent);
		if (!mkdtemp(path)) {
			error_system(error, "cannot make a temporary folder %s", path);
			free(path);
			return NULL;
		}
	} while (lock_home(path) && errno == ENOENT);
	/* The box's user has to come through. */
	(void)chmod(path, 0711);
	return path;
}

const char *folder_of_temporaries(struct error *error)
{
	const char *parent = getenv("TMPDIR");

	if (!parent || !*parent)
		parent = "/tmp";
	for (struct home *home = homes; home; home = home->next)
		if (strcmp(home->parent, parent) == 0)
			return home->path;
	sweep(parent);
	char *path = home_make(parent, error);
	if (!path)
		return NULL;
	struct home *home = memory_new(1, sizeof(*home));
	home->parent = text_copy(parent);
	home->path = path;
	home->owner = getpid();
	home->next = homes;
	if (!homes)
		(void)atexit(remove_homes);
	homes = home;
	return path;
}

char *folder_make_temporary(struct error *error)
{
	const char *home = folder_of_temporaries(error);

	if (!home)
		return NULL;
	char *path = path_join(home, "XXXXXX");
	if (!mkdtemp(path)) {
		error_system(error, "cannot make a temporary folder %s", path);
		free(path);
		return NULL;
	}
	return path;
}
