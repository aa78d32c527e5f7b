/* SPDX-License-Identifier: MIT */
#include "explore/bench/probe.h"

#include "base/memory.h"
#include "base/paths.h"
#include "explore/bench/trial.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* A guard against a hang of ours, no budget: budgets count executions. */
enum { TIMEOUT_MS = 300000, WORDS_MOST = 32 };

/* Where the JSON begins: what the program itself wrote may stand before it. */
static json_t *find_report(const char *output, json_error_t *problem)
{
	const char *start = strstr(output, "{\n");

	if (!start)
		start = strchr(output, '{');
	return json_loads(start ? start : output, JSON_DISABLE_EOF_CHECK, problem);
}

static int read_report(const json_t *report, struct probe *probe, struct error *error)
{
	const json_t *defects = json_object_get(report, "defects");
	const json_t *executions = json_object_get(report, "executions");
	const json_t *steps = json_object_get(report, "steps");
	const json_t *coverage = json_object_get(report, "coverage");
	size_t index;
	const json_t *defect;

	if (!json_is_array(defects) || !json_is_integer(executions) ||
		!json_is_integer(steps) || !json_is_string(coverage))
		return error_set(
			error, "its report lacks defects, executions, steps or coverage");
	probe->executions = (long)json_integer_value(executions);
	probe->steps = json_integer_value(steps);
	probe->coverage = text_copy(json_string_value(coverage));
	json_array_foreach (defects, index, defect) {
		const json_t *kind = json_object_get(defect, "kind");
		const json_t *execution = json_object_get(defect, "execution");
		if (!json_is_string(kind) || !json_is_integer(execution))
			return error_set(error, "a defect in its report lacks a kind");
		if (index == 0)
			probe->first = (long)json_integer_value(execution);
		if (probe->kinds_count < PROBE_KINDS_MOST)
			probe->kinds[probe->kinds_count++] =
				text_copy(json_string_value(kind));
	}
	return 0;
}

static int read_trial(const struct trial *trial, struct probe *probe, struct error *error)
{
	json_error_t problem;

	if (trial->timed_out)
		return error_set(error, "it did not end in %d s", TIMEOUT_MS / 1000);
	if (trial->signal)
		return error_set(error, "signal %d ended it", trial->signal);
	if (trial->code > 1)
		return error_set(error, "it could not run (%d): %.400s", trial->code,
			trial->output);
	json_t *report = find_report(trial->output, &problem);
	if (!report)
		return error_set(error, "its report is no JSON (line %d: %s)",
			problem.line, problem.text);
	int status = read_report(report, probe, error);
	json_decref(report);
	return status;
}

int probe_run(const struct corpus_program *program, const char *const options[],
	struct probe *probe, struct error *error)
{
	char *interlock = path_of("interlock");
	const char *argv[WORDS_MOST] = {interlock, "explore", "--json"};
	struct trial trial;
	char *words = NULL;
	int count = 3;

	*probe = (struct probe){0};
	const char *compiler = getenv("INTERLOCK_COMPILER");
	if (compiler) {
		argv[count++] = "--cc";
		argv[count++] = compiler;
	}
	for (int i = 0; options[i] && count < WORDS_MOST - 1; i++)
		argv[count++] = options[i];
	corpus_arguments(program, argv, WORDS_MOST, &words);
	int status = trial_run(argv, TIMEOUT_MS, &trial, error);
	if (status == 0) {
		probe->code = trial.code;
		probe->ms = trial.ms;
		status = read_trial(&trial, probe, error);
		trial_release(&trial);
	}
	if (status) {
		probe_release(probe);
		error_context(error, "exploring %s", program->name);
	}
	free(words);
	free(interlock);
	return status;
}

void probe_release(struct probe *probe)
{
	for (int i = 0; i < probe->kinds_count; i++)
		free(probe->kinds[i]);
	free(probe->coverage);
	*probe = (struct probe){0};
}
