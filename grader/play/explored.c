/* SPDX-License-Identifier: MIT */
#include "play/explored.h"

#include "base/memory.h"
#include "explore/explore.h"
#include "explore/replay.h"
#include "explore/rungs.h"
#include "explore/symbols.h"
#include "explore/witness.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is left of 80 columns in a report. */
enum { LADDER_WIDTH = 72 };

struct explored {
	struct player *player;
	struct explorer *explorer;
	char full[64]; /* what the program has more of than can be followed; or "" */
};

int explored_detect(
	char *const *names, unsigned count, uint32_t *detect, struct error *error)
{
	*detect = DETECT(DEFECT_ASSERT) | DETECT(DEFECT_CRASH) | DETECT(DEFECT_DEADLOCK) |
		  DETECT(DEFECT_LIVELOCK) | DETECT(DEFECT_CRITERION);
	for (unsigned i = 0; i < count; i++) {
		uint32_t one = detect_named(names[i]);
		if (!one)
			return error_set(error, "explore knows no defect '%s'", names[i]);
		*detect |= one;
	}
	return 0;
}

static pid_t spawn(void *context, int memory_fd, int command_fd, struct error *error)
{
	return player_start_explored(context, memory_fd, command_fd, error);
}

struct explored *explored_new(struct player *player,
	const struct explored_options *options, struct error *error)
{
	struct explore_options explore = explore_defaults;

	explore.seed = options->seed;
	explore.budget = options->executions;
	explore.detect = options->detect;
	if (options->steps > 0)
		explore.max_steps = options->steps;
	explore.endless = true;
	struct explorer *explorer =
		options->witness
			? explorer_replaying(options->witness, spawn, player, error)
			: explorer_new(&explore, spawn, player, error);
	if (!explorer)
		return NULL;
	/* The plan, and what it came to; what processes share begins behind it. */
	explorer_guard(explorer, ARENA_ADDRESS, offsetof(struct arena, heap));
	struct explored *explored = memory_new(1, sizeof(*explored));
	explored->player = player;
	explored->explorer = explorer;
	return explored;
}

void explored_free(struct explored *explored)
{
	if (!explored)
		return;
	explorer_free(explored->explorer);
	free(explored);
}

bool explored_next(struct explored *explored)
{
	return explorer_next(explored->explorer);
}

bool explored_found(const struct explored *explored)
{
	uint32_t count = 0;

	explorer_findings(explored->explorer, &count);
	return count > 0;
}

static enum play_end end_of(const struct trace *trace)
{
	const struct defect *defect = trace->result.defects > 0
					      ? &trace->defects[trace->result.defects - 1]
					      : NULL;

	switch (defect ? defect->kind : DEFECT_NONE) {
	case DEFECT_DEADLOCK:
		return PLAY_STUCK;
	case DEFECT_LIVELOCK:
		return PLAY_SPUN;
	default:
		return PLAY_CRASHED;
	}
}

int explored_run(struct explored *explored, struct player_run *run, struct error *error)
{
	*run = (struct player_run){.end = PLAY_RETURNED, .process = -1};
	player_keep_plan(explored->player);
	if (explorer_run(explored->explorer, error))
		return -1;
	player_count_time(explored->player);
	const struct trace *trace = explorer_trace(explored->explorer);
	switch (trace->result.ending) {
	case ENDING_FINISHED:
		player_judge_processes(explored->player, run);
		return 0;
	case ENDING_DEFECT:
		run->end = end_of(trace);
		return 0;
	case ENDING_FULL:
	case ENDING_UNCOVERED:
		snprintf(explored->full, sizeof(explored->full), "%s",
			trace->result.limit);
		return 1;
	default:
		return 1;
	}
}

bool explored_time_jumped(const struct explored *explored)
{
	const struct trace *trace = explorer_trace(explored->explorer);

	for (uint32_t i = 0; i < trace->result.steps; i++)
		if (trace->steps[i].flags & FLAG_EARLY &&
			trace->steps[i].flags & FLAG_TIMED_OUT)
			return true;
	return false;
}

void explored_judge(struct explored *explored, bool failed, const char *reason)
{
	/* One that ended at a defect has said it all. */
	if (explorer_trace(explored->explorer)->result.ending == ENDING_FINISHED)
		explorer_judge(explored->explorer, failed, reason);
	else if (failed)
		explorer_tolerate(explored->explorer, 0);
}

void explored_tolerate(struct explored *explored)
{
	explorer_tolerate(
		explored->explorer, DETECT(DEFECT_DEADLOCK) | DETECT(DEFECT_LIVELOCK));
}

long explored_at_once(const struct explored *explored)
{
	struct coverage_report report;
	uint32_t now = explorer_trace(explored->explorer)->result.items_at_once;

	explorer_coverage(explored->explorer, &report);
	return now > report.items_at_once ? now : report.items_at_once;
}

bool explored_kept_busy(const struct explored *explored)
{
	return explorer_trace(explored->explorer)->result.kept_busy > 0;
}

static void describe_place(struct exploration *exploration, const struct finding *finding,
	struct symbols *symbols)
{
	struct place place;

	if (!defect_place(&finding->defect, symbols, &place))
		return;
	const char *slash = strrchr(place.file, '/');
	exploration->file = text_copy(slash ? slash + 1 : place.file);
	exploration->function = text_copy(place.function);
	exploration->line = place.line;
}

static void describe_finding(struct exploration *exploration,
	const struct explorer *explorer, const struct finding *finding,
	struct symbols *symbols)
{
	struct ladder *ladder = ladder_of(finding, symbols);
	struct buffer text = {0};

	exploration->found = true;
	exploration->by_check = finding->defect.kind == DEFECT_CRITERION;
	exploration->reason = text_copy(ladder->said[0]);
	/* What the check says itself stands in the report already. */
	if (exploration->by_check)
		ladder_unsay(ladder);
	ladder_said_text(&text, ladder, 0, LADDER_WIDTH);
	if (finding->trace.result.steps) {
		buffer_text(&text, text.length ? "\n" : "");
		ladder_text(&text, ladder, 0, LADDER_WIDTH);
		exploration->rungs = ladder_json(ladder);
	}
	exploration->ladder = buffer_take(&text);
	ladder_free(ladder);
	describe_place(exploration, finding, symbols);
	if (!finding->trace.result.steps)
		return; /* about all executions */
	json_t *json = witness_file_json(explorer, finding, symbols);
	exploration->witness = json_dumps(json, JSON_COMPACT);
	json_decref(json);
}

int explored_conclude(
	struct explored *explored, struct exploration *exploration, struct error *error)
{
	struct explorer *explorer = explored->explorer;
	const struct finding *finding = explorer_main_finding(explorer);
	struct coverage_report report;
	char sentence[512];

	*exploration = (struct exploration){0};
	if (explorer_divergence(explorer)[0])
		return error_set(error,
			"when a schedule is repeated it does not do the same again, so "
			"what it does depends on more than its input: on time, chance, "
			"addresses or memory that was never set (%s)",
			explorer_divergence(explorer));
	/* Nothing was seen in a search that such an execution cut short: that is no pass. */
	if (!finding && explored->full[0])
		return error_set(error,
			"it goes beyond what the explorer can follow (%s)",
			explored->full);
	explorer_coverage(explorer, &report);
	coverage_sentence(&report, sentence, sizeof(sentence));
	exploration->executions = (long)report.executions;
	exploration->coverage = text_copy(sentence);
	if (!finding)
		return 0;
	char *program = player_program_path(explored->player);
	struct symbols *symbols =
		symbols_new(program, explorer_load_bias(explorer), error);
	int status = symbols ? 0 : -1;

	if (symbols)
		describe_finding(exploration, explorer, finding, symbols);
	symbols_free(symbols);
	free(program);
	return status;
}

void exploration_release(struct exploration *exploration)
{
	free(exploration->reason);
	free(exploration->file);
	free(exploration->function);
	free(exploration->ladder);
	free(exploration->rungs);
	free(exploration->witness);
	free(exploration->coverage);
	*exploration = (struct exploration){0};
}
