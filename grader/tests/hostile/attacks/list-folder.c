/* SPDX-License-Identifier: MIT */
/* See what is in a folder of the host. */
#include <dirent.h>

static int attack(void)
{
	DIR *folder = opendir(FOLDER);

	return folder && readdir(folder);
}
