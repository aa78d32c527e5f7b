/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/checks.h>

#include <stdlib.h>

/* The referee's own copy of the inputs: the player can write on the shared one. */
struct inputs {
	int workers;
	size_t count;
	size_t chunk;
	long salt;
	long items[MOST_ITEMS];
};

/* Items that are all different, in any order. */
static void draw_items(struct inputs *inputs)
{
	for (size_t i = 0; i < inputs->count; i++)
		inputs->items[i] = (long)i * 100 + play_random(1, 99);
	for (size_t i = inputs->count; i > 1; i--) {
		size_t other = (size_t)play_random(0, (long)i - 1);
		long item = inputs->items[i - 1];
		inputs->items[i - 1] = inputs->items[other];
		inputs->items[other] = item;
	}
}

static struct inputs draw(long workers, long count, long chunk)
{
	struct inputs inputs = {.workers = (int)workers,
		.count = (size_t)count,
		.chunk = (size_t)chunk,
		.salt = play_random(-1000, 1000)};
	draw_items(&inputs);
	return inputs;
}

static struct seen *seen_of(int map)
{
	struct notes *notes = play_notes(sizeof(*notes));
	return &notes->maps[map];
}

/* What the function is to do with the list that was given last. */
static struct plan *plan_of_last(const struct works *works)
{
	return &seen_of(works->count - 1)->plan;
}

static void give(struct works *works, const struct inputs *inputs)
{
	struct work *work = &works->work[works->count++];
	struct plan *plan = plan_of_last(works);
	work->workers = inputs->workers;
	work->count = inputs->count;
	work->chunk = inputs->chunk;
	work->salt = inputs->salt;
	for (size_t i = 0; i < inputs->count; i++)
		work->items[i] = plan->items[i] = inputs->items[i];
	plan->count = inputs->count;
	plan->chunk = inputs->chunk;
	work->status = 1;
}

/* A run with one list. */
static struct work *start(const struct inputs *inputs)
{
	struct works *works = play_shared(sizeof(*works));
	give(works, inputs);
	play_start("map", works);
	return &works->work[0];
}

/* A run with lists of every shape: no item, and fewer workers than later; full chunks and a
 * short one; fewer items than a chunk; fewer chunks than workers. Of small ones the third has
 * both of the last. Fills in the inputs. */
static struct works *start_shapes(struct inputs *inputs)
{
	struct works *works = play_shared(sizeof(*works));
	long workers = play_choose(play_random(2, 4), 2);
	long chunk = play_choose(play_random(2, 7), 2);
	long full = play_choose(play_random(1, 50), 1);
	inputs[0] = draw(1, 0, chunk);
	inputs[1] = draw(workers, full * chunk + play_random(1, chunk - 1), chunk);
	inputs[2] = draw(play_choose(1, 2), chunk - 1, chunk);
	inputs[3] = draw(workers, workers - 1, 1);
	int maps = (int)play_choose(MOST_MAPS, MOST_MAPS - 1);
	for (int i = 0; i < maps; i++)
		give(works, &inputs[i]);
	play_start("map", works);
	return works;
}

START_TEST(finishes)
{
	while (play_next_run()) {
		struct inputs inputs[MOST_MAPS];
		struct works *works = start_shapes(inputs);
		int maps = works->count;
		play_run();
		for (int i = 0; i < maps; i++)
			play_expect_equal(works->work[i].status, 0,
				"what pool_map returns for %zu items, %d workers, chunks "
				"of %zu",
				inputs[i].count, inputs[i].workers, inputs[i].chunk);
		play_expect(!works->written_behind,
			"pool_map wrote behind memory that an earlier call allocated.");
	}
}
END_TEST

static void expect_each_once(const struct seen *seen, const struct inputs *inputs)
{
	for (size_t i = 0; i < inputs->count; i++)
		play_expect_equal(atomic_load(&seen->items[i].calls), 1,
			"how often item %zu of %zu was computed by %d workers in chunks "
			"of %zu",
			i, inputs->count, inputs->workers, inputs->chunk);
}

START_TEST(every_item_once)
{
	while (play_next_run()) {
		struct inputs inputs[MOST_MAPS];
		struct works *works = start_shapes(inputs);
		int maps = works->count;
		play_run();
		for (int i = 0; i < maps; i++)
			expect_each_once(seen_of(i), &inputs[i]);
	}
}
END_TEST

/* One of the first items is slow, so that others are ready before it. */
START_TEST(results_in_order)
{
	while (play_next_run()) {
		long chunk = play_choose(play_random(1, 7), play_random(1, 2));
		long chunks = play_choose(play_random(3, 30), 2);
		struct inputs inputs =
			draw(play_choose(play_random(2, 4), 2), chunks * chunk, chunk);
		struct work *work = start(&inputs);
		struct plan *plan = &seen_of(0)->plan;
		plan->slow = (size_t)play_random(0, chunk - 1);
		plan->others = (int)((chunks - 1) * chunk);
		work->patience_ms = 20;
		play_run();
		for (size_t i = 0; i < inputs.count; i++)
			play_expect_equal(work->results[i],
				inputs.items[i] * inputs.items[i] + inputs.salt,
				"results[%zu] of %zu, for items[%zu] = %ld", i,
				inputs.count, i, inputs.items[i]);
	}
}
END_TEST

/* Every worker waits in its first call until all the others are in theirs: items that are
 * worked on one after the other would wait for ever. There are chunks enough for all. */
START_TEST(workers_do_the_work)
{
	while (play_next_run()) {
		long workers = play_choose(play_random(2, 5), 2);
		long chunk = play_choose(play_random(1, 4), 1);
		struct inputs inputs = draw(workers, 2 * workers * chunk, chunk);
		struct work *work = start(&inputs);
		seen_of(0)->plan.meeting = inputs.workers;
		work->patience_ms = 5;
		enum play_end end = play_try_run();
		const struct seen *seen = seen_of(0);
		int caller = atomic_load(&seen->caller);
		for (size_t i = 0; i < inputs.count; i++)
			play_expect(atomic_load(&seen->items[i].process) != caller,
				"Item %zu was computed by the process that called "
				"pool_map.",
				i);
		play_expect_equal(atomic_load(&seen->arrived), workers,
			"how many processes worked at the same time, of %ld workers",
			workers);
		play_expect_equal(atomic_load(&seen->company), workers * workers,
			"how many came before one left, for %ld workers added up",
			workers);
		play_expect(end == PLAY_RETURNED, "pool_map did not return.");
	}
}
END_TEST

/* The only chunk is one that never ends: whoever took it waits for ever, pool_map must wait
 * for it, and the other worker has nothing to do. */
START_TEST(waiting_costs_nothing)
{
	while (play_next_run()) {
		struct inputs inputs = draw(2, 2, 2);
		start(&inputs);
		seen_of(0)->plan.others = 1;
		enum play_end end = play_try_run();
		play_expect(end != PLAY_SPUN && !play_kept_busy(),
			"A process that waits keeps the processor busy.");
		play_expect(end == PLAY_STUCK, "pool_map did not wait for its workers.");
	}
}
END_TEST

static void slow_down(struct plan *plan, const struct inputs *inputs, size_t slow)
{
	plan->slow = slow;
	plan->others = (int)(inputs->count - inputs->chunk);
}

static void expect_whole_chunks(const struct seen *seen, const struct inputs *inputs)
{
	for (size_t i = 0; i < inputs->count; i++) {
		size_t first = i - i % inputs->chunk;
		play_expect(atomic_load(&seen->items[i].process) ==
				    atomic_load(&seen->items[first].process),
			"Items %zu and %zu are of one chunk of %zu, but two processes "
			"computed them.",
			first, i, inputs->chunk);
	}
}

/* One call does not return until all items of the other chunks are done: that of the first
 * item of a list, and then one of the last chunk. What is left of its chunk must wait for
 * it, too. */
START_TEST(idle_workers_take_more)
{
	while (play_next_run()) {
		long workers = play_choose(play_random(2, 4), 2);
		long chunk = play_choose(play_random(2, 5), 3);
		long chunks = play_choose(play_random(2 * workers, 20), 3);
		struct works *works = play_shared(sizeof(*works));
		struct inputs inputs[] = {draw(workers, chunks * chunk, chunk),
			draw(workers, chunks * chunk, chunk)};
		give(works, &inputs[0]);
		give(works, &inputs[1]);
		slow_down(&seen_of(0)->plan, &inputs[0], 0);
		slow_down(
			&seen_of(1)->plan, &inputs[1], inputs[1].count - inputs[1].chunk);
		play_start("map", works);
		enum play_end end = play_try_run();
		for (int i = 0; i < 2; i++)
			play_expect_equal(atomic_load(&seen_of(i)->done_before),
				(chunks - 1) * chunk,
				"how many items of other chunks were done while one was "
				"slow, by %ld workers in chunks of %ld",
				workers, chunk);
		for (int i = 0; i < 2; i++)
			expect_whole_chunks(seen_of(i), &inputs[i]);
		play_expect(end == PLAY_RETURNED, "pool_map did not return.");
	}
}
END_TEST

static void expect_no_process(void)
{
	play_expect_equal(play_left_alive(), 0, "the number of processes left running");
	play_expect_equal(play_left_zombies(), 0,
		"the number of ended processes that nobody waited for");
}

/* A list in which a worker dies: by a signal, or by a call of exit if the code is not -1. */
static void give_deadly(struct works *works, long workers, long count, int exit_code)
{
	struct inputs inputs = draw(workers, count, play_choose(play_random(1, 5), 1));
	give(works, &inputs);
	struct plan *plan = plan_of_last(works);
	plan->deadly = inputs.items[play_random(0, count - 1)];
	plan->exit_code = exit_code;
}

/* A list for a caller that cannot start a process by mp_process_start; there are other ways. */
static void give_daemon(struct works *works)
{
	struct inputs inputs = draw(play_random(1, 3), 1, 1);
	give(works, &inputs);
	works->work[works->count - 1].in_daemon = 1;
}

static bool worker_computed(const struct seen *seen, size_t item)
{
	int process = atomic_load(&seen->items[item].process);
	return process != 0 && process != atomic_load(&seen->caller);
}

START_TEST(a_failed_worker_is_reported)
{
	while (play_next_run()) {
		struct works *works = play_shared(sizeof(*works));
		long workers = play_choose(play_random(1, 4), 2);
		give_deadly(works, workers, play_choose(play_random(1, 40), 3), -1);
		workers = play_choose(play_random(1, 4), 1);
		give_deadly(
			works, workers, play_choose(play_random(1, 40), 1), EXIT_SUCCESS);
		give_deadly(
			works, workers, play_choose(play_random(1, 40), 1), EXIT_FAILURE);
		give_daemon(works);
		play_start("map", works);
		play_run();
		play_expect_equal(works->work[0].status, -1,
			"what pool_map returns when a worker was killed");
		play_expect_equal(works->work[1].status, -1,
			"what pool_map returns when a worker called exit(EXIT_SUCCESS)");
		play_expect_equal(works->work[2].status, -1,
			"what pool_map returns when a worker called exit(EXIT_FAILURE)");
		if (!worker_computed(seen_of(3), 0))
			play_expect_equal(works->work[3].status, -1,
				"what pool_map returns when no process can be started");
		expect_no_process();
	}
}
END_TEST

START_TEST(no_process_is_left)
{
	while (play_next_run()) {
		struct inputs inputs[MOST_MAPS];
		start_shapes(inputs);
		play_run();
		expect_no_process();
	}
}
END_TEST

static void add(Suite *suite, const char *criterion, const TTest *test)
{
	TCase *tcase = tcase_create(criterion);
	tcase_add_test(tcase, test);
	suite_add_tcase(suite, tcase);
}

Suite *checks_suite(void)
{
	Suite *suite = suite_create("pool-map");
	add(suite, "finishes", finishes);
	add(suite, "every_item_once", every_item_once);
	add(suite, "results_in_order", results_in_order);
	add(suite, "workers_do_the_work", workers_do_the_work);
	add(suite, "waiting_costs_nothing", waiting_costs_nothing);
	add(suite, "idle_workers_take_more", idle_workers_take_more);
	add(suite, "no_process_is_left", no_process_is_left);
	add(suite, "a_failed_worker_is_reported", a_failed_worker_is_reported);
	return suite;
}
