/* SPDX-License-Identifier: MIT */
#include "report/explored.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "explore/program.h"
#include "ladder/ladder.h"
#include "report/page.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_SOURCE = 1 << 20 };

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_source(const char *file)
{
	size_t length = strlen(file);

	return length > 2 && strcmp(file + length - 2, ".c") == 0;
}

/* The line at which it goes wrong, if it is in the file. */
static size_t find_pointed(const struct ladder *ladder, const char *file, long *pointed)
{
	for (uint32_t i = 0; ladder && i < ladder->rung_count; i++) {
		const struct rung *rung = &ladder->rungs[i];
		if (!rung->decisive || !rung->file || strcmp(rung->file, file) != 0)
			continue;
		*pointed = rung->line;
		return 1;
	}
	return 0;
}

static void put_source(
	xmlTextWriterPtr page, const struct ladder *ladder, const char *file)
{
	struct error ignored;
	size_t size = 0;
	long pointed;
	char *bytes = file_read(file, MOST_SOURCE, &size, &ignored);
	char *text = bytes ? text_valid(bytes, size) : NULL;
	size_t count = find_pointed(ladder, base_name(file), &pointed);

	if (text)
		page_source(page, base_name(file), text, &pointed, count);
	free(text);
	free(bytes);
}

int explored_page_write(const char *path, const struct ladder *ladder,
	const char *coverage, const struct program_sources *sources, struct error *error)
{
	struct buffer text = {0};
	const char *name =
		sources->files_count ? base_name(sources->files[0]) : "a program";
	xmlTextWriterPtr page = page_open(&text, name, page_script);

	markup_open(page, "header", NULL);
	markup_element(page, "h1", NULL, name);
	markup_close(page);
	markup_open(page, "main", "id", "main", NULL);
	markup_element(page, "h2", NULL, ladder ? "What was found" : "Nothing was found");
	if (ladder)
		page_witness(page, ladder, "witness");
	markup_element(page, "p", "faint", coverage);
	markup_element(page, "h2", NULL, "The program");
	for (; sources; sources = sources->beside)
		for (int i = 0; i < sources->files_count; i++)
			if (is_source(sources->files[i]))
				put_source(page, ladder, sources->files[i]);
	markup_close(page);
	page_close(page);
	int status = file_replace(path, text.bytes, text.length, error);
	buffer_release(&text);
	return status;
}

int explored_picture_write(
	const char *path, const struct ladder *ladder, struct error *error)
{
	char *picture = page_picture(ladder, "witness");
	int status = file_replace(path, picture, strlen(picture), error);

	free(picture);
	return status;
}
