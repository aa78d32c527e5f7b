/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. The explorer goes through phases; each call of explorer_next() closes
 * the execution before and plans the next one:
 *
 *	sampling    some runs by random strategies and reads-from targets, to find which
 *	            places race (they become steps) and what falls over easily; it ends
 *	            with a run in which there was nothing to choose;
 *	searching   schedules by growing number of preemptions, states seen before pruned;
 *	shrinking   what sampling found: searched for with fewer preemptions, then by leaving
 *	            out deviations one at a time;
 *	confirming  the witness is replayed three times, step by step.
 *
 * Sampling and searching end at the first defect that is not a mere race. A race alone is
 * looked at further, for a schedule in which it does harm: one whose final memory no
 * schedule without preemption leaves behind.
 */
#include "explore/engine.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Accesses after which no more is sampled: a program that computes a lot is searched at once. */
enum { RACE_SEARCH = 600, SAMPLE_ACCESSES = 1 << 26 };

const struct explore_options explore_defaults = {
	.budget = 100000,
	.samples = 100,
	.max_steps = 200000,
	.max_blocks = 1ull << 32,
	.step_budget = 40000000,
	.bound = EXPLORE_UNBOUNDED,
	.detect = DETECT_ALL,
	.strategy = -1,
};

struct explorer *explorer_new(const struct explore_options *options, server_spawn *spawn,
	void *context, struct error *error)
{
	struct explorer *explorer = memory_new(1, sizeof *explorer);
	explorer->options = *options;
	explorer->sampler = sampler_new(options->seed, options->strategy);
	explorer->search = search_new(options->bound, options->without_states);
	explorer->every_release = explorer->every_turn = options->every_access;
	explorer->main_finding = -1;
	if (server_start(&explorer->server, spawn, context, error)) {
		explorer_free(explorer);
		return NULL;
	}
	if (options->jobs > 1)
		explorer->crew = crew_new(&explorer->server, options->jobs);
	return explorer;
}

struct explorer *explorer_replaying(const struct witness *witness, server_spawn *spawn,
	void *context, struct error *error)
{
	struct explorer *explorer =
		explorer_new(&explore_defaults, spawn, context, error);
	if (!explorer)
		return NULL;
	explorer->replaying = true;
	if (witness->detect)
		explorer->options.detect = witness->detect;
	explorer->phase = PHASE_CONFIRM;
	explorer->racy_count = witness->racy_count;
	if (explorer->racy_count > RACY_MAX / 2)
		explorer->racy_count = RACY_MAX / 2;
	memcpy(explorer->racy, witness->racy, explorer->racy_count * sizeof(uint64_t));
	explorer->findings[0] =
		(struct finding){.defect = {.kind = (uint16_t)witness->kind},
			.execution = 1,
			.racy_count = explorer->racy_count,
			.every_release = witness->every_release,
			.every_turn = witness->every_turn,
			.rc11 = witness->rc11,
			.fewest = witness->fewest,
			.every_access = witness->every_access};
	explorer->findings_count = 1;
	explorer->main_finding = 0;
	schedule_copy(&explorer->kept, &witness->schedule);
	if (witness->repeats_from && witness->repeats_from < witness->schedule.length) {
		explorer->cycle_from = witness->repeats_from;
		explorer->cycle_length = witness->schedule.length - witness->repeats_from;
		schedule_repeat(&explorer->kept, explorer->cycle_from, CYCLE_TURNS);
	}
	return explorer;
}

void explorer_guard(struct explorer *explorer, uint64_t from, uint64_t size)
{
	explorer->guarded = from;
	explorer->guarded_size = size;
}

void explorer_free(struct explorer *explorer)
{
	if (!explorer)
		return;
	crew_free(explorer->crew);
	server_stop(&explorer->server);
	sampler_free(explorer->sampler);
	search_free(explorer->search);
	search_free(explorer->shrink_search);
	hash_set_release(&explorer->outcomes);
	hash_set_release(&explorer->outputs);
	trace_release(&explorer->trace);
	schedule_release(&explorer->schedule);
	schedule_release(&explorer->kept);
	for (uint32_t i = 0; i < explorer->findings_count; i++)
		trace_release(&explorer->findings[i].trace);
	free(explorer);
}

/* What is known to race */

static bool racy_add(struct explorer *explorer, uint64_t pc)
{
	if (!pc)
		return false;
	for (uint32_t i = 0; i < explorer->racy_count; i++)
		if (explorer->racy[i] == pc)
			return false;
	if (explorer->racy_count >= RACY_MAX / 2) {
		explorer->report.cut = true;
		return false;
	}
	explorer->racy[explorer->racy_count++] = pc;
	return true;
}

/* It shows the program whether something is released. A fork copies every lock's state, which
 * `detail` other threads may be about to change. */
static bool sees_releases(const struct step *step)
{
	return step->kind == STEP_TRY_LOCK || step->kind == STEP_SEM_READ ||
	       step->flags & FLAG_TIMED ||
	       (step->kind == STEP_WAIT_CHILD && step->flags & FLAG_TIMED_OUT) ||
	       (step->kind == STEP_FORK && step->detail);
}

/* A signal or a cancellation may come before a task starts or a join returns. */
static bool sees_turns(const struct step *step)
{
	return step->kind == STEP_SIGNAL;
}

/* True if something in the trace tells apart what is no choice so far. */
static bool learn_choices(struct explorer *explorer)
{
	const struct trace *trace = &explorer->trace;
	bool releases = explorer->every_release, turns = explorer->every_turn;
	for (uint32_t i = 0; i < trace->result.steps && !(releases && turns); i++) {
		releases |= sees_releases(&trace->steps[i]);
		turns |= sees_turns(&trace->steps[i]);
	}
	bool more = releases != explorer->every_release || turns != explorer->every_turn;
	explorer->every_release = releases;
	explorer->every_turn = turns;
	return more;
}

/* True if there are more steps to see than before, so that a search has to start again. */
static bool learn_steps(struct explorer *explorer)
{
	bool more = false;
	const struct trace *trace = &explorer->trace;
	for (uint32_t i = 0; i < trace->result.defects; i++)
		if (trace->defects[i].kind == DEFECT_RACE) {
			more |= racy_add(explorer, trace->defects[i].pc);
			more |= racy_add(explorer, trace->defects[i].other_pc);
		}
	for (uint32_t i = 0; i < trace->result.interrupted_count && i < INTERRUPTED_MAX;
		i++)
		more |= racy_add(explorer, trace->result.interrupted[i]);
	more |= learn_choices(explorer);
	if (trace->result.weaker_orders && !explorer->rc11 &&
		explorer->options.memory == MEMORY_RC11)
		explorer->rc11 = more = true;
	return more;
}

/* Phases */

/*
 * Of all executions none had two of the marked items in progress at once. To see two in
 * progress takes one preemption, so that much must have been covered.
 */
static void add_serial(struct explorer *explorer)
{
	const struct coverage_report *report = &explorer->report;
	uint32_t completed = search_completed(explorer->search);
	if (!(explorer->options.detect & DETECT(DEFECT_SERIAL)) || report->items < 2 ||
		report->items_at_once > 1 || completed == SEARCH_NONE || !completed)
		return;
	struct finding *finding = &explorer->findings[explorer->findings_count++];
	*finding = (struct finding){
		.defect = {.kind = DEFECT_SERIAL, .pc = explorer->item_pc},
		.execution = explorer->executions};
	snprintf(finding->defect.text, sizeof finding->defect.text,
		"in %u executions no two of up to %u items were ever in progress at once",
		explorer->executions, report->items);
}

/* The search is over, or is given up: what is there is reported. */
static void conclude(struct explorer *explorer, const char *why)
{
	if (!explorer->limit[0])
		snprintf(explorer->limit, sizeof explorer->limit, "%s", why);
	if (!explorer->findings_count && proof_start_livelock(explorer))
		return;
	if (!explorer->findings_count && explorer->diverged)
		snprintf(explorer->divergence, sizeof explorer->divergence,
			"%u of %u executions went another way than what they repeat",
			explorer->diverged, explorer->executions);
	if (!explorer->findings_count)
		add_serial(explorer);
	explorer->main_finding = findings_gravest(explorer);
	if (explorer->main_finding < 0 ||
		explorer->findings[explorer->main_finding].defect.kind == DEFECT_SERIAL) {
		explorer->phase = PHASE_DONE;
		return;
	}
	struct finding *finding = &explorer->findings[explorer->main_finding];
	if (explorer->phase == PHASE_SEARCH && finding->in_search) {
		finding->fewest = true;
		proof_drop(explorer);
	} else if (finding->changed_outcome) {
		proof_confirm(explorer);
	} else {
		proof_shrink(explorer);
	}
}

/* One that says enough. How the program ended, and with what in its hands, is told beside what
 * else there is, and hides nothing of it. */
static bool found_hard(const struct explorer *explorer)
{
	int best = findings_gravest(explorer);
	if (best < 0)
		return false;
	switch (explorer->findings[best].defect.kind) {
	case DEFECT_RACE:
	case DEFECT_EXIT_STATUS:
	case DEFECT_HELD:
		return false;
	default:
		return true;
	}
}

static void start_search(struct explorer *explorer)
{
	if (explorer->crew)
		crew_forget(explorer->crew);
	explorer->phase = PHASE_SEARCH;
	search_free(explorer->search);
	explorer->search =
		search_new(explorer->options.bound, explorer->options.without_states);
	hash_set_clear(&explorer->outcomes);
}

static bool spent(const struct explorer *explorer)
{
	return explorer->executions >= explorer->options.budget ||
	       explorer->steps >= explorer->options.step_budget;
}

/* The execution came to something too large to be followed: what others would show is not
 * known, so nothing found is no pass. */
static void note_full(struct explorer *explorer)
{
	if (explorer->trace.result.ending != ENDING_FULL)
		return;
	explorer->report.cut = true;
	if (!explorer->limit[0])
		snprintf(explorer->limit, sizeof explorer->limit,
			"more %s than can be followed", explorer->trace.result.limit);
}

/* Likewise something that is not followed at all. Each place is told once. */
static void note_uncovered(struct explorer *explorer)
{
	const struct execution_result *result = &explorer->trace.result;
	struct coverage_report *report = &explorer->report;
	if (result->ending != ENDING_UNCOVERED)
		return;
	for (uint32_t i = 0; i < report->uncovered_count; i++)
		if (report->uncovered[i].pc == result->uncovered_pc)
			return;
	if (report->uncovered_count >= UNCOVERED_MAX)
		return;
	struct uncovered *uncovered = &report->uncovered[report->uncovered_count++];
	memcpy(uncovered->what, result->limit, sizeof uncovered->what);
	uncovered->pc = result->uncovered_pc;
	memcpy(uncovered->callers, result->uncovered_callers, sizeof uncovered->callers);
}

static void after_sample(struct explorer *explorer)
{
	learn_steps(explorer);
	sampler_learn(explorer->sampler, &explorer->trace);
	findings_add(explorer);
	if (found_hard(explorer))
		conclude(explorer, "it ended at the first defect");
	else if (spent(explorer))
		conclude(explorer, "the budget is spent");
	else if (++explorer->samples >= explorer->options.samples ||
		 explorer->report.accesses >= SAMPLE_ACCESSES ||
		 !explorer->report.choices) /* the same once more */
		start_search(explorer);
}

/* A race whose harm shows: the final memory is none that runs without preemption leave. */
static bool race_harms(struct explorer *explorer)
{
	int best = findings_gravest(explorer);
	if (best < 0 || explorer->findings[best].defect.kind != DEFECT_RACE ||
		search_level(explorer->search) == 0 ||
		explorer->trace.result.ending != ENDING_FINISHED ||
		!trace_defect(&explorer->trace, DETECT(DEFECT_RACE)))
		return false;
	if (hash_set_has(&explorer->outcomes, explorer->trace.result.outcome))
		return false;
	struct finding *finding = &explorer->findings[best];
	finding->changed_outcome = true;
	finding->fewest = true;
	finding_keep_witness(explorer, finding);
	return true;
}

static void after_search(struct explorer *explorer)
{
	uint32_t before = explorer->findings_count;
	bool more_steps = learn_steps(explorer);
	findings_add(explorer);
	explorer->diverged += explorer->trace.result.ending == ENDING_DIVERGED;
	search_learn(explorer->search, &explorer->trace);
	for (uint32_t i = before; i < explorer->findings_count; i++)
		explorer->findings[i].in_search = true;
	if (found_hard(explorer)) {
		conclude(explorer, "it ended at the first defect");
		return;
	}
	if (findings_gravest(explorer) >= 0) {
		if (!more_steps && race_harms(explorer)) {
			conclude(explorer, "it ended at the first race that does harm");
			return;
		}
		if (++explorer->race_executions >= RACE_SEARCH) {
			conclude(explorer, "it ended some time after a race was found");
			return;
		}
	}
	if (more_steps)
		start_search(explorer);
	else if (search_level(explorer->search) == 0 || findings_gravest(explorer) < 0)
		hash_set_add(&explorer->outcomes, explorer->trace.result.outcome);
	if (explorer->trace.result.ending == ENDING_FULL)
		conclude(explorer, "");
	else if (spent(explorer))
		conclude(explorer, "the budget is spent");
}

static void add_criterion(struct explorer *explorer)
{
	struct trace *trace = &explorer->trace;
	if (!explorer->judged_failed)
		return;
	struct defect *defect = &trace->defects[trace->result.defects++];
	*defect = (struct defect){.kind = DEFECT_CRITERION, .step = trace->result.steps};
	snprintf(defect->text, sizeof defect->text, "%s", explorer->reason);
	explorer->judged_failed = false;
}

/* What the referee expected is no defect. */
static void drop_tolerated(struct explorer *explorer)
{
	struct trace *trace = &explorer->trace;
	uint32_t kept = 0;
	for (uint32_t i = 0; i < trace->result.defects; i++)
		if (!(explorer->tolerated >> trace->defects[i].kind & 1))
			trace->defects[kept++] = trace->defects[i];
	trace->result.defects = kept;
}

/* Whether others could have gone on in somebody's place. */
static bool had_choice(const struct trace *trace)
{
	for (uint32_t i = 0; i < trace->result.steps; i++)
		if (trace->steps[i].enabled_count > 1)
			return true;
	return false;
}

static void close_execution(struct explorer *explorer)
{
	explorer->running = false;
	drop_tolerated(explorer);
	add_criterion(explorer);
	const struct execution_result *result = &explorer->trace.result;
	struct coverage_report *report = &explorer->report;
	if (report->tasks < result->tasks)
		report->tasks = result->tasks;
	if (report->processes < result->processes)
		report->processes = result->processes;
	if (report->longest < result->steps)
		report->longest = result->steps;
	if (report->items < result->items)
		report->items = result->items;
	if (report->items_at_once < result->items_at_once)
		report->items_at_once = result->items_at_once;
	report->choices = report->choices || had_choice(&explorer->trace);
	if (!explorer->item_pc)
		explorer->item_pc = result->item_pc;
	report->accesses += result->accesses;
	report->terminal_asked |= result->terminal_asked;
	note_full(explorer);
	note_uncovered(explorer);
	if (explorer->phase == PHASE_SAMPLE || explorer->phase == PHASE_SEARCH) {
		explorer->steps += result->steps;
		if (result->ending == ENDING_FINISHED)
			hash_set_add(&explorer->outputs, result->output);
	} else {
		explorer->shrink_steps += result->steps;
	}
	switch (explorer->phase) {
	case PHASE_SAMPLE:
		after_sample(explorer);
		break;
	case PHASE_SEARCH:
		after_search(explorer);
		break;
	case PHASE_SHRINK_SEARCH:
		proof_after_search(explorer);
		break;
	case PHASE_DROP:
		proof_after_drop(explorer);
		break;
	case PHASE_CONFIRM:
		proof_after_confirm(explorer);
		break;
	case PHASE_DONE:
		break;
	}
}

/* Plans */

static bool plan_search(struct explorer *explorer, struct search *search)
{
	if (!search_next(search, &explorer->schedule))
		return false;
	explorer->request.strategy = STRATEGY_FIRST;
	explorer->request.hash_from =
		explorer->options.without_states ? UINT32_MAX : explorer->schedule.length;
	return true;
}

static bool plan(struct explorer *explorer)
{
	struct request *request = &explorer->request;
	*request = (struct request){.max_steps = explorer->options.max_steps,
		.max_blocks = explorer->options.max_blocks,
		.hash_from = UINT32_MAX,
		.every_access = explorer->options.every_access,
		.every_release = explorer->every_release,
		.every_turn = explorer->every_turn,
		.rc11 = explorer->rc11,
		.has_streams = explorer->options.has_streams,
		.keep_output = explorer->options.keep_output,
		.detect = explorer->options.detect,
		.endless = explorer->options.endless,
		.guarded = explorer->guarded,
		.guarded_size = explorer->guarded_size,
		.racy_count = explorer->racy_count};
	if (request->max_steps > STEPS_MAX)
		request->max_steps = STEPS_MAX;
	schedule_clear(&explorer->schedule);
	switch (explorer->phase) {
	case PHASE_SAMPLE:
		sampler_plan(explorer->sampler, request);
		return true;
	case PHASE_SEARCH:
		request->report_known = findings_gravest(explorer) >= 0;
		return plan_search(explorer, explorer->search);
	case PHASE_SHRINK_SEARCH:
		request->report_known = 1;
		return proof_search_goes_on(explorer) &&
		       plan_search(explorer, explorer->shrink_search);
	case PHASE_DROP:
		return proof_plan_drop(explorer);
	case PHASE_CONFIRM:
		schedule_copy(&explorer->schedule, &explorer->kept);
		proof_as_witness(explorer);
		request->want_values = 1;
		request->report_known = 1;
		if (explorer->cycle_length) {
			request->hash_from = explorer->cycle_from;
			request->endless = 0; /* it is meant to end there */
			request->max_steps = explorer->cycle_from +
					     CYCLE_TURNS * explorer->cycle_length + 1;
		}
		return true;
	default:
		return false;
	}
}

/* A phase has no more to try. */
static void phase_over(struct explorer *explorer)
{
	switch (explorer->phase) {
	case PHASE_SEARCH:
		conclude(explorer, search_limit(explorer->search));
		break;
	case PHASE_SHRINK_SEARCH:
		proof_search_over(explorer);
		break;
	default:
		proof_confirm(explorer);
	}
}

bool explorer_next(struct explorer *explorer)
{
	if (explorer->running)
		close_execution(explorer);
	if (explorer->phase == PHASE_SAMPLE && !explorer->options.samples)
		start_search(explorer);
	while (explorer->phase != PHASE_DONE && !plan(explorer))
		phase_over(explorer);
	return explorer->phase != PHASE_DONE;
}

/* With the crew, which runs some that come next as well. */
static int run_search(
	struct explorer *explorer, const struct search *search, struct error *error)
{
	struct crew_job job = {.search = search,
		.request = &explorer->request,
		.schedule = &explorer->schedule,
		.racy = explorer->racy,
		.hashes = !explorer->options.without_states};
	return crew_execute(explorer->crew, &job, &explorer->trace, error);
}

static int run_alone(struct explorer *explorer, struct error *error)
{
	struct control_memory *memory = explorer->server.memory;
	struct schedule *schedule = &explorer->schedule;
	if (explorer->crew) {
		crew_forget(explorer->crew);
		explorer->racy_written = UINT32_MAX; /* others may have been written */
	}
	memory->request = explorer->request;
	server_set_plan(&explorer->server, schedule->choices, schedule->length);
	if (explorer->racy_written != explorer->request.racy_count)
		server_set_places(
			&explorer->server, explorer->racy, explorer->request.racy_count);
	explorer->racy_written = explorer->request.racy_count;
	if (server_execute(&explorer->server, error))
		return -1;
	trace_read(&explorer->trace, memory, explorer->request.max_steps);
	return 0;
}

static int run_planned(struct explorer *explorer, struct error *error)
{
	if (explorer->crew && explorer->phase == PHASE_SEARCH)
		return run_search(explorer, explorer->search, error);
	if (explorer->crew && explorer->phase == PHASE_SHRINK_SEARCH)
		return run_search(explorer, explorer->shrink_search, error);
	return run_alone(explorer, error);
}

int explorer_run(struct explorer *explorer, struct error *error)
{
	if (run_planned(explorer, error))
		return -1;
	if (explorer->trace.result.ending == ENDING_NONE)
		return error_set(error, "an execution was ended from outside");
	explorer->running = true;
	explorer->judged_failed = false;
	explorer->tolerated = 0;
	if (explorer->phase == PHASE_SAMPLE || explorer->phase == PHASE_SEARCH)
		explorer->executions++;
	else
		explorer->report.minimising++;
	return 0;
}

/* Witnesses are as they were found: neither made smaller nor with values. */
void explorer_stop(struct explorer *explorer, const char *why)
{
	if (explorer->phase == PHASE_DONE)
		return;
	snprintf(explorer->limit, sizeof explorer->limit, "%s", why);
	explorer->report.cut = true;
	if (explorer->main_finding < 0)
		explorer->main_finding = findings_gravest(explorer);
	explorer->phase = PHASE_DONE;
	explorer->running = false;
}

const struct trace *explorer_trace(const struct explorer *explorer)
{
	return &explorer->trace;
}

void explorer_judge(struct explorer *explorer, bool failed, const char *reason)
{
	explorer->judged_failed = failed;
	snprintf(explorer->reason, sizeof explorer->reason, "%s", reason ? reason : "");
}

void explorer_tolerate(struct explorer *explorer, uint32_t kinds)
{
	explorer->tolerated = kinds;
}

const struct finding *explorer_findings(const struct explorer *explorer, uint32_t *count)
{
	*count = explorer->findings_count;
	return explorer->findings;
}

const struct finding *explorer_main_finding(const struct explorer *explorer)
{
	return explorer->main_finding < 0 ? NULL
					  : &explorer->findings[explorer->main_finding];
}

const char *explorer_divergence(const struct explorer *explorer)
{
	return explorer->divergence;
}

const uint64_t *explorer_racy(const struct explorer *explorer, uint32_t *count)
{
	*count = explorer->racy_count;
	return explorer->racy;
}

uint64_t explorer_load_bias(const struct explorer *explorer)
{
	return explorer->server.memory->load_bias;
}

void explorer_coverage(const struct explorer *explorer, struct coverage_report *report)
{
	*report = explorer->report;
	report->executions = explorer->executions;
	report->samples = explorer->samples;
	report->rc11 = explorer->rc11;
	report->steps = explorer->steps;
	report->states = search_states(explorer->search);
	report->outcomes = explorer->outcomes.count;
	report->outputs = explorer->outputs.count;
	uint32_t completed = search_completed(explorer->search);
	report->kind = completed == SEARCH_ALL	  ? COVERAGE_COMPLETE
		       : completed == SEARCH_NONE ? COVERAGE_SAMPLED
						  : COVERAGE_BOUNDED;
	if (report->uncovered_count)
		report->kind = COVERAGE_PARTIAL;
	report->bound = completed;
	snprintf(report->limit, sizeof report->limit, "%s", explorer->limit);
}
