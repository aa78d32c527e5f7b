/* SPDX-License-Identifier: MIT */
#include "lab/skeleton.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool holds(const char *line, size_t length, const char *marker)
{
	return memmem(line, length, marker, strlen(marker)) != NULL;
}

char *skeleton_make(const char *solution, const char *file, struct error *error)
{
	char *skeleton = memory_new(strlen(solution) + 64, 1);
	char *end = skeleton;
	long number = 0;
	long begun = 0; /* the line of the open marker, 0 outside */
	int pairs = 0;

	for (const char *line = solution; *line; number++) {
		const char *newline = strchr(line, '\n');
		size_t length = newline ? (size_t)(newline + 1 - line) : strlen(line);
		bool begins = holds(line, length, "BEGIN SOLUTION");
		bool ends = holds(line, length, "END SOLUTION");
		if ((begins && begun) || (ends && !begun)) {
			error_set(error,
				"%s:%ld: the markers BEGIN SOLUTION and END SOLUTION "
				"do not pair up",
				file, number + 1);
			free(skeleton);
			return NULL;
		}
		if (begins) {
			/* As long as the marker's own line, so there is room. */
			size_t indent = strspn(line, " \t");
			memcpy(end, line, indent);
			end = stpcpy(end + indent, "/* Your code here. */\n");
			begun = number + 1;
			pairs++;
		} else if (!begun) {
			memcpy(end, line, length);
			end += length;
		}
		if (ends)
			begun = 0;
		line += length;
	}
	*end = '\0';
	if (begun || pairs == 0) {
		error_set(error, "%s:%ld: %s", file, begun ? begun : 1,
			begun ? "BEGIN SOLUTION without END SOLUTION"
			      : "there is no BEGIN SOLUTION");
		free(skeleton);
		return NULL;
	}
	return skeleton;
}

static int write_one(
	const struct lab *lab, const char *name, const char *folder, struct error *error)
{
	char *source = text_format("%s/solution/%s", lab->folder, name);
	char *target = path_join(folder, name);
	char *solution = file_read(source, 1 << 20, NULL, error);
	char *skeleton = solution ? skeleton_make(solution, source, error) : NULL;
	int status =
		skeleton ? file_replace(target, skeleton, strlen(skeleton), error) : -1;

	free(skeleton);
	free(solution);
	free(target);
	free(source);
	return status;
}

int skeleton_write(const struct lab *lab, const char *folder, struct error *error)
{
	for (unsigned i = 0; i < lab->files_count; i++)
		if (write_one(lab, lab->files[i], folder, error))
			return -1;
	return 0;
}
