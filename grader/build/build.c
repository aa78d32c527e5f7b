/* SPDX-License-Identifier: MIT */
#include "build/build.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "build/arguments.h"
#include "build/diagnostics.h"
#include "build/guarded.h"
#include "build/instrument.h"
#include "build/preprocess.h"
#include "build/symbols.h"
#include "build/tools.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void build_outcome_release(struct build_outcome *outcome)
{
	free(outcome->complaint);
	free(outcome->file);
	free(outcome->diagnostics);
	*outcome = (struct build_outcome){0};
}

/* Runs a tool on the lab's own files, at our own risk. */
static int run_for_lab(struct arguments *arguments, const char *what, struct error *error)
{
	struct box_options options = {
		.argv = (const char *const *)arguments->list, .trusted = true};
	struct box_result result;
	int status = box_run(&options, &result, error);

	if (status == 0 && (result.status.signalled || result.status.code != 0))
		status = error_set(
			error, "%s cannot be compiled:\n%.800s", what, result.output);
	box_result_release(&result);
	arguments_release(arguments);
	return status;
}

/* One file of the lab's checks, and with it the hidden one if there is one and it is named. */
static int build_lab_files(const struct build *build, const char *source,
	const char *hidden, const char *object, const char *const *flags,
	struct error *error)
{
	struct arguments arguments = {0};
	char *compiler = tools_find(build->compiler);
	char *include = path_of("include");
	char *path = text_format("%s/checks/%s", build->lab->folder, source);
	char *hidden_path = hidden ? lab_hidden_file(build->lab, hidden) : NULL;

	arguments_add(&arguments, compiler);
	for (; *flags; flags++)
		arguments_add(&arguments, *flags);
	arguments_format(&arguments, "-I%s/include", build->lab->folder);
	arguments_format(&arguments, "-I%s", include);
	arguments_format(&arguments, "-ffile-prefix-map=%s/=", build->lab->folder);
	arguments_add(&arguments, path);
	if (hidden_path)
		arguments_add(&arguments, hidden_path);
	arguments_add(&arguments, "-o");
	arguments_format(&arguments, "%s/%s", build->lab_folder, object);
	int status = run_for_lab(&arguments, path, error);
	free(hidden_path);
	free(path);
	free(include);
	free(compiler);
	return status;
}

static int fill_kit(const struct build *build, char *source, const char *below,
	int (*copy)(const char *from, const char *to, struct error *error),
	struct error *error)
{
	char *target = tools_kit(build, below);
	int status = copy(source, target, error);

	free(target);
	free(source);
	return status;
}

static int make_kit(const struct build *build, struct error *error)
{
	static const char *const ours[] = {
		"include/mp", "include/interlock", "lib/interlock"};
	char *library = tools_kit(build, "lib");
	char *include = tools_kit(build, "include");
	int status = folder_make(library, error) || folder_make(include, error);

	for (size_t i = 0; status == 0 && i < sizeof(ours) / sizeof(*ours); i++)
		status = fill_kit(build, path_of(ours[i]), ours[i], folder_copy, error);
	if (status == 0)
		status = fill_kit(
			build, path_of("lib/libmp.a"), "lib/libmp.a", file_copy, error);
	if (status == 0)
		status = fill_kit(build, path_join(build->lab->folder, "include"), "lab",
			folder_copy, error);
	free(include);
	free(library);
	return status ? -1 : 0;
}

/* The entries that only hidden checks start become part of the lab's entries. */
static int add_hidden_entries(const struct build *build, const char *const *flags,
	const char *object, struct error *error)
{
	char *hidden = lab_hidden_file(build->lab, "hidden_player.c");
	struct arguments join = {0};

	if (!hidden)
		return 0;
	free(hidden);
	if (build_lab_files(build, "hidden_player.c", NULL, "kit/hidden.o", flags, error))
		return -1;
	char *player = tools_kit(build, object);
	char *public = tools_kit(build, "public.o");
	int status = rename(player, public)
			     ? error_system(error, "cannot rename %s", player)
			     : 0;
	arguments_add(&join, "/usr/bin/ld");
	arguments_add(&join, "-r");
	arguments_add(&join, "-o");
	arguments_add(&join, player);
	arguments_add(&join, public);
	arguments_format(&join, "%s/kit/hidden.o", build->lab_folder);
	if (status == 0)
		status = run_for_lab(&join, "checks/hidden_player.c", error);
	else
		arguments_release(&join);
	free(public);
	free(player);
	return status;
}

/* The lab's player.c and what goes with it. */
static int build_entries(const struct build *build, const char *const *more,
	const char *object, struct error *error)
{
	/* Its variables lie in frames, where the explorer finds names for what is shared. */
	static const char *const always[] = {
		"-std=gnu11", "-O0", "-fno-omit-frame-pointer", "-gdwarf-4", "-c", NULL};
	struct arguments flags = {0};
	char *path = text_format("kit/%s", object);

	tools_add_all(&flags, always);
	if (more)
		tools_add_all(&flags, more);
	const char *const *list = (const char *const *)flags.list;
	int status = build_lab_files(build, "player.c", NULL, path, list, error) ||
				     add_hidden_entries(build, list, object, error)
			     ? -1
			     : 0;
	free(path);
	arguments_release(&flags);
	return status;
}

int build_lab(const struct build *build, struct error *error)
{
	static const char *const shared[] = {
		"-std=gnu11", "-O1", "-gdwarf-4", "-fPIC", "-shared", NULL};

	if (make_kit(build, error) ||
		build_lab_files(
			build, "checks.c", "hidden.c", "checks.so", shared, error) ||
		build_entries(build, NULL, "player.o", error))
		return -1;
	if (!branches_are_guarded(build->compiler))
		return 0;
	if (build_entries(build, branches_return_flags(), GUARDED_ENTRIES, error))
		return -1;
	return guarded_lab(build, error);
}

static void add_warnings(struct arguments *arguments)
{
	/* Debian 12's valgrind cannot read the newer format as clang writes it. */
	arguments_add(arguments, "-gdwarf-4");
	arguments_add(arguments, "-Wall");
	arguments_add(arguments, "-Wextra");
}

/* Compiles what the preprocessor left. */
static int compile(const struct build *build, enum build_variant variant,
	const char *place, struct build_outcome *outcome, struct error *error)
{
	struct arguments arguments = {0};

	tools_add_compiler(&arguments, build);
	add_warnings(&arguments);
	tools_add_variant(&arguments, build, variant);
	arguments_add(&arguments, "-c");
	tools_add_sources(&arguments, build->lab, ".i");
	return tools_step(build, place, &arguments, outcome, error);
}

/* What the compiler says of the files as they were handed in: of what the preprocessor left
 * it does not know where macros and columns were. If it says nothing, what was said stays. */
static int tell_in_the_files_words(
	const struct build *build, struct build_outcome *outcome, struct error *error)
{
	struct arguments arguments = {0};
	struct build_outcome told = {0};

	tools_add_compiler(&arguments, build);
	tools_add_headers(&arguments, build);
	add_warnings(&arguments);
	tools_add_variant(&arguments, build, BUILD_FORK);
	arguments_add(&arguments, "-c");
	tools_add_sources(&arguments, build->lab, ".c");
	int status = tools_step(build, build->folder, &arguments, &told, error);
	if (status == 0 && told.diagnostics) {
		free(outcome->diagnostics);
		outcome->diagnostics = told.diagnostics;
		told.diagnostics = NULL;
	}
	build_outcome_release(&told);
	return status;
}

/* A compiler that fails and names no place in a file was not stopped by the student's code. */
static int explain_compile(struct build_outcome *outcome, struct error *error)
{
	const char *said = outcome->diagnostics ? outcome->diagnostics : "";
	struct diagnostic first;

	if (!outcome->complaint || *outcome->complaint)
		return 0;
	enum compiler_end end = diagnostics_compiler_end(said, outcome->exit_code);
	if (end == COMPILER_CRASHED)
		return error_set(error,
			"the compiler has crashed over these files, by a defect of its "
			"own, which is not theirs: %.700s",
			said);
	if (end == COMPILER_KILLED) {
		text_replace(&outcome->complaint,
			"the compiler was ended by the system over these files: they "
			"need more memory or a deeper stack than it has, as very deep "
			"nesting does");
		return 0;
	}
	if (diagnostics_wish_refused(said)) {
		text_replace(&outcome->complaint,
			"the compiler cannot do what these files ask of it");
		return 0;
	}
	if (!diagnostics_first_error(said, &first))
		return error_set(error, "the compiler failed: %.700s", said);
	outcome->file = text_copy(first.file);
	outcome->line = first.line;
	text_replace(
		&outcome->complaint, "%s:%ld: %s", first.file, first.line, first.message);
	return 0;
}

/* Makes the student's objects into one, in which only the interface can be seen. */
static int join_objects(const struct build *build, enum build_variant variant,
	const char *place, struct build_outcome *outcome, struct error *error)
{
	struct arguments join = {0};
	struct arguments hide = {0};

	arguments_add(&join, "/usr/bin/ld");
	arguments_add(&join, "-r");
	arguments_add(&join, "-d"); /* common variables have a size like others */
	if (variant == BUILD_EXPLORE) {
		char *script = tools_kit(build, "lib/interlock/program.ld");
		arguments_add(&join, "-T");
		arguments_add(&join, script);
		free(script);
	}
	arguments_add(&join, "-o");
	arguments_add(&join, "student.o");
	if (guarded_join(build, variant, place, &join, error))
		return -1;
	tools_add_sources(&join, build->lab, ".o");
	if (tools_step(build, place, &join, outcome, error))
		return -1;
	if (outcome->complaint)
		return 0;
	if (build->without & GUARD_NAMES)
		return 0;
	arguments_add(&hide, "/usr/bin/objcopy");
	for (unsigned i = 0; i < build->lab->interface_count; i++)
		arguments_format(
			&hide, "--keep-global-symbol=%s", build->lab->interface[i]);
	arguments_add(&hide, "student.o");
	return tools_step(build, place, &hide, outcome, error);
}

static int check_code(
	const char *place, struct build_outcome *outcome, struct error *error)
{
	char *path = path_join(place, "student.o");
	size_t size = 0;
	char *object = file_read(path, 256 << 20, &size, error);

	int status = object ? 0 : -1;

	if (object)
		outcome->complaint = requests_complaint(object, size);
	free(path);
	free(object);
	return status;
}

static int check_symbols(const struct build *build, const char *place, bool instrumented,
	struct build_outcome *outcome, struct error *error)
{
	static const char *const nm[] = {
		"/usr/bin/nm", "--format=sysv", "student.o", NULL};
	char *symbols = tools_inspect(build, place, nm, outcome, error);

	if (symbols && !outcome->complaint)
		outcome->complaint = symbols_complaint(
			build->lab, build->follows, instrumented, symbols);
	int status = symbols ? 0 : -1;
	free(symbols);
	return status;
}

static int check_sections(const struct build *build, const char *place, bool instrumented,
	struct build_outcome *outcome, struct error *error)
{
	static const char *const objdump[] = {
		"/usr/bin/objdump", "-hw", "student.o", NULL};
	char *sections = tools_inspect(build, place, objdump, outcome, error);

	if (sections && !outcome->complaint)
		outcome->complaint =
			sections_complaint(build->lab, instrumented, sections);
	int status = sections ? 0 : -1;
	free(sections);
	return status;
}

/* In every build: what one of them may not hold, no other may. */
static int check_object(const struct build *build, enum build_variant variant,
	const char *place, struct build_outcome *outcome, struct error *error)
{
	bool instrumented = variant == BUILD_EXPLORE;

	if (build->without & GUARD_SYMBOLS)
		return 0;
	int status = check_symbols(build, place, instrumented, outcome, error);
	if (status == 0 && !outcome->complaint)
		status = check_sections(build, place, instrumented, outcome, error);
	if (status == 0 && !outcome->complaint)
		status = check_code(place, outcome, error);
	return status;
}

static int link_player(const struct build *build, enum build_variant variant,
	const char *place, struct build_outcome *outcome, struct error *error)
{
	struct arguments arguments = {0};
	char *compiler = tools_find(build->compiler);
	char *library = tools_kit(build, tools_library(variant));
	char *player = tools_kit(build, "lib/interlock/player.o");
	bool guarded = tools_guard_branches(build, variant);
	char *entries = tools_kit(build, guarded ? GUARDED_ENTRIES : "player.o");

	arguments_add(&arguments, compiler);
	arguments_add(&arguments, "-o");
	arguments_add(&arguments, BUILD_PROGRAM);
	arguments_add(&arguments, "student.o");
	arguments_add(&arguments, entries);
	arguments_add(&arguments, player);
	if (guarded)
		guarded_add_parts(&arguments, build);
	arguments_add(&arguments, library);
	arguments_add(&arguments, "-pthread");
	arguments_add(&arguments, "-lm");
	if (variant == BUILD_THREADS) {
		char *shared = tools_kit(build, "lib/interlock/shared.o");
		arguments_add(&arguments, shared);
		arguments_add(&arguments, "-Wl,--wrap=mmap,--wrap=mmap64");
		free(shared);
	}
	if (variant == BUILD_EXPLORE) {
		char *runtime = tools_kit(build, "lib/interlock/explore.o");
		arguments_add(&arguments, runtime);
		tools_add_all(&arguments, instrument_link_flags());
		free(runtime);
	}
	free(entries);
	free(player);
	free(library);
	free(compiler);
	return tools_step(build, place, &arguments, outcome, error);
}

static void explain_link(struct build_outcome *outcome)
{
	char name[256];

	if (!outcome->complaint || *outcome->complaint)
		return;
	if (diagnostics_undefined(
		    outcome->diagnostics ? outcome->diagnostics : "", name, sizeof(name)))
		text_replace(&outcome->complaint, "the function %s is not defined", name);
	else
		text_replace(&outcome->complaint, "the program cannot be linked");
}

/* What the student's files lack is theirs; all else of a link with ours is our fault. */
static int explain_player(struct build_outcome *outcome, struct error *error)
{
	const char *said = outcome->diagnostics ? outcome->diagnostics : "";
	char name[256];

	if (outcome->complaint && !*outcome->complaint &&
		!diagnostics_undefined(said, name, sizeof(name)))
		return error_set(error, "the player cannot be linked: %.700s", said);
	explain_link(outcome);
	return 0;
}

/* A fresh folder with what the preprocessor left, and nothing that tells which it is. */
static int fill_place(const struct build *build, const char *place, struct error *error)
{
	int status = folder_make(place, error);

	for (unsigned i = 0; status == 0 && i < build->lab->files_count; i++) {
		if (!tools_is_source(build->lab->files[i]))
			continue;
		char *name = tools_ending_in(build->lab->files[i], ".i");
		char *from = preprocess_path(build, name);
		char *to = path_join(place, name);
		status = file_copy(from, to, error);
		free(to);
		free(from);
		free(name);
	}
	return status;
}

static int make_player(const struct build *build, enum build_variant variant,
	const char *place, struct build_outcome *outcome, struct error *error)
{
	if (preprocess(build, variant, outcome, error))
		return -1;
	if (!outcome->complaint &&
		(fill_place(build, place, error) ||
			compile(build, variant, place, outcome, error)))
		return -1;
	bool said = outcome->diagnostics || (outcome->complaint && !*outcome->complaint);
	if (said && variant == BUILD_FORK &&
		tell_in_the_files_words(build, outcome, error))
		return -1;
	if (explain_compile(outcome, error))
		return -1;
	if (!outcome->complaint && join_objects(build, variant, place, outcome, error))
		return -1;
	if (!outcome->complaint && check_object(build, variant, place, outcome, error))
		return -1;
	if (!outcome->complaint && tools_guard_branches(build, variant) &&
		guarded_student(build, place, outcome, error))
		return -1;
	if (outcome->complaint) {
		explain_link(outcome);
		return 0;
	}
	if (link_player(build, variant, place, outcome, error))
		return -1;
	return explain_player(outcome, error);
}

int build_player(const struct build *build, enum build_variant variant,
	struct build_outcome *outcome, struct error *error)
{
	char *place = build_place(build->folder, variant);

	*outcome = (struct build_outcome){0};
	int status = make_player(build, variant, place, outcome, error);
	free(place);
	return status;
}

char *build_tool_version(const char *name)
{
	char *tool = tools_find(name);
	const char *const argv[] = {tool, "--version", NULL};
	struct box_options options = {.argv = argv, .trusted = true};
	struct box_result result;
	struct error error;
	char *line = NULL;

	if (box_run(&options, &result, &error) == 0) {
		result.output[strcspn(result.output, "\n")] = '\0';
		if (!result.status.signalled && result.status.code == 0)
			line = text_copy(result.output);
		box_result_release(&result);
	}
	free(tool);
	return line;
}

char *build_toolchain(const struct build *build)
{
	return build_tool_version(build->compiler);
}
