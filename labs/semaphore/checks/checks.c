/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/checks.h>

/* A run that nobody ends takes its time: a few are enough, they are all alike. */
enum { WAITING_RUNS = 2 };

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

static void expect_waiting(enum play_end end, const char *when)
{
	play_expect(end == PLAY_STUCK || end == PLAY_SPUN,
		"The process ended %s, where it should have waited.", when);
}

/* A producer, with nobody who gets anything out, that has items for more than fit in. */
static enum play_end run_too_many(int capacity, long *put)
{
	struct work *work = new_work(capacity);
	fill(work, 0, capacity + 3, play_random(1, 1000));
	play_start("produce", &work->tasks[0]);
	enum play_end end = play_try_run();
	*put = work->tasks[0].done;
	return end;
}

START_TEST(holds_as_many_as_it_should)
{
	for (int run = 0; run < WAITING_RUNS && play_next_run(); run++) {
		int capacity = (int)play_random(1, BUFFER_MOST);
		long put = 0;
		enum play_end end = run_too_many(capacity, &put);
		play_expect_equal(
			put, capacity, "how many items fit in a buffer for %d", capacity);
		expect_waiting(end, "with the buffer full");
	}
}
END_TEST

static enum play_end run_empty(long *got)
{
	struct work *work = new_work((int)play_random(1, BUFFER_MOST));
	fill(work, 0, 1, 0);
	play_start("consume", &work->tasks[0]);
	enum play_end end = play_try_run();
	*got = work->tasks[0].done;
	return end;
}

START_TEST(empty_makes_wait)
{
	for (int run = 0; run < WAITING_RUNS && play_next_run(); run++) {
		long got = 0;
		enum play_end end = run_empty(&got);
		play_expect_equal(got, 0, "how many items come out of an empty buffer");
		expect_waiting(end, "with the buffer empty");
	}
}
END_TEST

START_TEST(waiting_costs_nothing)
{
	for (int run = 0; run < WAITING_RUNS && play_next_run(); run++) {
		long done = 0;
		bool full = run == 0;
		enum play_end end = full ? run_too_many(2, &done) : run_empty(&done);
		play_expect(end == PLAY_STUCK,
			"Waiting for a buffer that is %s takes up the processor.",
			full ? "full" : "empty");
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
		int capacity = (int)play_choose(play_random(1, 4), play_random(1, 2));
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
	add(suite, "empty_makes_wait", empty_makes_wait);
	add(suite, "waiting_costs_nothing", waiting_costs_nothing);
	add(suite, "nothing_is_lost_or_doubled", nothing_is_lost_or_doubled);
	return suite;
}
