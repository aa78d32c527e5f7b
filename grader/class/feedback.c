/* SPDX-License-Identifier: MIT */
#include "class/feedback.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/text.h"
#include "class/export.h"
#include "report/terminal.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static char *canvas_name(const struct export_name *parts)
{
	size_t who = strlen(parts->student) - strlen(parts->id) - 1;

	return text_format("%.*s%s_%s_%s_report.txt", (int)who, parts->student,
		parts->late ? "_LATE" : "", parts->id, parts->attachment);
}

static char *moodle_name(const struct export_name *parts)
{
	char *name = text_copy(parts->name);

	for (char *at = strchr(name, '_'); at; at = strchr(at, '_'))
		*at = ' ';
	char *path =
		text_format("%s_%s_assignsubmission_file/report.txt", name, parts->id);
	free(name);
	return path;
}

char *feedback_name(const struct handed *handed)
{
	const char *base = base_of(handed->path);
	struct export_name parts;
	char *name = NULL;

	if (export_canvas(base, &parts)) {
		name = canvas_name(&parts);
	} else if (export_moodle(base, &parts)) {
		name = moodle_name(&parts);
	} else {
		char *own = text_file_name(handed->student);
		name = path_join(own, "report.txt");
		free(own);
	}
	export_name_release(&parts);
	return name;
}

static int write_one(const struct handed *handed, const char *folder, struct error *error)
{
	struct terminal_options options = {.hidden = false};
	char *name = feedback_name(handed);
	char *path = path_join(folder, name);
	char *parent = text_copy(path);
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);
	int status = stream ? folder_make(dirname(parent), error)
			    : error_system(error, "cannot write %s", path);

	if (stream) {
		terminal_write(stream, handed->result, &options);
		fclose(stream);
	}
	if (status == 0)
		status = file_replace(path, text, size, error);
	free(text);
	free(parent);
	free(path);
	free(name);
	return status;
}

int feedback_write(const struct roll *roll, const char *folder, struct error *error)
{
	char *fresh = folder_make_beside(folder, error);
	int status = fresh ? 0 : -1;

	for (size_t i = 0; status == 0 && i < roll->hand_in_count; i++)
		status = write_one(&roll->hand_ins[i], fresh, error);
	if (fresh)
		status = folder_settle(fresh, folder, status, error);
	free(fresh);
	return status;
}
