/* SPDX-License-Identifier: MIT */
#include "report/format.h"

#include "base/buffer.h"
#include "base/text.h"
#include "report/digest.h"

#include <stdlib.h>

/* What has no place is about the first file that was handed in. */
static void add_place(struct buffer *lines, const struct result *result,
	const struct source_place *place)
{
	char *path = place		      ? digest_path(result, place->file)
		     : result->file_count > 0 ? digest_path(result, result->files[0].name)
					      : NULL;

	if (path)
		buffer_own(lines, text_line(path));
	else
		buffer_text(lines, "interlock");
	buffer_print(lines, ":%ld: ", place && place->line > 0 ? place->line : 1);
	free(path);
}

char *format_compiler(const struct result *result, const struct format_options *options,
	struct error *error)
{
	struct buffer lines = {0};

	(void)error;
	for (size_t i = 0; i < result->criterion_count; i++) {
		const struct criterion_result *criterion = &result->criteria[i];
		if ((criterion->hidden && !options->hidden) || criterion->blocked_by ||
			criterion->verdict == VERDICT_PASS)
			continue;
		char *message = digest_message(result, criterion);
		add_place(&lines, result, digest_place(criterion));
		buffer_text(&lines,
			criterion->verdict == VERDICT_FAIL ? "error: " : "warning: ");
		buffer_own(&lines, text_line(criterion->title));
		buffer_text(&lines, ": ");
		buffer_own(&lines, text_line(message));
		buffer_text(&lines, "\n");
		free(message);
	}
	if (result->notice) {
		add_place(&lines, result, NULL);
		buffer_text(&lines, "warning: ");
		buffer_own(&lines, text_line(result->notice));
		buffer_text(&lines, "\n");
	}
	return buffer_take(&lines);
}
