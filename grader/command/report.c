/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"
#include "base/file.h"
#include "command/command.h"
#include "report/format.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_HIDDEN = 0x200 };

struct arguments {
	const char *result;
	const char *output; /* NULL for standard output */
	const struct format *format;
	bool hidden;
};

static const struct argp_option options[] = {
	{"format", 'f', "NAME", 0, "the format to write (default: text)", 0},
	{"output", 'o', "FILE", 0, "replace this file (default: standard output)", 0},
	{"hidden", KEY_HIDDEN, NULL, 0, "show hidden criteria, too", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'f':
		arguments->format = format_find(argument);
		if (!arguments->format)
			argp_error(state, "there is no format '%s'", argument);
		return 0;
	case 'o':
		arguments->output = strcmp(argument, "-") == 0 ? NULL : argument;
		return 0;
	case KEY_HIDDEN:
		arguments->hidden = true;
		return 0;
	case ARGP_KEY_ARG:
		if (arguments->result)
			argp_error(state, "one result at a time");
		arguments->result = argument;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->result)
			argp_error(state, "name a result file");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* The list of formats, below the options. */
static char *add_formats(int key, const char *text, void *input)
{
	struct buffer help = {0};

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)(size_t)text;
	buffer_text(&help, "Formats:\n");
	for (const struct format *format = formats; format->name; format++)
		buffer_print(&help, "  %-14s%s\n", format->name, format->summary);
	return buffer_take(&help);
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "RESULT.json",
	.doc = "Write the result of a grading in another format.\vFormats",
	.help_filter = add_formats,
};

static int write_report(const struct arguments *arguments, struct error *error)
{
	struct format_options shown = {arguments->hidden, getenv};
	struct result *result = result_read(arguments->result, error);
	char *text = NULL;
	int outcome = -1;

	if (!result)
		return -1;
	text = arguments->format->write(result, &shown, error);
	if (text && arguments->output)
		outcome = file_replace(arguments->output, text, strlen(text), error);
	else if (text && (fputs(text, stdout) < 0 || fflush(stdout)))
		error_system(error, "writing the report");
	else if (text)
		outcome = 0;
	free(text);
	result_free(result);
	return outcome;
}

int command_report(int argc, char **argv)
{
	struct arguments arguments = {.format = format_find("text")};
	struct error error = {""};

	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	if (write_report(&arguments, &error)) {
		fprintf(stderr, "interlock: %s\n", error.message);
		return EXIT_TROUBLE;
	}
	return EXIT_PASSED;
}
