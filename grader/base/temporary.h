/* SPDX-License-Identifier: MIT */
/*
 * Temporary folders. All those of one process lie in one folder of its own in $TMPDIR, or in
 * /tmp, which has a lock for as long as the process, or a child that it forked, lives. Whoever
 * needs one for the first time removes what others left there that are dead: after kill -9
 * nothing stays for longer than until the next start.
 *
 *	char *folder = folder_make_temporary(&error);
 *	...
 *	folder_remove(folder, &error);
 *	free(folder);
 */
#ifndef INTERLOCK_BASE_TEMPORARY_H
#define INTERLOCK_BASE_TEMPORARY_H

#include "base/error.h"

/* The process's own folder of temporary folders, of mode 0711: made if it is not there yet. It
 * is removed as the process exits. NULL on failure. */
const char *folder_of_temporaries(struct error *error);

/* A fresh folder of mode 0700 in it. The caller frees the name and removes the folder. NULL on
 * failure. */
char *folder_make_temporary(struct error *error);

#endif
