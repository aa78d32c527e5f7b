/* SPDX-License-Identifier: MIT */
#include "base/paths.h"

#include "base/memory.h"

#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *path_join(const char *folder, const char *name)
{
	return text_format("%s/%s", folder, name);
}

/* The folder above bin/ once installed, the program's own folder in a build tree. */
char *path_of(const char *below_root)
{
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

	program[length > 0 ? length : 0] = '\0';
	char *folder = dirname(program);
	size_t end = strlen(folder);
	if (end > 4 && strcmp(folder + end - 4, "/bin") == 0)
		folder = dirname(folder);
	return path_join(folder, below_root);
}
