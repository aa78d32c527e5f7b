/* SPDX-License-Identifier: MIT */
/* Which executions are sampled: where directed ones stop their tasks, and how SURW draws. */
#include "explore/direct.h"
#include "explore/events.h"
#include "explore/explore.h"
#include "explore/program.h"
#include "suite.h"

enum { LOCK_A = 0x1000, LOCK_B = 0x1100, GATE = 0x1200, DATA = 0x2000, OWN = 0x3000 };

/* A trace that is written step by step. */
struct tape {
	struct step steps[128];
	uint32_t count;
};

static void put(struct tape *tape, uint16_t task, enum step_kind kind, uint64_t address,
	uint64_t pc)
{
	bool access = kind == STEP_READ || kind == STEP_WRITE;
	tape->steps[tape->count++] = (struct step){.task = task,
		.kind = (uint8_t)kind,
		.address = address,
		.pc = pc,
		.size = access ? 4 : 0};
}

static void create(struct tape *tape, uint16_t task)
{
	put(tape, 0, STEP_CREATE, 0, 1);
	tape->steps[tape->count - 1].value = task;
}

static struct trace trace_of(struct tape *tape, uint32_t tasks)
{
	struct trace trace = {.steps = tape->steps};
	trace.result.steps = tape->count;
	trace.result.tasks = tasks;
	trace.result.ending = ENDING_FINISHED;
	return trace;
}

START_TEST(only_what_tasks_share_is_an_event)
{
	struct tape tape = {.count = 0};
	create(&tape, 1);
	create(&tape, 2);
	put(&tape, 1, STEP_WRITE, OWN, 10);
	put(&tape, 1, STEP_WRITE, DATA, 11);
	put(&tape, 1, STEP_WRITE, DATA, 11);
	put(&tape, 2, STEP_LOCK, LOCK_A, 20);
	put(&tape, 2, STEP_READ, DATA + 2, 21); /* overlaps */
	put(&tape, 2, STEP_UNLOCK, LOCK_A, 22);
	struct trace trace = trace_of(&tape, 3);
	struct events *events = events_of(&trace);
	ck_assert_uint_eq(events->count, 4);
	ck_assert_uint_eq(events->first[2] - events->first[1], 2);
	ck_assert_uint_eq(events->list[1].nth, 1);
	ck_assert_uint_eq(events->list[0].variable, events->list[3].variable);
	ck_assert_uint_ne(events->list[0].variable, 0);
	ck_assert_uint_ne(events->list[2].acquires, 0);
	ck_assert_uint_eq(events->list[3].held, events->list[2].acquires);
	events_free(events);
}
END_TEST

START_TEST(what_a_parent_does_before_and_after_is_not_concurrent)
{
	struct tape tape = {.count = 0};
	put(&tape, 0, STEP_WRITE, DATA, 5);
	create(&tape, 1);
	put(&tape, 1, STEP_WRITE, DATA, 11);
	put(&tape, 0, STEP_JOIN, 0x9000, 6);
	put(&tape, 0, STEP_READ, DATA, 7);
	struct trace trace = trace_of(&tape, 2);
	struct events *events = events_of(&trace);
	ck_assert(!events_concurrent(events, 0, 0, 1));
	ck_assert(events_concurrent(events, 2, 1, 0));
	ck_assert(!events_concurrent(events, 4, 0, 1));
	events_free(events);
}
END_TEST

/* Lets the director see the trace and returns its next plan, or false. */
static bool next_plan(struct tape *tape, uint32_t tasks, struct request *request)
{
	struct director *director = director_new(1);
	struct trace trace = trace_of(tape, tasks);
	ck_assert(director_plan(director, request));
	ck_assert_uint_eq(request->stops_count, 0);
	director_learn(director, &trace);
	*request = (struct request){0};
	bool some = director_plan(director, request);
	director_free(director);
	return some;
}

static void critical_section(struct tape *tape, uint16_t task, uint64_t pc)
{
	put(tape, task, STEP_LOCK, LOCK_A, pc);
	put(tape, task, STEP_READ, DATA, pc + 1);
	put(tape, task, STEP_WRITE, DATA, pc + 2);
	put(tape, task, STEP_UNLOCK, LOCK_A, pc + 3);
}

START_TEST(a_task_is_stopped_where_it_gave_its_lock_back)
{
	struct tape tape = {.count = 0};
	struct request request = {0};
	create(&tape, 1);
	create(&tape, 2);
	critical_section(&tape, 1, 10);
	critical_section(&tape, 1, 20);
	critical_section(&tape, 2, 30);
	ck_assert(next_plan(&tape, 3, &request));
	ck_assert_uint_eq(request.strategy, STRATEGY_DIRECTED);
	ck_assert_uint_eq(request.stops_count, 1);
	ck_assert_uint_eq(request.stops[0].task, 1);
	ck_assert_uint_eq(request.stops[0].pc, 20);
	ck_assert_uint_gt(request.weights[2], request.stops[0].priority);
}
END_TEST

START_TEST(an_update_is_interrupted_between_its_read_and_its_write)
{
	struct tape tape = {.count = 0};
	struct request request = {0};
	create(&tape, 1);
	create(&tape, 2);
	for (uint16_t task = 1; task <= 2; task++) {
		put(&tape, task, STEP_READ, DATA, 11);
		put(&tape, task, STEP_WRITE, DATA, 12);
	}
	ck_assert(next_plan(&tape, 3, &request));
	ck_assert_uint_eq(request.stops_count, 1);
	ck_assert_uint_eq(request.stops[0].pc, 12);
}
END_TEST

START_TEST(tasks_that_share_nothing_are_left_alone)
{
	struct tape tape = {.count = 0};
	struct request request = {0};
	create(&tape, 1);
	create(&tape, 2);
	put(&tape, 1, STEP_WRITE, OWN, 10);
	put(&tape, 2, STEP_WRITE, DATA, 20);
	ck_assert(!next_plan(&tape, 3, &request));
}
END_TEST

static void nested(
	struct tape *tape, uint16_t task, uint64_t outer, uint64_t inner, bool gate)
{
	if (gate)
		put(tape, task, STEP_LOCK, GATE, 40);
	put(tape, task, STEP_LOCK, outer, 41);
	put(tape, task, STEP_LOCK, inner, 42);
	put(tape, task, STEP_UNLOCK, inner, 43);
	put(tape, task, STEP_UNLOCK, outer, 44);
	if (gate)
		put(tape, task, STEP_UNLOCK, GATE, 45);
}

START_TEST(a_cycle_of_locks_is_stopped_before_each_second_lock)
{
	struct tape tape = {.count = 0};
	struct request request = {0};
	create(&tape, 1);
	create(&tape, 2);
	nested(&tape, 1, LOCK_A, LOCK_B, false);
	nested(&tape, 2, LOCK_B, LOCK_A, false);
	ck_assert(next_plan(&tape, 3, &request));
	ck_assert_uint_eq(request.stops_count, 2);
	for (int i = 0; i < 2; i++)
		ck_assert_uint_eq(request.stops[i].pc, 42);
	ck_assert_uint_ne(request.stops[0].task, request.stops[1].task);
}
END_TEST

START_TEST(a_cycle_behind_a_gate_is_none)
{
	struct tape tape = {.count = 0};
	struct request request = {0};
	create(&tape, 1);
	create(&tape, 2);
	nested(&tape, 1, LOCK_A, LOCK_B, true);
	nested(&tape, 2, LOCK_B, LOCK_A, true);
	ck_assert(!next_plan(&tape, 3, &request));
}
END_TEST

static struct program *build(const char *file, const char *flag)
{
	struct error error;
	char *path = text_format("grader/%s", file);
	char *words[] = {text_copy(flag), NULL};
	struct program_sources sources = {
		.files = &path, .files_count = 1, .flags = words, .flags_count = 1};
	struct program *program = program_build(&sources, &error);
	ck_assert_msg(program != NULL, "%s", error.message);
	free(words[0]);
	free(path);
	return program;
}

/* The execution that shows a deadlock or a failed assertion first; 0: none of the samples. */
static uint32_t first_found(
	struct program *program, int strategy, uint64_t seed, uint32_t samples)
{
	struct error error;
	struct explore_options options = explore_defaults;
	options.strategy = strategy;
	options.seed = seed;
	options.samples = samples;
	options.budget = samples;
	options.detect = DETECT(DEFECT_ASSERT) | DETECT(DEFECT_DEADLOCK);
	struct explorer *explorer =
		explorer_new(&options, program_spawn, program, &error);
	ck_assert_msg(explorer != NULL, "%s", error.message);
	while (explorer_next(explorer))
		ck_assert_msg(explorer_run(explorer, &error) == 0, "%s", error.message);
	ck_assert_str_eq(explorer_divergence(explorer), "");
	const struct finding *finding = explorer_main_finding(explorer);
	uint32_t first = finding ? finding->execution : 0;
	explorer_free(explorer);
	return first;
}

START_LONG_TEST(directed_executions_find_what_random_ones_do_not,
	a_cycle_of_locks_is_stopped_before_each_second_lock)
{
	static const char *const cases[][2] = {
		{"explore/corpus/published/reorder.c", "-DSETTERS=9"},
		{"explore/corpus/published/philosophers.c", "-DSEATS=16"},
		{"explore/corpus/variants/lock_ring.c", "-DTASKS=16"},
	};
	int by_chance = 0;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct program *program = build(cases[i][0], cases[i][1]);
		for (uint64_t seed = 1; seed <= 3; seed++) {
			ck_assert_msg(first_found(program, -1, seed, 10) > 0,
				"%s, seed %d", cases[i][0], (int)seed);
			by_chance += first_found(program, STRATEGY_RANDOM, seed, 10) > 0;
		}
		program_free(program);
	}
	ck_assert_int_le(by_chance, 3); /* of 9 */
}
END_TEST

/* One task is stopped before the lock, the other behind it. */
START_TEST(locks_that_two_stops_break_are_broken)
{
	static const char *const cases[][2] = {
		{"explore/corpus/detectors/peterson.c", "-O0"},
		{"explore/corpus/detectors/spinlock.c", "-DMODE=2"},
		{"explore/corpus/variants/relay.c", "-O0"},
	};
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct program *program = build(cases[i][0], cases[i][1]);
		for (uint64_t seed = 1; seed <= 3; seed++)
			ck_assert_msg(
				first_found(program, STRATEGY_DIRECTED, seed, 40) > 0,
				"%s, seed %d", cases[i][0], (int)seed);
		program_free(program);
	}
}
END_TEST

START_TEST(every_strategy_loses_an_update)
{
	static const int strategies[] = {STRATEGY_RANDOM, STRATEGY_POS, STRATEGY_PCT,
		STRATEGY_SURW, STRATEGY_DIRECTED};
	struct program *program = build("tests/explore/threads.c", "-O0");
	for (unsigned i = 0; i < sizeof(strategies) / sizeof(strategies[0]); i++)
		ck_assert_msg(first_found(program, strategies[i], 1, 60) > 0,
			"strategy %d", strategies[i]);
	ck_assert_uint_eq(first_found(program, STRATEGY_FIRST, 1, 60), 0);
	program_free(program);
}
END_TEST

/* How often the lone step was the first, second ... of the six on the counter. */
static void count_places(int strategy, uint32_t samples, uint32_t places[6])
{
	struct error error;
	struct program *program = build("tests/explore/uneven.c", "-O0");
	struct explore_options options = explore_defaults;
	options.strategy = strategy;
	options.samples = options.budget = samples;
	struct explorer *explorer =
		explorer_new(&options, program_spawn, program, &error);
	ck_assert_msg(explorer != NULL, "%s", error.message);
	memset(places, 0, 6 * sizeof *places);
	while (explorer_next(explorer)) {
		ck_assert_msg(explorer_run(explorer, &error) == 0, "%s", error.message);
		const struct trace *trace = explorer_trace(explorer);
		uint32_t place = 0;
		for (uint32_t i = 0; i < trace->result.steps; i++) {
			if (trace->steps[i].kind != STEP_ATOMIC_UPDATE)
				continue;
			if (trace->steps[i].task == 1)
				break;
			place++;
		}
		ck_assert_uint_lt(place, 6);
		places[place]++;
	}
	explorer_free(explorer);
	program_free(program);
}

START_LONG_TEST(surw_draws_each_order_equally_often, every_strategy_loses_an_update)
{
	enum { SAMPLES = 1200 };
	uint32_t places[6];
	count_places(STRATEGY_SURW, SAMPLES, places);
	for (int i = 0; i < 6; i++)
		ck_assert_msg(places[i] > SAMPLES / 6 * 3 / 4 &&
				      places[i] < SAMPLES / 6 * 5 / 4,
			"place %d: %u of %d", i, places[i], SAMPLES);
	count_places(STRATEGY_RANDOM, SAMPLES, places);
	ck_assert_uint_lt(
		places[5], SAMPLES / 6 / 2); /* as a mere random walk does not */
}
END_TEST

static const TTest *const *const tests[] = {
	&only_what_tasks_share_is_an_event,
	&what_a_parent_does_before_and_after_is_not_concurrent,
	&a_task_is_stopped_where_it_gave_its_lock_back,
	&an_update_is_interrupted_between_its_read_and_its_write,
	&tasks_that_share_nothing_are_left_alone,
	&a_cycle_of_locks_is_stopped_before_each_second_lock,
	&a_cycle_behind_a_gate_is_none,
	&locks_that_two_stops_break_are_broken,
	&every_strategy_loses_an_update,
};

static void add_tests(TCase *tcase)
{
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		add_short_test(tcase, *tests[i], 0, 1);
	add_long_test(tcase, directed_executions_find_what_random_ones_do_not, 0, 1);
	add_long_test(tcase, surw_draws_each_order_equally_often, 0, 1);
}

int main(void)
{
	return suite_run_case(
		"explore's samples", add_tests, scratch_make, scratch_remove);
}
