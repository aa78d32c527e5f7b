/* SPDX-License-Identifier: MIT */
/*
 * A guide in Markdown, followed to the letter: its blocks become one script.
 *
 *	char *script = guide_script(text);
 */
#ifndef INTERLOCK_TESTS_GUIDE_H
#define INTERLOCK_TESTS_GUIDE_H

#include "suite.h"

#include "base/buffer.h"

/* Adds one fenced block as what a reader does: a file that is named before it is written,
 * a command is typed, and one that is said to fail must fail. */
static inline void guide_add_block(struct buffer *script, const char *kind,
	const char *file, const char *block, size_t length)
{
	if (*file)
		buffer_print(script, "cat >%s <<'END OF FILE'\n%.*sEND OF FILE\n", file,
			(int)length, block);
	else if (strcmp(kind, "sh") == 0)
		buffer_add(script, block, length);
	else if (strcmp(kind, "sh fails") == 0)
		buffer_print(
			script, "if (\n%.*s); then exit 9; fi\n", (int)length, block);
}

/* The blocks of a Markdown text as one script. */
static inline char *guide_script(const char *text)
{
	struct buffer script = {0};
	char file[128] = "";

	for (const char *line = text; *line;) {
		size_t length = strcspn(line, "\n");
		const char *next = line + length + (line[length] == '\n');
		if (strncmp(line, "```", 3) == 0) {
			char *kind = text_format("%.*s", (int)length - 3, line + 3);
			const char *end = strstr(next, "\n```");
			ck_assert_ptr_nonnull(end);
			guide_add_block(
				&script, kind, file, next, (size_t)(end + 1 - next));
			next = end + 4 + (end[4] == '\n');
			free(kind);
			*file = '\0';
		} else if (length > 0) {
			*file = '\0';
			if (line[0] == '`' && line[length - 1] == ':')
				(void)sscanf(line, "`%127[^`]`:", file);
		}
		line = next;
	}
	return buffer_take(&script);
}

#endif
