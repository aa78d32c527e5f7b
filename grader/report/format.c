/* SPDX-License-Identifier: MIT */
#include "report/format.h"

#include "base/memory.h"
#include "report/junit.h"
#include "report/terminal.h"

#include <stdlib.h>
#include <string.h>

static char *format_text(const struct result *result,
	const struct format_options *options, struct error *error)
{
	struct terminal_options plain = {.hidden = options->hidden};
	char *text = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&text, &length);

	(void)error;
	if (!stream)
		memory_exhausted();
	terminal_write(stream, result, &plain);
	if (fclose(stream))
		memory_exhausted();
	return text;
}

static char *format_junit_strict(const struct result *result,
	const struct format_options *options, struct error *error)
{
	struct junit_options strict = {JUNIT_STRICT, options->hidden};

	(void)error;
	return junit_text(&result, 1, &strict);
}

static char *format_junit_rich(const struct result *result,
	const struct format_options *options, struct error *error)
{
	struct junit_options rich = {JUNIT_RICH, options->hidden};

	(void)error;
	return junit_text(&result, 1, &rich);
}

const struct format formats[] = {
	{"text", "what grade prints", format_text},
	{"html", "a page for people, in one file", format_html},
	{"junit-strict", "JUnit XML for Jenkins and Surefire readers",
		format_junit_strict},
	{"junit-rich", "JUnit XML with file and line", format_junit_rich},
	{"compiler", "a line for each failure, as compilers write it, for editors",
		format_compiler},
	{"tap", "Test Anything Protocol 13", format_tap},
	{"github", "annotations for GitHub Actions", format_github},
	{"markdown", "a GitHub step summary", format_markdown},
	{"sarif", "SARIF 2.1.0 for code scanning", format_sarif},
	{"gradescope", "Gradescope's results.json", format_gradescope},
	{"autolab", "Autolab's last two lines", format_autolab},
	{"prairielearn", "PrairieLearn's results.json", format_prairielearn},
	{"classroom50", "Classroom 50's result.json", format_classroom50},
	{NULL, NULL, NULL},
};

const struct format *format_find(const char *name)
{
	for (const struct format *format = formats; format->name; format++)
		if (strcmp(format->name, name) == 0)
			return format;
	return NULL;
}
