/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/checks.h>

/* The referee's own copy of a run's inputs: the player can write on the shared one. */
struct inputs {
	int workers;
	size_t count;
	size_t chunk;
	long salt;
	long items[MOST_ITEMS];
};

static struct inputs draw(long workers, long count, long chunk)
{
	struct inputs inputs = {.workers = (int)workers,
		.count = (size_t)count,
		.chunk = (size_t)chunk,
		.salt = play_random(-1000, 1000)};
	for (long i = 0; i < count; i++)
		inputs.items[i] = i * 100 + play_random(1, 99);
	for (long i = count - 1; i > 0; i--) {
		long other = play_random(0, i);
		long item = inputs.items[i];
		inputs.items[i] = inputs.items[other];
		inputs.items[other] = item;
	}
	return inputs;
}

static struct work *start(const struct inputs *inputs)
{
	struct work *work = play_shared(sizeof(*work));
	work->workers = inputs->workers;
	work->count = inputs->count;
	work->chunk = inputs->chunk;
	work->salt = inputs->salt;
	for (size_t i = 0; i < inputs->count; i++)
		work->items[i] = inputs->items[i];
	work->status = 1;
	play_start("map", work);
	return work;
}

/* Of every shape: no item, fewer items than a chunk, a last chunk that is short, more
 * workers than items. */
static struct inputs draw_any(void)
{
	long workers = play_choose(play_random(1, 4), 2);
	long chunk = play_choose(play_random(1, 7), play_random(1, 2));
	long count = 0;
	if (play_random(0, 7) != 0)
		count = play_choose(play_random(1, 200), play_random(2, 3));
	return draw(workers, count, chunk);
}

START_TEST(finishes)
{
	while (play_next_run()) {
		struct inputs inputs = draw_any();
		struct work *work = start(&inputs);
		play_run();
		play_expect_equal(work->status, 0,
			"what pool_map returns for %zu items, %d workers, chunks of %zu",
			inputs.count, inputs.workers, inputs.chunk);
	}
}
END_TEST

START_TEST(every_item_once)
{
	while (play_next_run()) {
		struct inputs inputs = draw_any();
		struct work *work = start(&inputs);
		play_run();
		for (size_t i = 0; i < inputs.count; i++)
			play_expect_equal(atomic_load(&work->notes[i].calls), 1,
				"how often item %zu of %zu was computed by %d workers in "
				"chunks of %zu",
				i, inputs.count, inputs.workers, inputs.chunk);
	}
}
END_TEST

START_TEST(results_in_order)
{
	while (play_next_run()) {
		struct inputs inputs = draw_any();
		struct work *work = start(&inputs);
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
		work->meeting = inputs.workers;
		enum play_end end = play_try_run();
		for (size_t i = 0; i < inputs.count; i++)
			play_expect(atomic_load(&work->notes[i].process) != work->caller,
				"Item %zu was computed by the process that called "
				"pool_map.",
				i);
		play_expect_equal(atomic_load(&work->arrived), workers,
			"how many processes worked at the same time, of %ld workers",
			workers);
		play_expect(end == PLAY_RETURNED, "pool_map did not return.");
	}
}
END_TEST

/* One call does not return until all items of the other chunks are done. */
START_TEST(idle_workers_take_more)
{
	while (play_next_run()) {
		long workers = play_choose(play_random(2, 4), 2);
		long chunk = play_choose(play_random(1, 5), 1);
		long chunks = play_choose(play_random(2 * workers, 20), 3);
		struct inputs inputs = draw(workers, chunks * chunk, chunk);
		struct work *work = start(&inputs);
		work->slow = (size_t)(play_random(0, chunks - 1) * chunk);
		work->others = (int)((chunks - 1) * chunk);
		enum play_end end = play_try_run();
		play_expect_equal(atomic_load(&work->others_done), (chunks - 1) * chunk,
			"how many items of other chunks were done while one was slow, by "
			"%ld workers in chunks of %ld",
			workers, chunk);
		play_expect(end == PLAY_RETURNED, "pool_map did not return.");
	}
}
END_TEST

START_TEST(no_process_is_left)
{
	while (play_next_run()) {
		struct inputs inputs = draw_any();
		start(&inputs);
		play_run();
		play_expect_equal(
			play_left_alive(), 0, "the number of processes left running");
		play_expect_equal(play_left_zombies(), 0,
			"the number of ended processes that nobody waited for");
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
	add(suite, "idle_workers_take_more", idle_workers_take_more);
	add(suite, "no_process_is_left", no_process_is_left);
	return suite;
}
