/* SPDX-License-Identifier: MIT */
/*
 * Unpacks an archive that somebody handed in: zip, tar and whatever else libarchive reads.
 * Only files and folders come out of it, below the folder that is given; a path that leads out of
 * it, too much in it or a broken archive is an error. Links and devices are left out.
 *
 *	if (archive_is(path) && archive_unpack(path, folder, ARCHIVE_CLASS, &error))
 *		return -1;
 */
#ifndef INTERLOCK_CLASS_ARCHIVE_H
#define INTERLOCK_CLASS_ARCHIVE_H

#include "base/error.h"

#include <stdbool.h>

/* How much may come out: of a class's archive, or of what one student put into one. */
enum archive_limit { ARCHIVE_CLASS, ARCHIVE_STUDENT };

/* Whether the file is one by its first bytes, whatever its name is. */
bool archive_is(const char *path);

int archive_unpack(const char *path, const char *folder, enum archive_limit limit,
	struct error *error);

#endif
