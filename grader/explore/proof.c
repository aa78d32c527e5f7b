/* SPDX-License-Identifier: MIT */
/*
 * From a finding to a witness that is believed: the schedules with no more preemptions are
 * searched for the same defect, the plainest first; then deviations from the order of the
 * tasks are left out one at a time, and what remains is replayed. A livelock that the search
 * has read off its states is proved by going round.
 */
#include "explore/engine.h"

#include <stdio.h>
#include <string.h>

enum {
	REPLAYS = 3,
	SHRINK_SEARCH = 1000,
	SHRINK_STARTS = 8000,
	SHRINK_TRIES = 300,
	SHRINK_STEPS = 2000000, /* what never ends is not made much shorter */
};

static bool shrunk_enough(const struct explorer *explorer)
{
	return explorer->shrink_steps >= SHRINK_STEPS;
}

/* The same places are steps as in the finding's witness. */
void proof_as_witness(struct explorer *explorer)
{
	const struct finding *finding = &explorer->findings[explorer->main_finding];
	explorer->request.racy_count = finding->racy_count;
	explorer->request.every_release = finding->every_release;
	explorer->request.every_turn = finding->every_turn;
	explorer->request.rc11 = finding->rc11;
	explorer->request.every_access = finding->every_access;
}

void proof_confirm(struct explorer *explorer)
{
	explorer->phase = PHASE_CONFIRM;
	explorer->replays = 0;
	schedule_of_trace(
		&explorer->kept, &explorer->findings[explorer->main_finding].trace);
}

void proof_drop(struct explorer *explorer)
{
	explorer->phase = PHASE_DROP;
	explorer->shrink_steps = 0;
	explorer->shrink_tries = 0;
	explorer->drop_at = UINT32_MAX;
}

void proof_shrink(struct explorer *explorer)
{
	struct finding *finding = &explorer->findings[explorer->main_finding];
	finding->fewest = !finding->preemptions;
	if (explorer->options.without_states) {
		proof_confirm(explorer);
		return;
	}
	explorer->phase = PHASE_SHRINK_SEARCH;
	explorer->shrink_steps = 0;
	explorer->shrink_tries = explorer->shrink_starts = 0;
	if (explorer->crew)
		crew_forget(explorer->crew);
	search_free(explorer->shrink_search);
	explorer->shrink_search = search_new(finding->preemptions, false);
}

/* None of the schedules with fewer preemptions shows it. */
void proof_search_over(struct explorer *explorer)
{
	struct finding *finding = &explorer->findings[explorer->main_finding];
	uint32_t completed = search_completed(explorer->shrink_search);
	if (completed != SEARCH_NONE && completed + 1 >= finding->preemptions)
		finding->fewest = true;
	proof_drop(explorer);
}

/* The tasks can go round for ever. Whether they do is seen when the schedule is run. */
bool proof_start_livelock(struct explorer *explorer)
{
	uint32_t wanted = DETECT(DEFECT_LIVELOCK) | DETECT_CYCLES;
	if (explorer->phase != PHASE_SEARCH ||
		(explorer->options.detect & wanted) != wanted ||
		!search_livelock(explorer->search, CYCLE_TURNS, &explorer->kept,
			&explorer->cycle_from, &explorer->cycle_length))
		return false;
	explorer->main_finding = 0;
	explorer->findings_count = 1;
	explorer->findings[0] = (struct finding){.defect = {.kind = DEFECT_LIVELOCK},
		.execution = explorer->executions,
		.racy_count = explorer->racy_count,
		.every_release = explorer->every_release,
		.every_turn = explorer->every_turn,
		.rc11 = explorer->rc11,
		.every_access = explorer->options.every_access,
		.detect = explorer->options.detect,
		.in_search = true};
	explorer->phase = PHASE_CONFIRM;
	explorer->replays = 0;
	return true;
}

/* A smaller witness has turned up. */
static void keep_smaller(struct explorer *explorer)
{
	struct finding *finding = &explorer->findings[explorer->main_finding];
	finding_keep_witness(explorer, finding);
	for (uint32_t i = 0; i < explorer->trace.result.defects; i++)
		if (explorer->trace.defects[i].kind == finding->defect.kind &&
			(defect_gravity(finding->defect.kind) >= 3 ||
				explorer->trace.defects[i].pc == finding->defect.pc)) {
			finding->defect = explorer->trace.defects[i];
			break;
		}
}

void proof_after_search(struct explorer *explorer)
{
	struct finding *finding = &explorer->findings[explorer->main_finding];
	explorer->shrink_tries++;
	explorer->shrink_starts += explorer->trace.result.tasks;
	if (trace_shows(&explorer->trace, &finding->defect)) {
		keep_smaller(explorer);
		finding->fewest = true;
		proof_drop(explorer);
		return;
	}
	search_learn(explorer->shrink_search, &explorer->trace);
}

/* Another task goes on than the one whose turn it is: the same, or else the next in order. */
static bool deviates(const struct step *step)
{
	if (step->enabled_count < 2 || step->task == step->previous)
		return step->flags & FLAG_EARLY;
	if (step_is_preemption(step))
		return true;
	for (uint32_t i = 0; i < 64; i++) {
		uint32_t task = (step->previous + i) % 64;
		if (step->enabled >> task & 1 &&
			!(i == 0 && !step_kind_picks(step->kind)))
			return task != step->task;
	}
	return true;
}

static uint32_t deviations(const struct trace *trace)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < trace->result.steps; i++)
		count += deviates(&trace->steps[i]);
	return count;
}

static bool is_smaller(const struct trace *trace, const struct trace *than)
{
	uint32_t preemptions = trace_preemptions(trace), most = trace_preemptions(than);
	if (preemptions != most)
		return preemptions < most;
	if (trace->result.steps != than->result.steps)
		return trace->result.steps < than->result.steps;
	return deviations(trace) < deviations(than);
}

void proof_after_drop(struct explorer *explorer)
{
	struct finding *finding = &explorer->findings[explorer->main_finding];
	explorer->shrink_tries++;
	if (trace_shows(&explorer->trace, &finding->defect) &&
		is_smaller(&explorer->trace, &finding->trace)) {
		keep_smaller(explorer);
		explorer->drop_at = UINT32_MAX; /* again from the end */
	}
}

static void note_waiting(struct defect *defect, const struct step *step)
{
	for (int i = 0; i < defect->waiting_count; i++)
		if (defect->waiting[i] == step->task)
			return;
	if (defect->waiting_count >= 16)
		return;
	memcpy(defect->waiting_callers[defect->waiting_count], step->callers,
		sizeof step->callers);
	defect->waiting[defect->waiting_count] = step->task;
	defect->waiting_kind[defect->waiting_count] = step->kind;
	defect->waiting_pc[defect->waiting_count++] = step->pc;
}

/* The run went round as planned: that is the defect, and one turn is the witness. */
static void add_livelock(struct explorer *explorer)
{
	struct trace *trace = &explorer->trace;
	uint32_t from = explorer->cycle_from, length = explorer->cycle_length;
	if (!trace_repeats(trace, from, length, CYCLE_TURNS))
		return;
	const struct step *first = &trace->steps[from];
	struct defect *defect = &trace->defects[trace->result.defects++];
	*defect = (struct defect){.kind = DEFECT_LIVELOCK,
		.task = first->task,
		.step = from,
		.pc = first->pc};
	memcpy(defect->callers, first->callers, sizeof defect->callers);
	for (uint32_t i = from; i < from + length; i++)
		if (trace->steps[i].effects & EFFECT_CHANGED)
			note_waiting(defect, &trace->steps[i]);
	snprintf(defect->text, sizeof defect->text,
		"the tasks keep undoing each other's steps: %u steps that can go on for "
		"ever",
		length);
	trace->result.steps = from + length;
	explorer->findings[explorer->main_finding].repeats_from = from;
}

/* A witness that was given does not fit, or what was taken for a cycle is none. */
static void give_up_witness(struct explorer *explorer)
{
	explorer->findings_count = 0;
	explorer->main_finding = -1;
	explorer->phase = PHASE_DONE;
}

void proof_after_confirm(struct explorer *explorer)
{
	if (explorer->cycle_length)
		add_livelock(explorer);
	struct finding *finding = &explorer->findings[explorer->main_finding];
	const struct trace *trace = &explorer->trace;
	bool doubtful = explorer->cycle_length && !explorer->replays;
	if ((explorer->replaying || doubtful) && !trace_shows(trace, &finding->defect)) {
		give_up_witness(explorer);
		return;
	}
	if (!trace_shows(trace, &finding->defect) ||
		(explorer->replays > 0 && !trace_equal(trace, &finding->trace)))
		snprintf(explorer->divergence, sizeof explorer->divergence, "%s",
			"a replay of the witness went another way");
	trace_copy(&finding->trace, trace);
	finding->preemptions = trace_preemptions(trace);
	for (uint32_t i = 0; i < trace->result.defects; i++)
		if (trace->defects[i].kind == finding->defect.kind &&
			(!finding->defect.pc ||
				trace->defects[i].pc == finding->defect.pc))
			finding->defect = trace->defects[i];
	if (++explorer->replays >= REPLAYS || explorer->replaying ||
		explorer->divergence[0])
		explorer->phase = PHASE_DONE;
}

/* The finding's schedule without one of its deviations, from the last to the first. */
bool proof_plan_drop(struct explorer *explorer)
{
	const struct trace *trace = &explorer->findings[explorer->main_finding].trace;
	if (explorer->shrink_tries >= SHRINK_TRIES || shrunk_enough(explorer))
		return false;
	uint32_t at = explorer->drop_at < trace->result.steps ? explorer->drop_at
							      : trace->result.steps;
	while (at-- > 0)
		if (deviates(&trace->steps[at]))
			break;
	if (at == UINT32_MAX)
		return false;
	explorer->drop_at = at;
	schedule_clear(&explorer->schedule);
	for (uint32_t i = 0; i < trace->result.steps; i++) {
		const struct step *step = &trace->steps[i];
		if (i != at && step->enabled_count > 1 &&
			(step->task != step->previous || step->flags & FLAG_EARLY))
			schedule_set(&explorer->schedule, i, step->task);
	}
	explorer->request.strategy = STRATEGY_FIRST;
	explorer->request.lenient = 1;
	explorer->request.report_known = 1;
	proof_as_witness(explorer);
	return true;
}

/* Starting tasks is what an execution of many of them costs. */
bool proof_search_goes_on(const struct explorer *explorer)
{
	return explorer->shrink_tries < SHRINK_SEARCH &&
	       explorer->shrink_starts < SHRINK_STARTS && !shrunk_enough(explorer);
}
