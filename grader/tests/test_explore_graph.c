/* SPDX-License-Identifier: MIT */
/* Which cycles of states are livelocks. */
#include "suite.h"

#include "explore/graph.h"

enum { BOTH = 3 };

/* A graph that is written down edge by edge; states are their own hashes. */
struct drawing {
	struct graph *graph;
	struct cycle cycle;
};

static struct drawing drawing_new(void)
{
	return (struct drawing){.graph = graph_new()};
}

static void drawing_free(struct drawing *drawing)
{
	graph_free(drawing->graph);
	cycle_release(&drawing->cycle);
}

static uint32_t state(struct drawing *drawing, uint64_t name, uint64_t enabled)
{
	struct step step = {.state = name, .enabled = enabled};
	return graph_state(drawing->graph, &step, 7, (uint32_t)name);
}

static void edge(struct drawing *drawing, uint64_t from, uint64_t to, uint64_t enabled,
	struct step step)
{
	uint32_t first = state(drawing, from, enabled);
	graph_edge(drawing->graph, first, state(drawing, to, enabled), &step, 1);
}

static struct step changes(uint16_t task)
{
	return (struct step){.task = task, .kind = STEP_LOCK, .effects = EFFECT_CHANGED};
}

static struct step tries(uint16_t task)
{
	return (struct step){.task = task, .kind = STEP_TRY_LOCK};
}

static bool is_livelock(struct drawing *drawing)
{
	cycle_release(&drawing->cycle);
	return graph_livelock(drawing->graph, &drawing->cycle);
}

START_TEST(two_that_undo_each_others_steps_are_a_livelock)
{
	struct drawing drawing = drawing_new();

	edge(&drawing, 1, 2, BOTH, changes(0));
	edge(&drawing, 2, 3, BOTH, changes(0));
	ck_assert(!is_livelock(&drawing));
	edge(&drawing, 3, 2, BOTH, changes(1));
	ck_assert(is_livelock(&drawing));
	ck_assert_uint_eq(drawing.cycle.item, 7);
	ck_assert_uint_eq(drawing.cycle.index, 2);
	ck_assert_uint_eq(drawing.cycle.length, 2);
	ck_assert_uint_eq(drawing.cycle.choices_count, 2);
	ck_assert_uint_eq(drawing.cycle.choices[0].task, 0);
	ck_assert_uint_eq(drawing.cycle.choices[1].task, 1);
	ck_assert_uint_eq(drawing.cycle.choices[1].step, 1);
	drawing_free(&drawing);
}
END_TEST

START_TEST(a_cycle_that_neglects_a_task_is_none)
{
	struct drawing drawing = drawing_new();

	edge(&drawing, 1, 2, BOTH, changes(0));
	edge(&drawing, 2, 1, BOTH, changes(0));
	ck_assert(!is_livelock(&drawing));
	drawing_free(&drawing);
}
END_TEST

START_TEST(neglect_at_one_state_is_enough)
{
	struct drawing drawing = drawing_new();

	edge(&drawing, 1, 2, 1, changes(0));
	edge(&drawing, 2, 3, BOTH, changes(0));
	edge(&drawing, 3, 1, 1, changes(0));
	ck_assert(!is_livelock(&drawing));
	drawing_free(&drawing);
}
END_TEST

START_TEST(a_fair_part_of_an_unfair_whole_is_found)
{
	struct drawing drawing = drawing_new();
	const uint64_t all = 7;

	edge(&drawing, 1, 2, BOTH, changes(0));
	edge(&drawing, 2, 1, BOTH, changes(1));
	edge(&drawing, 2, 3, all, changes(0));
	edge(&drawing, 3, 1, all, changes(1));
	ck_assert(is_livelock(&drawing));
	ck_assert_uint_eq(drawing.cycle.length, 2);
	drawing_free(&drawing);
}
END_TEST

START_TEST(who_only_tries_is_starved_and_not_in_a_livelock)
{
	struct drawing drawing = drawing_new();

	edge(&drawing, 1, 2, BOTH, changes(0));
	edge(&drawing, 2, 3, BOTH, tries(1));
	edge(&drawing, 3, 1, BOTH, changes(0));
	ck_assert(!is_livelock(&drawing));
	drawing_free(&drawing);
}
END_TEST

START_TEST(what_time_ends_is_no_livelock)
{
	const struct step sleeps = {.task = 1, .kind = STEP_SLEEP};
	const struct step meanwhile = {
		.task = 1, .kind = STEP_LOCK, .effects = EFFECT_CHANGED | EFFECT_TIMED};
	const struct step gives_up = {.task = 1,
		.kind = STEP_LOCK,
		.effects = EFFECT_CHANGED,
		.flags = FLAG_TIMED};
	const struct step timed[] = {sleeps, meanwhile, gives_up};

	for (size_t i = 0; i < sizeof(timed) / sizeof(timed[0]); i++) {
		struct drawing drawing = drawing_new();
		edge(&drawing, 1, 2, BOTH, changes(0));
		edge(&drawing, 2, 3, BOTH, changes(1));
		edge(&drawing, 3, 1, BOTH, timed[i]);
		ck_assert(!is_livelock(&drawing));
		drawing_free(&drawing);
	}
}
END_TEST

START_TEST(many_states_are_all_told_apart)
{
	struct drawing drawing = drawing_new();
	const uint64_t many = 100000;

	for (uint64_t i = 1; i < many; i++)
		edge(&drawing, i, i + 1, BOTH, changes(i % 2));
	ck_assert(!is_livelock(&drawing));
	edge(&drawing, many, 1, BOTH, changes(0));
	ck_assert(is_livelock(&drawing));
	ck_assert_uint_eq(drawing.cycle.length, many);
	drawing_free(&drawing);
}
END_TEST

static const TTest *const *const tests[] = {
	&two_that_undo_each_others_steps_are_a_livelock,
	&a_cycle_that_neglects_a_task_is_none,
	&neglect_at_one_state_is_enough,
	&a_fair_part_of_an_unfair_whole_is_found,
	&who_only_tries_is_starved_and_not_in_a_livelock,
	&what_time_ends_is_no_livelock,
	&many_states_are_all_told_apart,
};
SUITE_MAIN("explore's graph", tests)
