/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/checks.h>

/* The referee's own copy of a list: the player can write on the shared one. */
struct list {
	size_t count;
	size_t chunk;
	long items[MOST_ITEMS];
	long takes_ms; /* in explore, if no time is lost */
};

/* A pool and the lists that it gets, one after the other. */
struct plan {
	struct work *work;
	int workers;
	int maxtasksperchild;
	long factor;
	int count;
	struct list lists[MOST_MAPS];
};

static struct plan plan_pool(long workers, long maxtasksperchild)
{
	struct plan plan = {.work = play_shared(sizeof(*plan.work)),
		.workers = (int)workers,
		.maxtasksperchild = (int)maxtasksperchild,
		.factor = play_random(2, 1000000)};
	plan.work->workers = plan.workers;
	plan.work->maxtasksperchild = plan.maxtasksperchild;
	plan.work->factor = plan.factor;
	plan.work->most_prepared = (int)play_choose(1000, 60);
	play_start("use", plan.work);
	return plan;
}

static struct notes *notes_of_run(void)
{
	return play_notes(sizeof(struct notes));
}

/* What the function is to do with the list that was added last. */
static struct conduct *conduct_of_last(const struct plan *plan)
{
	return &notes_of_run()->maps[plan->count - 1].conduct;
}

/* What stands behind the last result is none of the pool's. */
static const struct pool_result stranger = {-1, 1};

/* Gives the pool one more list, of items that are all different. */
static struct map *add_list(struct plan *plan, long count, long chunk)
{
	struct map *map = &plan->work->maps[plan->count];
	struct list *list = &plan->lists[plan->count];
	list->count = map->count = (size_t)count;
	list->chunk = map->chunk = (size_t)chunk;
	for (long i = 0; i < count; i++) {
		list->items[i] = (plan->count * MOST_ITEMS + i) * ITEM_SPREAD +
				 play_random(1, ITEM_SPREAD - 1);
		map->items[i] = list->items[i];
	}
	map->results[count] = stranger;
	map->returned = -1;
	plan->work->maps_count = ++plan->count;
	conduct_of_last(plan)->chunk = list->chunk;
	return map;
}

/* Lists of every shape: full chunks and a short one, no item, fewer items than a chunk,
 * fewer chunks than workers. */
static void add_shapes(struct plan *plan)
{
	long chunk = play_choose(play_random(2, 7), 2);
	long full = play_choose(play_random(1, 20), 1);
	add_list(plan, full * chunk + play_random(1, chunk - 1), chunk);
	add_list(plan, 0, chunk);
	add_list(plan, chunk - 1, chunk);
	add_list(plan, play_choose(play_random(1, plan->workers), 1), 1);
}

START_TEST(finishes)
{
	while (play_next_run()) {
		struct plan plan = plan_pool(play_choose(play_random(1, 4), 2), 0);
		add_shapes(&plan);
		play_run();
		play_expect(!plan.work->no_pool, "pool_create returned NULL.");
		for (int i = 0; i < plan.count; i++)
			play_expect_equal(plan.work->maps[i].returned, 0,
				"what pool_map returns for %zu items in chunks of %zu",
				plan.lists[i].count, plan.lists[i].chunk);
	}
}
END_TEST

static void expect_each_once(const struct plan *plan)
{
	for (int i = 0; i < plan->count; i++)
		for (size_t k = 0; k < plan->lists[i].count; k++)
			play_expect_equal(
				atomic_load(&notes_of_run()->maps[i].items[k].calls), 1,
				"how often item %zu of %zu, in chunks of %zu, was "
				"computed",
				k, plan->lists[i].count, plan->lists[i].chunk);
	play_expect_equal(atomic_load(&notes_of_run()->strangers), 0,
		"how often the function was called for what is not in the list");
}

START_TEST(every_item_once)
{
	while (play_next_run()) {
		struct plan plan = plan_pool(play_choose(play_random(2, 4), 2),
			play_choose(play_random(0, 3), 0));
		add_shapes(&plan);
		play_run();
		expect_each_once(&plan);
	}
}
END_TEST

static void expect_result(const struct plan *plan, int map, size_t index)
{
	long item = plan->lists[map].items[index];
	const struct pool_result *result = &plan->work->maps[map].results[index];
	play_expect_equal(result->failed, 0, "results[%zu].failed, of %zu items", index,
		plan->lists[map].count);
	play_expect_equal(result->value, item * plan->factor % MODULUS + map % 2,
		"results[%zu].value of %zu, for items[%zu] = %ld", index,
		plan->lists[map].count, index, item);
}

/* The first item is slow, so that others are ready before it. What an earlier list left in
 * the results does not count. */
START_TEST(results_in_order)
{
	while (play_next_run()) {
		long chunk = play_choose(play_random(1, 5), play_random(1, 2));
		long chunks = play_choose(play_random(3, 20), 2);
		struct plan plan = plan_pool(play_choose(play_random(2, 4), 2),
			play_choose(play_random(0, 3), 1));
		struct map *map = add_list(&plan, chunks * chunk, chunk);
		conduct_of_last(&plan)->others = (int)((chunks - 1) * chunk);
		plan.work->patience_ms = 20;
		for (size_t i = 0; i < map->count; i++)
			map->results[i] = stranger;
		play_run();
		for (size_t i = 0; i < plan.lists[0].count; i++)
			expect_result(&plan, 0, i);
		const struct pool_result *behind = &map->results[plan.lists[0].count];
		play_expect(behind->value == stranger.value &&
				    behind->failed == stranger.failed,
			"What stands behind the last of %zu results is changed.",
			plan.lists[0].count);
	}
}
END_TEST

/* Every worker waits in its first call until all the others are in theirs: items that are
 * worked on one after the other would wait for ever. There are chunks enough for all. */
static void add_meeting(struct plan *plan)
{
	long chunk = play_choose(play_random(1, 3), 1);
	add_list(plan, (plan->workers + 1) * chunk, chunk);
	conduct_of_last(plan)->meeting = plan->workers;
	plan->lists[plan->count - 1].takes_ms = MOMENT_MS;
}

static void expect_meeting(const struct plan *plan, int map)
{
	const struct seen *met = &notes_of_run()->maps[map];
	for (size_t i = 0; i < plan->lists[map].count; i++)
		play_expect(atomic_load(&met->items[i].calls) == 0 ||
				    atomic_load(&met->items[i].worker) != 0,
			"Item %zu was computed by the process that called pool_map.", i);
	play_expect_equal(atomic_load(&met->arrived), plan->workers,
		"how many processes worked at the same time, in a pool of %d",
		plan->workers);
	play_expect_equal(atomic_load(&met->company), (long)plan->workers * plan->workers,
		"how many came before one left, for %d workers added up", plan->workers);
}

/* The first list has less than enough for all: who finds nothing to do stays as well. */
START_TEST(workers_stay)
{
	while (play_next_run()) {
		struct plan plan = plan_pool(play_choose(play_random(2, 5), 2), 0);
		add_list(&plan, 1, 1);
		add_meeting(&plan);
		add_meeting(&plan);
		enum play_end end = play_try_run();
		expect_meeting(&plan, 1);
		expect_meeting(&plan, 2);
		play_expect_equal(atomic_load(&notes_of_run()->workers_seen),
			plan.workers,
			"how many processes computed items of three lists, in a pool of "
			"%d whose workers stay",
			plan.workers);
		play_expect_equal(atomic_load(&notes_of_run()->workers_late), 0,
			"how many of these processes were started after pool_create");
		int prepared = atomic_load(&notes_of_run()->workers_prepared);
		play_expect(prepared <= plan.workers,
			"%d processes called the initializer, in a pool of %d whose "
			"workers stay.",
			prepared, plan.workers);
		play_expect(end == PLAY_RETURNED, "The pool did not come to an end.");
	}
}
END_TEST

static void expect_prepared(const struct plan *plan, int map, int times)
{
	const struct seen *mapped = &notes_of_run()->maps[map];
	for (size_t i = 0; i < plan->lists[map].count; i++)
		if (atomic_load(&mapped->items[i].calls) > 0)
			play_expect_equal(atomic_load(&mapped->items[i].prepared), times,
				"how often initializer(argument) was called in the "
				"process that computes an item");
}

/* Two pools take turns, and one of them has no initializer. */
START_TEST(initializer_runs_first)
{
	while (play_next_run()) {
		long workers = play_choose(play_random(1, 4), 2);
		struct plan plan = plan_pool(workers, play_choose(play_random(0, 4), 2));
		plan.work->two_pools = 1;
		add_list(&plan, 1, 1);
		add_list(&plan, play_choose(play_random(1, 40), 3), 1);
		add_list(&plan, 1, 1);
		add_list(&plan, play_choose(play_random(1, 40), 1), 1);
		play_run();
		for (int map = 0; map < plan.count; map++)
			expect_prepared(&plan, map, map % 2);
	}
}
END_TEST

/* How many chunks of all lists the worker with this number did. */
static int chunks_of(const struct plan *plan, int worker)
{
	int chunks = 0;
	for (int map = 0; map < plan->count; map++) {
		const struct list *list = &plan->lists[map];
		for (size_t i = 0; i < list->count; i += list->chunk)
			chunks +=
				atomic_load(&notes_of_run()->maps[map].items[i].worker) ==
				worker;
	}
	return chunks;
}

static void expect_whole_chunks(const struct plan *plan, int map)
{
	const struct list *list = &plan->lists[map];
	const struct note *notes = notes_of_run()->maps[map].items;
	for (size_t i = 0; i < list->count; i++)
		play_expect_equal(atomic_load(&notes[i].worker),
			atomic_load(&notes[i - i % list->chunk].worker),
			"which worker computed item %zu, in chunks of %zu, by the "
			"one that computed the first of its chunk",
			i, list->chunk);
}

/* Only the last ones, that nobody has replaced yet, may have done less than they could. */
START_TEST(workers_are_replaced)
{
	while (play_next_run()) {
		long workers = play_choose(play_random(1, 4), 2);
		struct plan plan = plan_pool(workers, play_choose(play_random(1, 4), 2));
		long chunk = play_choose(play_random(1, 4), 3);
		add_list(&plan, play_choose(play_random(1, 30), 3) * chunk, chunk);
		add_list(&plan, play_choose(play_random(1, 20), 2) * chunk, chunk);
		play_run();
		expect_whole_chunks(&plan, 0);
		expect_whole_chunks(&plan, 1);
		int seen = atomic_load(&notes_of_run()->workers_seen);
		int unfinished = 0;
		for (int worker = 1; worker <= seen; worker++) {
			int chunks = chunks_of(&plan, worker);
			play_expect(chunks <= plan.maxtasksperchild,
				"A worker did %d chunks; maxtasksperchild is %d.", chunks,
				plan.maxtasksperchild);
			unfinished += chunks < plan.maxtasksperchild;
		}
		play_expect(unfinished <= plan.workers,
			"%d workers did fewer chunks than maxtasksperchild, in a pool of "
			"%d.",
			unfinished, plan.workers);
	}
}
END_TEST

static void add_slow(struct plan *plan, long chunks, long chunk, long slow)
{
	add_list(plan, chunks * chunk, chunk);
	conduct_of_last(plan)->slow = (size_t)(slow * chunk);
	conduct_of_last(plan)->others = (int)((chunks - 1) * chunk);
}

/* One call does not return until all items of the other chunks are done: by others, who are
 * replaced meanwhile. The chunk is the first, and then the last. */
START_TEST(nobody_waits_for_a_slow_item)
{
	while (play_next_run()) {
		long chunk = play_choose(play_random(1, 4), 1);
		long chunks = play_choose(play_random(4, 20), 4);
		struct plan plan = plan_pool(play_choose(play_random(2, 4), 2),
			play_choose(play_random(0, 2), 1));
		add_slow(&plan, chunks, chunk, 0);
		add_slow(&plan, chunks, chunk, chunks - 1);
		enum play_end end = play_try_run();
		for (int map = 0; map < plan.count; map++)
			play_expect_equal(
				atomic_load(&notes_of_run()->maps[map].done_before),
				(chunks - 1) * chunk,
				"how many items of other chunks were done while one was "
				"slow, by a pool of %d with maxtasksperchild %d",
				plan.workers, plan.maxtasksperchild);
		play_expect(end == PLAY_RETURNED, "The pool did not come to an end.");
	}
}
END_TEST

/* The first so many items' calls sleep for so long, in which others can work. */
static void let_take_time(struct plan *plan, size_t items, int ms)
{
	conduct_of_last(plan)->slow_count = items;
	conduct_of_last(plan)->takes_ms = ms;
	plan->lists[plan->count - 1].takes_ms = ms;
}

/* Asked where time passes only when nobody can go on. */
static void expect_no_time_lost(const struct plan *plan)
{
	for (int map = 0; map < plan->count && !play_time_jumped(); map++) {
		long lost =
			plan->work->maps[map].milliseconds - plan->lists[map].takes_ms;
		play_expect(lost <= 0,
			"For %ld ms of pool_map nobody worked: each process slept "
			"until its time was over.",
			lost);
	}
}

/* In the first list each chunk's worker is the only one, and leaves. In the second one
 * worker has nothing to do while the other is in its call. Who looks for deaths again
 * although no time has passed goes round in a loop as well: that is judged where time does
 * not jump. */
START_TEST(no_time_is_lost)
{
	while (play_next_run()) {
		struct plan plan = plan_pool(2, 0);
		plan.work->two_pools = 1;
		add_list(&plan, 4, 1);
		add_list(&plan, 2, 1);
		let_take_time(&plan, 1, 10);
		play_run();
		expect_no_time_lost(&plan);
		play_expect(play_time_jumped() || !play_kept_busy(),
			"A process that waits keeps the processor busy.");
	}
}
END_TEST

/* The first list's end may be the end of all workers, and the second needs them all. */
START_TEST(replacements_come_at_once)
{
	while (play_next_run()) {
		struct plan plan = plan_pool(2, 1);
		add_list(&plan, plan.workers, 1);
		add_meeting(&plan);
		play_run();
		expect_no_time_lost(&plan);
	}
}
END_TEST

/* Up to three of the first list's items are deadly, in turn by a signal and by exit: in
 * explore the first of a chunk, one in the middle, and the last. Fills in which. */
static void add_deadly(struct plan *plan, bool *deadly)
{
	long chunk = play_choose(play_random(1, 5), 3);
	long chunks = play_choose(play_random(2, 10), 2);
	long last = chunks * chunk - 1;
	long indices[] = {0, play_choose(play_random(1, last), last - 1),
		play_choose(play_random(1, last), last)};
	struct map *map = add_list(plan, chunks * chunk, chunk);
	plan->work->exit_code = (int)play_choose(play_random(0, 2), 0);
	for (size_t i = 0; i < map->count; i++)
		map->results[i].failed = 1;
	for (long i = play_choose(play_random(0, 2), 0); i < 3; i++) {
		conduct_of_last(plan)->fates[indices[i]] =
			i % 2 == 0 ? IS_KILLED : CALLS_EXIT;
		deadly[indices[i]] = true;
	}
}

/* What stands in its results already looks like deaths. */
static void add_list_after_deaths(struct plan *plan)
{
	struct map *map = add_list(plan, play_choose(play_random(1, 40), 3), 1);
	for (size_t i = 0; i < map->count; i++)
		map->results[i] = stranger;
}

/* The second list has no deaths. */
START_TEST(a_death_costs_one_item)
{
	while (play_next_run()) {
		bool deadly[MOST_ITEMS] = {false};
		struct plan plan = plan_pool(play_choose(play_random(1, 4), 2),
			play_choose(play_random(0, 3), 0));
		add_deadly(&plan, deadly);
		add_list_after_deaths(&plan);
		play_run();
		long failed = 0;
		expect_each_once(&plan);
		for (size_t i = 0; i < plan.lists[0].count; i++) {
			failed += deadly[i];
			if (deadly[i])
				play_expect_equal(plan.work->maps[0].results[i].failed, 1,
					"results[%zu].failed, of an item that a worker "
					"died of",
					i);
			else
				expect_result(&plan, 0, i);
		}
		play_expect_equal(plan.work->maps[0].returned, failed,
			"what pool_map returns when workers died of %ld items", failed);
		for (size_t i = 0; i < plan.lists[1].count; i++)
			expect_result(&plan, 1, i);
		play_expect_equal(plan.work->maps[1].returned, 0,
			"what pool_map returns for the list after that, of which nobody "
			"died");
	}
}
END_TEST

/* A worker dies at once of the first item of a chunk, which has two. In the first list
 * nobody else has anything to do. In the second the other worker has news every 10 ms. */
START_TEST(a_death_is_noticed_soon)
{
	while (play_next_run()) {
		struct plan plan = plan_pool(2, 0);
		for (int map = 0; map < 2; map++) {
			add_list(&plan, map == 0 ? 2 : 26, 2);
			conduct_of_last(&plan)->fates[0] = IS_KILLED;
			let_take_time(&plan, plan.lists[map].count, 5);
		}
		play_run();
		for (int map = 0; map < 2 && !play_time_jumped(); map++) {
			long begun =
				atomic_load(&notes_of_run()->maps[map].items[1].begun_ms);
			play_expect(begun <= 100,
				"%ld ms after a worker had died of the first item of a "
				"chunk the next one was begun.",
				begun);
		}
	}
}
END_TEST

/* Also the rest of a dead one's chunk needs a worker that has called the initializer. */
START_TEST(the_dead_are_replaced)
{
	while (play_next_run()) {
		bool deadly[MOST_ITEMS] = {false};
		struct plan plan = plan_pool(play_choose(play_random(2, 4), 2), 0);
		add_deadly(&plan, deadly);
		add_meeting(&plan);
		enum play_end end = play_try_run();
		expect_prepared(&plan, 0, 1);
		expect_meeting(&plan, 1);
		expect_prepared(&plan, 1, 1);
		play_expect(end == PLAY_RETURNED, "The pool did not come to an end.");
	}
}
END_TEST

START_TEST(no_process_is_left)
{
	while (play_next_run()) {
		struct plan plan = plan_pool(play_choose(play_random(1, 4), 2),
			play_choose(play_random(0, 3), 2));
		add_list(&plan, play_choose(play_random(1, 40), 2), 1);
		add_list(&plan, play_choose(play_random(0, 5), 1), 1);
		play_run();
		play_expect_equal(
			play_left_alive(), 0, "the number of processes left running");
		play_expect_equal(play_left_zombies(), 0,
			"the number of ended processes that nobody waited for");
		play_expect_equal(atomic_load(&notes_of_run()->workers_flushed),
			atomic_load(&notes_of_run()->workers_seen),
			"how many workers ended by themselves, so that their output was "
			"written");
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
	Suite *suite = suite_create("pool");
	add(suite, "finishes", finishes);
	add(suite, "every_item_once", every_item_once);
	add(suite, "results_in_order", results_in_order);
	add(suite, "workers_stay", workers_stay);
	add(suite, "initializer_runs_first", initializer_runs_first);
	add(suite, "workers_are_replaced", workers_are_replaced);
	add(suite, "nobody_waits_for_a_slow_item", nobody_waits_for_a_slow_item);
	add(suite, "no_time_is_lost", no_time_is_lost);
	add(suite, "replacements_come_at_once", replacements_come_at_once);
	add(suite, "a_death_costs_one_item", a_death_costs_one_item);
	add(suite, "a_death_is_noticed_soon", a_death_is_noticed_soon);
	add(suite, "the_dead_are_replaced", the_dead_are_replaced);
	add(suite, "no_process_is_left", no_process_is_left);
	return suite;
}
