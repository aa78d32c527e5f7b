/* SPDX-License-Identifier: MIT */
#include "build/build.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "build/arguments.h"
#include "build/diagnostics.h"
#include "build/instrument.h"
#include "build/source.h"
#include "build/symbols.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What differs between the ways of building a player. */
struct variant {
	const char *program;
	const char *const compile[2]; /* flags for the student's files */
	const char *library;	      /* below the kit */
};

static const struct variant variants[BUILD_VARIANTS] = {
	[BUILD_FORK] = {"player-fork", {"-O2"}, "lib/libmp.a"},
	[BUILD_THREADS] = {"player-threads", {"-O2"}, "lib/interlock/libmp-threads.a"},
	[BUILD_EXPLORE] = {"player-explore", {NULL}, "lib/interlock/libmp-explore.a"},
};

const char *build_program(enum build_variant variant)
{
	return variants[variant].program;
}

void build_outcome_release(struct build_outcome *outcome)
{
	free(outcome->complaint);
	free(outcome->file);
	free(outcome->diagnostics);
	*outcome = (struct build_outcome){0};
}

/* The box looks up no PATH. */
static char *find_tool(const char *name)
{
	return name[0] == '/' ? text_copy(name) : text_format("/usr/bin/%s", name);
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

static int build_lab_file(const struct build *build, const char *source,
	const char *object, const char *const *flags, struct error *error)
{
	struct arguments arguments = {0};
	char *compiler = find_tool(build->compiler);
	char *include = path_of("include");
	char *path = text_format("%s/checks/%s", build->lab->folder, source);

	arguments_add(&arguments, compiler);
	for (; *flags; flags++)
		arguments_add(&arguments, *flags);
	arguments_format(&arguments, "-I%s/include", build->lab->folder);
	arguments_format(&arguments, "-I%s", include);
	arguments_format(&arguments, "-ffile-prefix-map=%s/=", build->lab->folder);
	arguments_add(&arguments, path);
	arguments_add(&arguments, "-o");
	arguments_format(&arguments, "%s/%s", build->lab_folder, object);
	int status = run_for_lab(&arguments, path, error);
	free(path);
	free(include);
	free(compiler);
	return status;
}

/* What a student's compile may read lies in one folder, so that the box needs to let in
 * nothing else, wherever interlock and the lab are installed: "include" (ours), "lab" (the
 * lab's headers), "lib", and "player.o", the lab's entries. */
static char *kit_path(const struct build *build, const char *below)
{
	return text_format("%s/kit%s%s", build->lab_folder, *below ? "/" : "", below);
}

static int fill_kit(const struct build *build, char *source, const char *below,
	int (*copy)(const char *from, const char *to, struct error *error),
	struct error *error)
{
	char *target = kit_path(build, below);
	int status = copy(source, target, error);

	free(target);
	free(source);
	return status;
}

static int make_kit(const struct build *build, struct error *error)
{
	static const char *const ours[] = {
		"include/mp", "include/interlock", "lib/interlock"};
	char *library = kit_path(build, "lib");
	char *include = kit_path(build, "include");
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

int build_lab(const struct build *build, struct error *error)
{
	static const char *const shared[] = {
		"-std=gnu11", "-O1", "-gdwarf-4", "-fPIC", "-shared", NULL};
	/* Its variables lie in frames, where the explorer finds names for what is shared. */
	static const char *const object[] = {
		"-std=gnu11", "-O0", "-fno-omit-frame-pointer", "-gdwarf-4", "-c", NULL};

	if (make_kit(build, error) ||
		build_lab_file(build, "checks.c", "checks.so", shared, error) ||
		build_lab_file(build, "player.c", "kit/player.o", object, error))
		return -1;
	return 0;
}

/* Runs a tool in the box, on the student's files. What it prints goes to outcome; whether
 * it succeeded is *succeeded. */
static int run_for_student(const struct build *build, struct arguments *arguments,
	struct build_outcome *outcome, char **output, struct error *error)
{
	char *kit = kit_path(build, "");
	struct box_bind binds[] = {{kit, false}};
	struct box_options options = {
		.argv = (const char *const *)arguments->list,
		.work_dir = build->folder,
		.binds = binds,
		.bind_count = sizeof(binds) / sizeof(*binds),
		.limits = {.cpu_seconds = 20,
			.memory_bytes = 1LL << 30,
			.output_bytes = 256 << 10},
		.tier = build->tier,
		.trusted = build->trusted,
		.without = build->without & GUARD_COMPILER
				   ? BOX_LAYERS_ALL & ~(unsigned)BOX_LAYER_PROCESSES
				   : 0,
	};
	struct box_result result;
	int status = box_run(&options, &result, error);

	if (status == 0) {
		if (result.status.limit != BOX_LIMIT_NONE)
			outcome->complaint =
				text_format("the compiler was ended: it used too much %s",
					box_limit_name(result.status.limit));
		else if (result.status.signalled || result.status.code != 0)
			outcome->complaint = text_copy("");
		*output = text_copy(result.output);
	}
	box_result_release(&result);
	free(kit);
	return status;
}

/* Takes the folder's path out of a text: it is a temporary one and means nothing. */
static void shorten(char *text, const char *folder)
{
	size_t length = strlen(folder) + 1;

	for (char *found = strstr(text, folder); found; found = strstr(found, folder))
		if (found[length - 1] == '/')
			memmove(found, found + length, strlen(found + length) + 1);
		else
			found++;
}

/* A stage of the build: runs, and keeps what was printed if it matters to the student. */
static int step(const struct build *build, struct arguments *arguments,
	struct build_outcome *outcome, struct error *error)
{
	char *output = NULL;
	int status = run_for_student(build, arguments, outcome, &output, error);

	if (output && *output) {
		char *kit = kit_path(build, "");
		shorten(output, kit);
		text_replace(&outcome->diagnostics, "%s%s",
			outcome->diagnostics ? outcome->diagnostics : "", output);
		free(kit);
	}
	free(output);
	arguments_release(arguments);
	return status;
}

/* The name with another ending. */
static char *ending_in(const char *source, const char *ending)
{
	const char *dot = strrchr(source, '.');

	return text_format("%.*s%s", dot ? (int)(dot - source) : (int)strlen(source),
		source, ending);
}

static bool is_source(const char *file)
{
	const char *dot = strrchr(file, '.');

	return dot && strcmp(dot, ".c") == 0;
}

static void add_sources(
	struct arguments *arguments, const struct lab *lab, bool as_objects)
{
	for (unsigned i = 0; i < lab->files_count; i++) {
		if (!is_source(lab->files[i]))
			continue;
		char *name = as_objects ? ending_in(lab->files[i], ".o")
					: text_copy(lab->files[i]);
		arguments_add(arguments, name);
		free(name);
	}
}

static void add_all(struct arguments *arguments, const char *const *list)
{
	for (; *list; list++)
		arguments_add(arguments, *list);
}

/* What is judged in one build must not be another program in the next. */
static const char *const same_macros[] = {"-U__OPTIMIZE__", "-U__NO_INLINE__",
	"-U__SANITIZE_THREAD__", "-U__PIC__", "-U__pic__", "-U__PIE__", "-U__pie__",
	"-pthread", NULL};

static int compile(const struct build *build, enum build_variant variant,
	struct build_outcome *outcome, struct error *error)
{
	struct arguments arguments = {0};
	char *compiler = find_tool(build->compiler);
	char *include = kit_path(build, "include");
	char *lab = kit_path(build, "lab");

	arguments_add(&arguments, compiler);
	arguments_add(&arguments, "-std=gnu11");
	/* Debian 12's valgrind cannot read the newer format as clang writes it. */
	arguments_add(&arguments, "-gdwarf-4");
	arguments_add(&arguments, "-Wall");
	arguments_add(&arguments, "-Wextra");
	if (!(build->without & GUARD_MACROS))
		add_all(&arguments, same_macros);
	add_all(&arguments, variants[variant].compile);
	if (variant == BUILD_EXPLORE)
		add_all(&arguments, instrument_flags(build->compiler));
	/* To be looked at; the student's own diagnostics come from the first build. */
	if (variant != BUILD_FORK)
		arguments_add(&arguments, "-save-temps");
	arguments_format(&arguments, "-I%s", lab);
	arguments_format(&arguments, "-I%s", include);
	arguments_add(&arguments, "-c");
	add_sources(&arguments, build->lab, false);
	free(lab);
	free(include);
	free(compiler);
	return step(build, &arguments, outcome, error);
}

/* A compiler that fails and names no place in a file was not stopped by the student's code. */
static int explain_compile(struct build_outcome *outcome, struct error *error)
{
	const char *said = outcome->diagnostics ? outcome->diagnostics : "";
	struct diagnostic first;

	if (!outcome->complaint || *outcome->complaint)
		return 0;
	if (diagnostics_compiler_crashed(said)) {
		text_replace(&outcome->complaint,
			"the compiler was ended, or crashed, over these files");
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

/* What the preprocessor made of one file. */
static int check_source(const struct build *build, const char *file,
	struct build_outcome *outcome, struct error *error)
{
	char *name = ending_in(file, ".i");
	char *path = path_join(build->folder, name);
	char *preprocessed = file_read(path, 256 << 20, NULL, error);

	if (preprocessed)
		outcome->complaint = source_complaint(file, preprocessed);
	int status = preprocessed ? 0 : -1;
	free(preprocessed);
	free(path);
	free(name);
	return status;
}

/* Looks at what the compiler left on its way, where others than the student watch. */
static int check_sources(const struct build *build, enum build_variant variant,
	struct build_outcome *outcome, struct error *error)
{
	const struct lab *lab = build->lab;
	int status = 0;

	if (variant == BUILD_FORK || build->without & GUARD_SOURCE)
		return 0;
	for (unsigned i = 0; status == 0 && !outcome->complaint && i < lab->files_count;
		i++)
		if (is_source(lab->files[i]))
			status = check_source(build, lab->files[i], outcome, error);
	return status;
}

/* Makes the student's objects into one, in which only the interface can be seen. */
static int join_objects(
	const struct build *build, struct build_outcome *outcome, struct error *error)
{
	struct arguments join = {0};
	struct arguments hide = {0};

	arguments_add(&join, "/usr/bin/ld");
	arguments_add(&join, "-r");
	arguments_add(&join, "-d"); /* common variables have a size like others */
	arguments_add(&join, "-o");
	arguments_add(&join, "student.o");
	add_sources(&join, build->lab, true);
	if (step(build, &join, outcome, error))
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
	return step(build, &hide, outcome, error);
}

/* What a tool says of the student's object; the caller frees it. NULL if it was not to be
 * had. */
static char *inspect(const struct build *build, const char *tool, const char *option,
	struct build_outcome *outcome, struct error *error)
{
	struct arguments arguments = {0};
	char *output = NULL;

	arguments_add(&arguments, tool);
	arguments_add(&arguments, option);
	arguments_add(&arguments, "student.o");
	int status = run_for_student(build, &arguments, outcome, &output, error);
	arguments_release(&arguments);
	if (status == 0 && outcome->complaint)
		text_replace(&outcome->complaint, "the object file cannot be read");
	return status ? NULL : output;
}

static int check_code(
	const struct build *build, struct build_outcome *outcome, struct error *error)
{
	char *path = path_join(build->folder, "student.o");
	size_t size = 0;
	char *object = file_read(path, 256 << 20, &size, error);

	int status = object ? 0 : -1;

	if (object)
		outcome->complaint = requests_complaint(object, size);
	free(path);
	free(object);
	return status;
}

static int check_symbols(
	const struct build *build, struct build_outcome *outcome, struct error *error)
{
	char *symbols = inspect(build, "/usr/bin/nm", "--format=posix", outcome, error);

	if (symbols && !outcome->complaint)
		outcome->complaint = symbols_complaint(build->lab, symbols);
	int status = symbols ? 0 : -1;
	free(symbols);
	return status;
}

static int check_sections(const struct build *build, bool instrumented,
	struct build_outcome *outcome, struct error *error)
{
	char *sections = inspect(build, "/usr/bin/objdump", "-hw", outcome, error);

	if (sections && !outcome->complaint)
		outcome->complaint =
			sections_complaint(build->lab, instrumented, sections);
	int status = sections ? 0 : -1;
	free(sections);
	return status;
}

/* The instrumentation of explore's build looks like what is refused. */
static int check_object(const struct build *build, enum build_variant variant,
	struct build_outcome *outcome, struct error *error)
{
	bool instrumented = variant == BUILD_EXPLORE;
	int status = 0;

	if (build->without & GUARD_SYMBOLS)
		return 0;
	if (!instrumented)
		status = check_symbols(build, outcome, error);
	if (status == 0 && !outcome->complaint)
		status = check_sections(build, instrumented, outcome, error);
	if (status == 0 && !outcome->complaint && !instrumented)
		status = check_code(build, outcome, error);
	return status;
}

static int link_player(const struct build *build, enum build_variant variant,
	struct build_outcome *outcome, struct error *error)
{
	struct arguments arguments = {0};
	char *compiler = find_tool(build->compiler);
	char *library = kit_path(build, variants[variant].library);
	char *player = kit_path(build, "lib/interlock/player.o");
	char *entries = kit_path(build, "player.o");

	arguments_add(&arguments, compiler);
	arguments_add(&arguments, "-o");
	arguments_add(&arguments, variants[variant].program);
	arguments_add(&arguments, "student.o");
	arguments_add(&arguments, entries);
	arguments_add(&arguments, player);
	arguments_add(&arguments, library);
	arguments_add(&arguments, "-pthread");
	arguments_add(&arguments, "-lm");
	if (variant == BUILD_EXPLORE) {
		char *runtime = kit_path(build, "lib/interlock/explore.o");
		arguments_add(&arguments, runtime);
		add_all(&arguments, instrument_link_flags());
		free(runtime);
	}
	free(entries);
	free(player);
	free(library);
	free(compiler);
	return step(build, &arguments, outcome, error);
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

int build_player(const struct build *build, enum build_variant variant,
	struct build_outcome *outcome, struct error *error)
{
	*outcome = (struct build_outcome){0};
	if (compile(build, variant, outcome, error) || explain_compile(outcome, error))
		return -1;
	if (outcome->complaint)
		return 0;
	if (check_sources(build, variant, outcome, error) ||
		(!outcome->complaint && join_objects(build, outcome, error)))
		return -1;
	if (!outcome->complaint && check_object(build, variant, outcome, error))
		return -1;
	if (!outcome->complaint && link_player(build, variant, outcome, error))
		return -1;
	explain_link(outcome);
	return 0;
}

char *build_toolchain(const struct build *build)
{
	char *compiler = find_tool(build->compiler);
	const char *const argv[] = {compiler, "--version", NULL};
	struct box_options options = {.argv = argv, .trusted = true};
	struct box_result result;
	struct error error;
	char *line = NULL;

	if (box_run(&options, &result, &error) == 0) {
		result.output[strcspn(result.output, "\n")] = '\0';
		line = text_copy(result.output);
		box_result_release(&result);
	}
	free(compiler);
	return line;
}
