/* SPDX-License-Identifier: MIT */
#include "lab/readme.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char begin_mark[] = "<!-- interlock: ";
static const char end_mark[] = "<!-- interlock end -->\n";

struct section {
	const char *start;
	const char *end; /* behind its last line, and the blank line after that */
};

/* The next section at or after `text`, whatever its title. */
static bool find_section(const char *text, struct section *section)
{
	section->start = strstr(text, begin_mark);
	if (!section->start)
		return false;
	const char *end = strstr(section->start, end_mark);
	section->end = end ? end + strlen(end_mark) : strchr(section->start, '\0');
	section->end += *section->end == '\n';
	return true;
}

static bool has_title(const struct section *section, const char *title)
{
	const char *there = section->start + strlen(begin_mark);
	size_t length = strlen(title);

	return strncmp(there, title, length) == 0 &&
	       strncmp(there + length, " -->", 4) == 0;
}

static void put_section(struct buffer *page, const char *title, const char *body)
{
	buffer_print(page, "%s%s -->\n## %s\n\n%s%s", begin_mark, title, title, body,
		end_mark);
}

char *readme_with_section(const char *text, const char *title, const char *body)
{
	struct buffer page = {0};
	struct section section;
	bool put = false;

	while (find_section(text, &section)) {
		buffer_add(&page, text, (size_t)(section.start - text));
		text = section.end;
		bool mine = has_title(&section, title);
		if (mine && !put)
			put_section(&page, title, body);
		else if (!mine)
			buffer_add(&page, section.start,
				(size_t)(section.end - section.start));
		if (mine && !put && *text)
			buffer_text(&page, "\n");
		put |= mine;
	}
	buffer_text(&page, text);
	if (!put) {
		if (page.length > 0 && page.bytes[page.length - 1] != '\n')
			buffer_text(&page, "\n");
		if (page.length > 0)
			buffer_text(&page, "\n");
		put_section(&page, title, body);
	}
	return buffer_take(&page);
}

char *readme_without_sections(const char *text)
{
	struct buffer page = {0};
	struct section section;

	while (find_section(text, &section)) {
		buffer_add(&page, text, (size_t)(section.start - text));
		text = section.end;
	}
	buffer_text(&page, text);
	while (page.length > 1 && strcmp(page.bytes + page.length - 2, "\n\n") == 0)
		page.bytes[--page.length] = '\0';
	return buffer_take(&page);
}
