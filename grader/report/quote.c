/* SPDX-License-Identifier: MIT */
#include "report/quote.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_FILE = 4 << 20, MOST_LINE = 200 };

static char *read_source(const char *folder, const char *name)
{
	struct error error = {""};
	struct stat status;
	char *text = NULL;
	char *path = path_is_file(folder) ? text_copy(folder) : path_join(folder, name);

	/* A link could lead out of the folder. */
	if (lstat(path, &status) == 0 && S_ISREG(status.st_mode))
		text = file_read(path, MOST_FILE, NULL, &error);
	free(path);
	return text;
}

static const char *find_line(const char *text, long number)
{
	while (text && --number > 0) {
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return text;
}

char *quote_line(const char *folder, const struct source_place *place)
{
	char *quoted = NULL;

	if (!folder || !place->file || place->line < 1 || strchr(place->file, '/'))
		return NULL;
	char *text = read_source(folder, place->file);
	const char *line = find_line(text, place->line);
	if (line && *line) {
		line += strspn(line, " \t");
		size_t length = strcspn(line, "\r\n");
		while (length > 0 && strchr(" \t", line[length - 1]))
			length--;
		char *valid = text_valid(line, length);
		quoted = text_cut(valid, MOST_LINE);
		free(valid);
	}
	free(text);
	return quoted;
}
