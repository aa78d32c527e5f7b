/* SPDX-License-Identifier: MIT */
#include "build/preprocess.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "build/code.h"
#include "build/source.h"
#include "build/tools.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* Between the headers and the student's own code stands a line that nobody can foresee. */
static void draw_boundary(char *boundary, size_t size)
{
	uint64_t secret[2];

	while (getrandom(secret, sizeof(secret), 0) != sizeof(secret))
		;
	snprintf(boundary, size, "#pragma interlock_own_%016llx%016llx\n",
		(unsigned long long)secret[0], (unsigned long long)secret[1]);
}

char *preprocess_path(const struct build *build, const char *name)
{
	return text_format("%s/unit/%s", build->folder, name);
}

/* What a file becomes. The includes of headers that are handed in go to `included`, before
 * those of every file. */
static char *make_unit(const struct source *source, const char *file,
	const char *boundary, struct buffer *included)
{
	if (!tools_is_source(file)) {
		buffer_text(included, source->prelude);
		return text_copy(source->body);
	}
	return text_format("%s%s%s#line 1 \"%s\"\n%s",
		included->bytes ? included->bytes : "", source->prelude, boundary, file,
		source->body);
}

/* Writes a student's file as the preprocessor is to see it. */
static int write_unit(const struct build *build, const char *file, const char *boundary,
	struct buffer *included, struct build_outcome *outcome, struct error *error)
{
	size_t size = 0;
	char *from = path_join(build->folder, file);
	char *to = preprocess_path(build, file);
	char *bytes = file_read(from, 256 << 20, &size, error);
	char *unit = NULL;
	struct source source = {0};

	if (bytes && build->without & GUARD_SOURCE) {
		unit = text_copy(bytes);
	} else if (bytes) {
		source_read(&source, build->lab, file, bytes, size);
		if (source.complaint) {
			outcome->complaint = text_format(
				"%s:%ld: %s", file, source.line, source.complaint);
			outcome->file = text_copy(file);
			outcome->line = source.line;
		} else {
			unit = make_unit(&source, file, boundary, included);
		}
	}
	int status = bytes ? 0 : -1;
	if (unit)
		status = file_replace(to, unit, strlen(unit), error);
	source_release(&source);
	free(unit);
	free(bytes);
	free(to);
	free(from);
	return status;
}

/* Looks at the code that is the student's, and leaves out the line before it. */
static int check_unit(const struct build *build, const char *path, const char *boundary,
	struct build_outcome *outcome, struct error *error)
{
	char *text = file_read(path, 256 << 20, NULL, error);
	char *own = text ? strstr(text, boundary) : NULL;
	int status = text ? 0 : -1;

	if (text && !own) {
		status = error_set(error, "the preprocessor lost its place in %s", path);
	} else if (own) {
		char *headers = text_format("%.*s", (int)(own - text), text);
		outcome->complaint =
			code_complaint(build->lab, headers, own + strlen(boundary));
		memset(own, ' ', strlen(boundary) - 1);
		status = file_replace(path, text, strlen(text), error);
		free(headers);
	}
	free(text);
	return status;
}

static int preprocess_file(const struct build *build, enum build_variant variant,
	const char *file, struct buffer *included, struct build_outcome *outcome,
	struct error *error)
{
	struct arguments arguments = {0};
	char *place = preprocess_path(build, "");
	char *name = tools_ending_in(file, ".i");
	char *path = preprocess_path(build, name);
	char boundary[80];
	char *said = NULL;

	draw_boundary(boundary, sizeof(boundary));
	int status = write_unit(build, file, boundary, included, outcome, error);
	if (status == 0 && !outcome->complaint) {
		tools_add_compiler(&arguments, build);
		tools_add_headers(&arguments, build);
		if (build->without & GUARD_MACROS)
			tools_add_variant(&arguments, build, variant);
		arguments_add(&arguments, "-E");
		arguments_add(&arguments, file);
		arguments_add(&arguments, "-o");
		arguments_add(&arguments, name);
		status = tools_run(build, place, &arguments, outcome, &said, error);
		arguments_release(&arguments);
	}
	if (status == 0 && !outcome->complaint && !(build->without & GUARD_SOURCE))
		status = check_unit(build, path, boundary, outcome, error);
	free(said);
	free(path);
	free(name);
	free(place);
	return status;
}

/* Headers that are handed in come first: what they include goes before every file. */
static int preprocess_all(const struct build *build, enum build_variant variant,
	struct build_outcome *outcome, struct error *error)
{
	const struct lab *lab = build->lab;
	struct buffer included = {0};
	int status = 0;

	for (unsigned i = 0; !status && !outcome->complaint && i < lab->files_count; i++)
		if (!tools_is_source(lab->files[i]))
			status = write_unit(
				build, lab->files[i], "", &included, outcome, error);
	for (unsigned i = 0; !status && !outcome->complaint && i < lab->files_count; i++)
		if (tools_is_source(lab->files[i]))
			status = preprocess_file(
				build, variant, lab->files[i], &included, outcome, error);
	buffer_release(&included);
	return status;
}

int preprocess(const struct build *build, enum build_variant variant,
	struct build_outcome *outcome, struct error *error)
{
	char *place = preprocess_path(build, "");
	bool done = access(place, F_OK) == 0 && !(build->without & GUARD_MACROS);
	struct error ignored;
	int status = 0;

	/* What the variant before left is not the box's to replace. */
	if (!done)
		folder_remove(place, &ignored);
	if (!done)
		status = folder_make(place, error) ||
					 preprocess_all(build, variant, outcome, error)
				 ? -1
				 : 0;
	if (status || outcome->complaint)
		folder_remove(place, &ignored);
	free(place);
	return status;
}
