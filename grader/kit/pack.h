/* SPDX-License-Identifier: MIT */
/*
 * Writes a folder into an archive: zip, tar or tar.gz, by the ending of its name. The same folder
 * gives the same bytes: names are in order, and owners and times are left out.
 *
 *	if (pack_is_archive(path) && pack_folder(folder, path, &error))
 *		return -1;
 */
#ifndef INTERLOCK_KIT_PACK_H
#define INTERLOCK_KIT_PACK_H

#include "base/error.h"

#include <stdbool.h>

bool pack_is_archive(const char *path);

/* All that is below the folder. The archive must not exist. */
int pack_folder(const char *folder, const char *archive, struct error *error);

#endif
