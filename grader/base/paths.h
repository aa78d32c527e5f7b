/* SPDX-License-Identifier: MIT */
/*
 * Where interlock finds its own files: beside the program in a build tree, or under the
 * prefix once installed. Both have the same folders.
 *
 *	char *labs = path_of("share/interlock/labs");
 */
#ifndef INTERLOCK_BASE_PATHS_H
#define INTERLOCK_BASE_PATHS_H

/* The absolute path of one of interlock's own files or folders, named below the root. The
 * caller frees it. */
char *path_of(const char *below_root);

/* "A/B", to be freed by the caller. */
char *path_join(const char *folder, const char *name);

#endif
