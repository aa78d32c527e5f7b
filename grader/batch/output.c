/* SPDX-License-Identifier: MIT */
#include "batch/output.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/text.h"
#include "report/format.h"
#include "report/junit.h"
#include "report/terminal.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whether the class's own files have this name. */
static bool is_taken(const char *name)
{
	static const char *const names[] = {"class.txt", "class.db", "class.csv",
		"class.json", "index.html", "statistics.txt", "junit.xml",
		"junit-strict.xml"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

char *output_name(const char *submission)
{
	char *name = text_file_name(submission);

	/* No other name can become this one: a percent sign is encoded itself. */
	if (is_taken(name))
		text_replace(&name, "%s%%", name);
	return name;
}

char *output_folder(const char *folder, const char *submission)
{
	char *name = output_name(submission);
	char *path = path_join(folder, name);

	free(name);
	return path;
}

static int write_junit(const struct result *const *results, size_t count,
	const char *folder, struct error *error)
{
	struct junit_options strict = {.dialect = JUNIT_STRICT, .hidden = true};
	struct junit_options rich = {.dialect = JUNIT_RICH, .hidden = true};
	char *strict_path = path_join(folder, "junit-strict.xml");
	char *rich_path = path_join(folder, "junit.xml");
	int status = junit_write(results, count, &strict, strict_path, error) ||
				     junit_write(results, count, &rich, rich_path, error)
			     ? -1
			     : 0;

	free(rich_path);
	free(strict_path);
	return status;
}

/* The terminal's report without colour, of one submission (class is NULL) or of a class. */
static int write_text(const struct result *result, const struct class_text *class,
	const char *folder, const char *name, struct error *error)
{
	struct terminal_options options = {.hidden = true};
	char *path = path_join(folder, name);
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);
	int status = stream ? 0 : error_system(error, "cannot write %s", path);

	if (stream) {
		if (class)
			terminal_write_class(stream, class, &options);
		else
			terminal_write(stream, result, &options);
		fclose(stream);
		status = file_replace(path, text, size, error);
	}
	free(text);
	free(path);
	return status;
}

/* What the student gets: without hidden criteria. */
static int write_page(
	const struct result *result, const char *folder, struct error *error)
{
	struct format_options options = {.hidden = false};
	char *path = path_join(folder, "page.html");
	char *page = format_html(result, &options, error);
	int status = page ? file_replace(path, page, strlen(page), error) : -1;

	free(page);
	free(path);
	return status;
}

static int write_witness(
	const struct evidence *evidence, const char *folder, struct error *error)
{
	if (!evidence->witness || !evidence->schedule)
		return 0;
	char *path = path_join(folder, evidence->witness);
	int status =
		file_replace(path, evidence->schedule, strlen(evidence->schedule), error);

	free(path);
	return status;
}

/* The files with what explore found. */
static int write_witnesses(
	const struct result *result, const char *folder, struct error *error)
{
	for (size_t i = 0; i < result->criterion_count; i++) {
		const struct criterion_result *criterion = &result->criteria[i];
		for (size_t k = 0; k < criterion->evidence_count; k++)
			if (write_witness(&criterion->evidence[k], folder, error))
				return -1;
	}
	return 0;
}

int output_write(const struct result *result, const char *folder, struct error *error)
{
	char *own = output_folder(folder, result->submission);
	char *path = path_join(own, "result.json");
	int status = folder_make(own, error) || write_junit(&result, 1, own, error) ||
				     write_text(result, NULL, own, "report.txt", error) ||
				     write_page(result, own, error) ||
				     write_witnesses(result, own, error) ||
				     result_write(result, path, error)
			     ? -1
			     : 0;

	free(path);
	free(own);
	return status;
}

int output_write_class(
	const struct class_text *class, const char *folder, struct error *error)
{
	if (write_junit(class->results, class->count, folder, error) ||
		write_text(NULL, class, folder, "class.txt", error))
		return -1;
	return 0;
}

void output_show_class(const struct class_text *class, const char *folder, FILE *stream)
{
	struct terminal_options options = terminal_options_of(stream);

	options.hidden = true;
	options.report = folder;
	terminal_write_class(stream, class, &options);
}
