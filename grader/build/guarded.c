/* SPDX-License-Identifier: MIT */
#include "build/guarded.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "build/tools.h"

#include <stdlib.h>
#include <string.h>

#define TABLE "branches.s"
#define SCRIPT "joined.ld"

/* What a tool says of the lab's own object. */
static char *inspect_lab(struct arguments *arguments, struct error *error)
{
	struct box_options options = {.argv = (const char *const *)arguments->list,
		.limits = {.output_bytes = 64 << 20},
		.trusted = true};
	struct box_result result;
	char *output = NULL;

	if (box_run(&options, &result, error))
		return NULL;
	if (result.status.signalled || result.status.code != 0)
		error_set(error, "%s of the lab's player.c failed: %.700s", *options.argv,
			result.output);
	else
		output = text_copy(result.output);
	box_result_release(&result);
	return output;
}

static char *say_of_lab(
	const struct build *build, const char *const *tool, struct error *error)
{
	struct arguments arguments = {0};
	char *object = tools_kit(build, GUARDED_ENTRIES);

	tools_add_all(&arguments, tool);
	arguments_add(&arguments, object);
	char *output = inspect_lab(&arguments, error);
	arguments_release(&arguments);
	free(object);
	return output;
}

bool guarded_keeps_notes(const struct build *build)
{
	struct error error;
	size_t size = 0;
	char *path = tools_kit(build, "player.o");
	char *object = file_read(path, 256 << 20, &size, &error);
	static const char write[] = "interlock_note_";
	bool keeps = !object || memmem(object, size, write, sizeof(write) - 1);

	free(object);
	free(path);
	return keeps;
}

static int write_table(const char *folder, const char *table, struct error *error)
{
	char *path = path_join(folder, TABLE);
	int status = file_replace(path, table, strlen(table), error);

	free(path);
	return status;
}

#define LISTING "/usr/bin/objdump", "-d", "--no-show-raw-insn"
#define SYMBOLS "/usr/bin/nm", "--format=sysv"

int guarded_lab(const struct build *build, struct error *error)
{
	static const char *const name[] = {
		"/usr/bin/objcopy", "--add-symbol", "interlock_lab=.text:0,global", NULL};
	static const char *const listing[] = {LISTING, NULL};
	static const char *const symbols[] = {SYMBOLS, NULL};
	char *said = say_of_lab(build, name, error);
	char *listed = said ? say_of_lab(build, listing, error) : NULL;
	char *known = listed ? say_of_lab(build, symbols, error) : NULL;
	char *kit = tools_kit(build, "");
	int status = -1;

	if (known) {
		char *table =
			branches_table("lab", listed, known, !guarded_keeps_notes(build));
		status = write_table(kit, table, error);
		free(table);
	}
	free(kit);
	free(known);
	free(listed);
	free(said);
	return status;
}

int guarded_join(const struct build *build, enum build_variant variant, const char *place,
	struct arguments *join, struct error *error)
{
	if (!tools_guard_branches(build, variant))
		return 0;
	char *path = path_join(place, SCRIPT);
	int status = file_replace(path, branches_script, strlen(branches_script), error);

	arguments_add(join, "-T");
	arguments_add(join, SCRIPT);
	free(path);
	return status;
}

/* Names the beginning of the object, and puts checked functions in the place of others. */
static int rename_symbols(const struct build *build, const char *place,
	struct build_outcome *outcome, struct error *error)
{
	struct arguments arguments = {0};

	arguments_add(&arguments, "/usr/bin/objcopy");
	tools_add_all(&arguments, branches_renames());
	arguments_add(&arguments, "student.o");
	return tools_step(build, place, &arguments, outcome, error);
}

int guarded_student(const struct build *build, const char *place,
	struct build_outcome *outcome, struct error *error)
{
	static const char *const listing[] = {LISTING, "student.o", NULL};
	static const char *const symbols[] = {SYMBOLS, "student.o", NULL};

	if (rename_symbols(build, place, outcome, error))
		return -1;
	if (outcome->complaint)
		return 0;
	char *listed = tools_inspect(build, place, listing, outcome, error);
	char *known =
		listed ? tools_inspect(build, place, symbols, outcome, error) : NULL;
	int status = known ? 0 : -1;

	if (known && !outcome->complaint)
		outcome->complaint = branches_complaint(
			listed, known, guarded_keeps_notes(build) ? build->strays : NULL);
	if (known && !outcome->complaint) {
		char *table = branches_table("student", listed, known, false);
		status = write_table(place, table, error);
		free(table);
	}
	free(known);
	free(listed);
	return status;
}

void guarded_add_parts(struct arguments *arguments, const struct build *build)
{
	char *table = tools_kit(build, TABLE);
	char *reader = tools_kit(build, "lib/interlock/branches.o");

	arguments_add(arguments, TABLE);
	arguments_add(arguments, table);
	arguments_add(arguments, reader);
	free(reader);
	free(table);
}
