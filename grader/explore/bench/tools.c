/* SPDX-License-Identifier: MIT */
#include "explore/bench/tools.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/temporary.h"
#include "explore/bench/probe.h"
#include "explore/bench/trial.h"

#include <stdlib.h>
#include <string.h>

enum { COMPILE_MS = 60000, RUN_MS = 10000, WORDS_MOST = 32 };

const char *const tool_names[TOOL_COUNT] = {
	"explore", "helgrind", "DRD", "TSan", "plain runs"};

static int compile(const struct corpus_program *program, const char *level,
	const char *instrument, const char *executable, struct finding *finding,
	struct error *error)
{
	const char *argv[WORDS_MOST] = {
		"gcc", "-std=c11", "-g", "-pthread", level, "-o", executable, instrument};
	struct trial trial;
	char *words = NULL;

	corpus_arguments(program, argv, WORDS_MOST, &words);
	int status = trial_run(argv, COMPILE_MS, &trial, error);
	if (status == 0) {
		finding->ms += trial.ms;
		if (!trial_passed(&trial))
			status = error_set(error, "compiling %s: %.400s", program->name,
				trial.output);
		trial_release(&trial);
	}
	free(words);
	return status;
}

/* Whether valgrind counts an error in any of the processes that it followed. */
static bool counts_errors(const char *output)
{
	static const char summary[] = "ERROR SUMMARY: ";

	for (const char *at = output; (at = strstr(at, summary));)
		if (strtol(at += strlen(summary), NULL, 10) > 0)
			return true;
	return false;
}

static bool tells(enum tool tool, const struct trial *trial)
{
	if (tool == TOOL_TSAN)
		return strstr(trial->output, "WARNING: ThreadSanitizer") != NULL;
	return tool != TOOL_PLAIN && counts_errors(trial->output);
}

/* TSan of this gcc cannot live with all that address randomisation does: setarch -R. */
static int run_once(enum tool tool, const char *executable, struct finding *finding,
	struct error *error)
{
	const char *const commands[TOOL_COUNT][5] = {
		[TOOL_HELGRIND] = {"valgrind", "--tool=helgrind", "--fair-sched=try",
			executable, NULL},
		[TOOL_DRD] = {"valgrind", "--tool=drd", "--fair-sched=try", executable,
			NULL},
		[TOOL_TSAN] = {"setarch", "-R", executable, NULL},
		[TOOL_PLAIN] = {executable, NULL},
	};
	struct trial trial;

	if (trial_run(commands[tool], RUN_MS, &trial, error))
		return -1;
	finding->ms += trial.ms;
	finding->reported = tells(tool, &trial);
	finding->failed = !finding->reported && !trial_passed(&trial);
	trial_release(&trial);
	return 0;
}

static int try_program(enum tool tool, const struct corpus_program *program,
	int plain_runs, const char *executable, struct finding *finding,
	struct error *error)
{
	int runs = tool == TOOL_PLAIN ? plain_runs : 1;

	if (compile(program, tool == TOOL_PLAIN ? "-O2" : "-O1",
		    tool == TOOL_TSAN ? "-fsanitize=thread" : NULL, executable, finding,
		    error))
		return -1;
	for (int run = 0; run < runs && !finding->reported && !finding->failed; run++)
		if (run_once(tool, executable, finding, error))
			return error_context(
				error, "%s on %s", tool_names[tool], program->name);
	return 0;
}

static int try_explore(const struct corpus_program *program, struct finding *finding,
	struct error *error)
{
	static const char *const none[] = {NULL};
	struct probe probe;

	if (probe_run(program, none, &probe, error))
		return -1;
	finding->ms = probe.ms;
	finding->reported = probe.code == 1;
	for (int i = 0; i < probe.kinds_count; i++)
		if (!corpus_allows(program, probe.kinds[i]))
			finding->wrong = true;
	probe_release(&probe);
	return 0;
}

int tool_try(enum tool tool, const struct corpus_program *program, int plain_runs,
	struct finding *finding, struct error *error)
{
	*finding = (struct finding){0};
	if (tool == TOOL_EXPLORE)
		return try_explore(program, finding, error);
	char *folder = folder_make_temporary(error);
	if (!folder)
		return -1;
	char *executable = path_join(folder, "program");
	struct error leftover;
	int status = try_program(tool, program, plain_runs, executable, finding, error);
	if (folder_remove(folder, status ? &leftover : error))
		status = -1;
	free(executable);
	free(folder);
	return status;
}
