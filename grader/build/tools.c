/* SPDX-License-Identifier: MIT */
#include "build/tools.h"

#include "base/memory.h"
#include "build/branches.h"
#include "build/instrument.h"

#include <stdlib.h>
#include <string.h>

/* What differs between the ways of building a player. */
struct variant {
	const char *place;	      /* the folder below the submission's */
	const char *const compile[2]; /* flags for the student's files */
	const char *library;	      /* below the kit */
};

static const struct variant variants[BUILD_VARIANTS] = {
	[BUILD_FORK] = {"fork", {"-O2"}, "lib/libmp.a"},
	[BUILD_THREADS] = {"threads", {"-O2"}, "lib/interlock/libmp-threads.a"},
	[BUILD_EXPLORE] = {"explore", {NULL}, "lib/interlock/libmp-explore.a"},
};

char *build_place(const char *folder, enum build_variant variant)
{
	return text_format("%s/%s", folder, variants[variant].place);
}

const char *tools_library(enum build_variant variant)
{
	return variants[variant].library;
}

/* The box looks up no PATH. */
char *tools_find(const char *name)
{
	return name[0] == '/' ? text_copy(name) : text_format("/usr/bin/%s", name);
}

char *tools_kit(const struct build *build, const char *below)
{
	return text_format("%s/kit%s%s", build->lab_folder, *below ? "/" : "", below);
}

/* Runs a tool in the box, on the student's files, in a folder. That it failed is an empty
 * complaint, for others to put into words. */
static int run(const struct build *build, const char *place, struct arguments *arguments,
	long output_kb, struct build_outcome *outcome, char **output, struct error *error)
{
	char *kit = tools_kit(build, "");
	struct box_bind binds[] = {{kit, false}};
	struct box_options options = {
		.argv = (const char *const *)arguments->list,
		.work_dir = place,
		.binds = binds,
		.bind_count = sizeof(binds) / sizeof(*binds),
		.limits = {.cpu_seconds = 20,
			.memory_bytes = 1LL << 30,
			.output_bytes = output_kb << 10},
		.tier = build->tier,
		.trusted = build->trusted,
		.without = build->without & GUARD_COMPILER
				   ? BOX_LAYERS_ALL & ~(unsigned)BOX_LAYER_PROCESSES
				   : 0,
	};
	struct box_result result;
	int status = box_run(&options, &result, error);

	if (status == 0 && build->spent_ms)
		*build->spent_ms += result.status.cpu_ms;
	if (status == 0) {
		if (result.status.limit != BOX_LIMIT_NONE)
			outcome->complaint =
				text_format("the compiler was ended: it used too much %s",
					box_limit_name(result.status.limit));
		else if (result.status.signalled || result.status.code != 0) {
			outcome->complaint = text_copy("");
			outcome->exit_code = result.status.signalled
						     ? 128 + result.status.code
						     : result.status.code;
		}
		*output = text_copy(result.output);
	}
	box_result_release(&result);
	free(kit);
	return status;
}

int tools_run(const struct build *build, const char *place, struct arguments *arguments,
	struct build_outcome *outcome, char **output, struct error *error)
{
	return run(build, place, arguments, 256, outcome, output, error);
}

char *tools_inspect(const struct build *build, const char *place, const char *const *argv,
	struct build_outcome *outcome, struct error *error)
{
	struct arguments arguments = {0};
	char *output = NULL;

	tools_add_all(&arguments, argv);
	int status = run(build, place, &arguments, 64 << 10, outcome, &output, error);
	arguments_release(&arguments);
	if (status == 0 && outcome->complaint)
		text_replace(&outcome->complaint, "the object file cannot be read");
	if (status == 0)
		return output;
	free(output);
	return NULL;
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
int tools_step(const struct build *build, const char *place, struct arguments *arguments,
	struct build_outcome *outcome, struct error *error)
{
	char *output = NULL;
	int status = tools_run(build, place, arguments, outcome, &output, error);

	if (output && *output) {
		char *kit = tools_kit(build, "");
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
char *tools_ending_in(const char *source, const char *ending)
{
	const char *dot = strrchr(source, '.');

	return text_format("%.*s%s", dot ? (int)(dot - source) : (int)strlen(source),
		source, ending);
}

bool tools_is_source(const char *file)
{
	const char *dot = strrchr(file, '.');

	return dot && strcmp(dot, ".c") == 0;
}

void tools_add_sources(
	struct arguments *arguments, const struct lab *lab, const char *ending)
{
	for (unsigned i = 0; i < lab->files_count; i++) {
		if (!tools_is_source(lab->files[i]))
			continue;
		char *name = tools_ending_in(lab->files[i], ending);
		arguments_add(arguments, name);
		free(name);
	}
}

void tools_add_all(struct arguments *arguments, const char *const *list)
{
	for (; *list; list++)
		arguments_add(arguments, *list);
}

void tools_add_variant(struct arguments *arguments, const struct build *build,
	enum build_variant variant)
{
	tools_add_all(arguments, variants[variant].compile);
	if (variant == BUILD_EXPLORE)
		tools_add_all(arguments, instrument_flags(build->compiler));
	if (tools_guard_branches(build, variant))
		tools_add_all(arguments, branches_flags());
}

bool tools_guard_branches(const struct build *build, enum build_variant variant)
{
	return variant != BUILD_EXPLORE && branches_are_guarded(build->compiler) &&
	       !(build->without & (GUARD_BRANCHES | GUARD_SYMBOLS));
}

/* What headers ask of the compiler is the same for all builds. */
static const char *const same_macros[] = {"-U__OPTIMIZE__", "-U__NO_INLINE__",
	"-U__SANITIZE_THREAD__", "-U__PIC__", "-U__pic__", "-U__PIE__", "-U__pie__",
	"-pthread", NULL};

void tools_add_compiler(struct arguments *arguments, const struct build *build)
{
	char *compiler = tools_find(build->compiler);

	arguments_add(arguments, compiler);
	arguments_add(arguments, "-std=gnu11");
	free(compiler);
}

void tools_add_headers(struct arguments *arguments, const struct build *build)
{
	char *include = tools_kit(build, "include");
	char *lab = tools_kit(build, "lab");

	if (!(build->without & GUARD_MACROS))
		tools_add_all(arguments, same_macros);
	arguments_format(arguments, "-I%s", lab);
	arguments_format(arguments, "-I%s", include);
	free(lab);
	free(include);
}
