/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/checks.h>

static struct work *new_work(int capacity)
{
	struct work *work = play_shared(sizeof(*work));
	work->capacity = capacity;
	buffer_init(&work->buffer, capacity);
	return work;
}

/* Items that tell who put them and as which. */
static void fill(struct work *work, int number, long count, long salt)
{
	work->tasks[number].work = work;
	work->tasks[number].count = count;
	for (long i = 0; i < count; i++)
		work->tasks[number].items[i] = salt + i * MOST_TASKS + number;
}

static struct work *start_alone(int capacity, int batch, int rounds, long salt)
{
	struct work *work = new_work(capacity);
	work->batch = batch;
	work->rounds = rounds;
	fill(work, 0, (long)batch * rounds, salt);
	play_start("alone", work);
	return work;
}

START_TEST(finishes)
{
	while (play_next_run()) {
		int capacity = (int)play_random(2, BUFFER_MOST);
		start_alone(capacity, 1, 1, play_random(1, 1000));
		play_run();
	}
}
END_TEST

static void expect_same_order(const struct work *work, int batch, int rounds, long salt)
{
	for (long i = 0; i < (long)batch * rounds; i++)
		play_expect_equal(work->tasks[1].items[i], salt + i * MOST_TASKS,
			"item %ld that comes out, when %d at a time are put in", i,
			batch);
}

/* Batches that do not divide the capacity, so that items lie across the array's end. */
START_TEST(keeps_the_order)
{
	while (play_next_run()) {
		int capacity = (int)play_choose(play_random(4, BUFFER_MOST), 3);
		int batch = capacity - 1;
		int rounds = (int)play_choose(play_random(2 * BUFFER_MOST, 100), 3);
		long salt = play_random(1, 1000);
		struct work *work = start_alone(capacity, batch, rounds, salt);
		play_run();
		expect_same_order(work, batch, rounds, salt);
	}
}
END_TEST

START_TEST(holds_as_many_as_it_should)
{
	while (play_next_run()) {
		int capacity = (int)play_choose(play_random(1, BUFFER_MOST), 2);
		long salt = play_random(1, 1000);
		struct work *work = start_alone(capacity, capacity, 2, salt);
		play_expect(play_try_run() == PLAY_RETURNED,
			"%d items do not fit in a buffer for %d.", capacity, capacity);
		expect_same_order(work, capacity, 2, salt);
	}
}
END_TEST

/* One process puts more than fits into a buffer, another one gets from an empty one, and
 * nobody helps them. */
struct waiting {
	struct work *full;
	struct work *empty;
	int capacity;
	enum play_end end;
};

static struct waiting run_waiting(void)
{
	struct waiting waiting = {.capacity = (int)play_random(1, 3)};
	waiting.full = new_work(waiting.capacity);
	waiting.empty = new_work(waiting.capacity);
	fill(waiting.full, 0, waiting.capacity + 3, play_random(1, 1000));
	fill(waiting.empty, 0, 1, 0);
	play_start("produce", &waiting.full->tasks[0]);
	play_start("consume", &waiting.empty->tasks[0]);
	waiting.end = play_try_run();
	return waiting;
}

START_TEST(waits_when_it_must)
{
	while (play_next_run()) {
		struct waiting waiting = run_waiting();
		play_expect_equal(waiting.full->tasks[0].done, waiting.capacity,
			"how many items go into a buffer for %d before the process waits",
			waiting.capacity);
		play_expect_equal(waiting.empty->tasks[0].done, 0,
			"how many items come out of an empty buffer");
		play_expect(waiting.end == PLAY_STUCK || waiting.end == PLAY_SPUN,
			"The processes ended where they should have waited.");
	}
}
END_TEST

START_TEST(waiting_costs_nothing)
{
	while (play_next_run()) {
		struct waiting waiting = run_waiting();
		play_expect(waiting.end == PLAY_STUCK && !play_kept_busy(),
			"A process that waits for a place or for an item keeps the "
			"processor busy.");
	}
}
END_TEST

/* How often the consumers got the item. */
static int times_got(const struct work *work, int producers, int consumers, long item)
{
	int times = 0;
	for (int consumer = producers; consumer < producers + consumers; consumer++)
		for (long i = 0; i < work->tasks[consumer].done; i++)
			times += work->tasks[consumer].items[i] == item;
	return times;
}

START_TEST(nothing_is_lost_or_doubled)
{
	while (play_next_run()) {
		/* A place for each producer of the small instance: both are in at once. */
		int capacity = (int)play_choose(play_random(1, 4), 2);
		int producers = (int)play_choose(play_random(1, 3), 2);
		int consumers = (int)play_choose(play_random(1, 3), 1);
		long each = play_choose(play_random(20, 60), 1) * consumers;
		long salt = play_random(1, 1000);
		struct work *work = new_work(capacity);
		work->gate = (int)play_choose(producers + consumers, 0);
		for (int i = 0; i < producers; i++) {
			fill(work, i, each, salt);
			play_start("produce", &work->tasks[i]);
		}
		for (int i = producers; i < producers + consumers; i++) {
			work->tasks[i].work = work;
			work->tasks[i].count = producers * each / consumers;
			play_start("consume", &work->tasks[i]);
		}
		play_run();
		for (int i = 0; i < producers; i++)
			for (long k = 0; k < each; k++)
				play_expect_equal(times_got(work, producers, consumers,
							  salt + k * MOST_TASKS + i),
					1, "how often item %ld of producer %d comes out",
					k, i);
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
	Suite *suite = suite_create("semaphore");
	add(suite, "finishes", finishes);
	add(suite, "keeps_the_order", keeps_the_order);
	add(suite, "holds_as_many_as_it_should", holds_as_many_as_it_should);
	add(suite, "waits_when_it_must", waits_when_it_must);
	add(suite, "waiting_costs_nothing", waiting_costs_nothing);
	add(suite, "nothing_is_lost_or_doubled", nothing_is_lost_or_doubled);
	return suite;
}
