/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/checks.h>

#include <limits.h>

enum { ODD_ITEMS = 6 };

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

/* Every long is an item: also one that may stand for nothing elsewhere, or fits in no int. */
static long item_alone(long i, long salt)
{
	static const long odd[] = {0, -1, LONG_MIN, LONG_MAX, 1L << 40, -(1L << 40)};
	return i % 2 ? odd[i / 2 % ODD_ITEMS] : salt + i;
}

static struct work *start_alone(int capacity, int batch, int rounds, long salt)
{
	struct work *work = new_work(capacity);
	work->batch = batch;
	work->rounds = rounds;
	fill(work, 0, (long)batch * rounds, salt);
	for (long i = 0; i < work->tasks[0].count; i++)
		work->tasks[0].items[i] = item_alone(i, salt);
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
		play_expect_equal(work->tasks[1].items[i], item_alone(i, salt),
			"item %ld that comes out when %d at a time are put in", i, batch);
}

/* Batches that do not divide the capacity, so that items lie across the array's end. */
START_TEST(keeps_the_order)
{
	while (play_next_run()) {
		int capacity = (int)play_choose(play_random(4, BUFFER_MOST), 3);
		int batch = capacity - 1;
		int rounds =
			(int)play_choose(play_random(2 * BUFFER_MOST, 100), ODD_ITEMS);
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

/* Whether nobody holds the lock, and nobody died holding it. */
static bool was_released(struct work *work)
{
	if (mp_lock_try_acquire(&work->buffer.lock) != MP_OK)
		return false;
	mp_lock_release(&work->buffer.lock);
	return true;
}

/* Two places and up to six calls: the buffer gets full, gets empty, and is used again from
 * the array's beginning. */
START_TEST(lock_is_free_afterwards)
{
	while (play_next_run()) {
		struct walk *walk = play_shared(sizeof(*walk));
		walk->count = 6;
		for (int i = 0; i < walk->count; i++)
			walk->works[i] = new_work(2);
		play_start("walk", walk);
		play_run();
		for (int i = 0; i < 6; i++)
			play_expect(was_released(walk->works[i]),
				"The lock is still held after %s has returned, call %d "
				"with a buffer for 2.",
				i % 4 < 2 ? "buffer_put" : "buffer_get", i + 1);
	}
}
END_TEST

/* One process that has to wait, and nobody who helps it. */
static struct work *start_waiting(const char *entry, int capacity, long count)
{
	struct work *work = new_work(capacity);
	fill(work, 0, count, play_random(1, 1000));
	play_start(entry, &work->tasks[0]);
	return work;
}

static void expect_waits(const struct work *work, long before, const char *what)
{
	enum play_end end = play_try_run();
	play_expect_equal(work->tasks[0].done, before, "how many items %s", what);
	play_expect(end == PLAY_STUCK || end == PLAY_SPUN,
		"The process ended where it should have waited.");
}

START_TEST(waits_when_full)
{
	while (play_next_run()) {
		int capacity = (int)play_random(1, 4);
		expect_waits(start_waiting("produce", capacity, capacity + 3), capacity,
			"go into a buffer before the process waits");
	}
}
END_TEST

START_TEST(waits_when_empty)
{
	while (play_next_run())
		expect_waits(
			start_waiting("consume", 2, 1), 0, "come out of an empty buffer");
}
END_TEST

/* One who waits to put and one who waits to get, at two buffers. Who spins may hold the lock
 * just then; that is judged apart. */
START_TEST(waits_without_the_lock)
{
	while (play_next_run()) {
		struct work *full = start_waiting("produce", 2, 3);
		struct work *empty = start_waiting("consume", 2, 1);
		if (play_try_run() != PLAY_STUCK)
			continue;
		play_expect(was_released(full),
			"A process that waits for a place in buffer_put holds the lock, "
			"so "
			"that nobody else can get at the buffer.");
		play_expect(was_released(empty),
			"A process that waits for an item in buffer_get holds the lock, "
			"so "
			"that nobody else can get at the buffer.");
	}
}
END_TEST

static void expect_sleeps(const char *how)
{
	play_expect(play_try_run() == PLAY_STUCK && !play_kept_busy(),
		"A process that waits for a buffer that is %s keeps the processor busy.",
		how);
}

START_TEST(waiting_to_put_costs_nothing)
{
	while (play_next_run()) {
		start_waiting("produce", 2, 3);
		expect_sleeps("full");
	}
}
END_TEST

START_TEST(waiting_to_get_costs_nothing)
{
	while (play_next_run()) {
		start_waiting("consume", 2, 1);
		expect_sleeps("empty");
	}
}
END_TEST

START_TEST(waiting_for_the_lock_costs_nothing)
{
	while (play_next_run()) {
		struct work *work = new_work(2);
		fill(work, 0, 2, play_random(1, 1000));
		work->tasks[1].work = work;
		work->tasks[1].count = 1;
		play_start("hold", work);
		play_expect(play_try_run() != PLAY_SPUN && !play_kept_busy(),
			"A process that waits for the lock keeps the processor busy.");
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

static struct work *new_traffic(
	int capacity, int producers, int consumers, long each, long salt)
{
	struct work *work = new_work(capacity);
	work->producers = producers;
	work->consumers = consumers;
	for (int i = 0; i < producers; i++)
		fill(work, i, each, salt);
	for (int i = producers; i < producers + consumers; i++) {
		work->tasks[i].work = work;
		work->tasks[i].count = producers * each / consumers;
	}
	return work;
}

/* One place for all, so that everybody has to wait for somebody. Then a buffer where several
 * wait for a place while there are items in, and several for an item while there are places. */
START_TEST(nobody_waits_for_ever)
{
	while (play_next_run()) {
		int producers = (int)play_choose(play_random(2, 3), 2);
		int consumers = (int)play_choose(play_random(2, 3), 2);
		long each = play_choose(play_random(20, 60) * consumers, 1);
		int capacity = (int)play_choose(play_random(4, BUFFER_MOST), 4);
		long salt = play_random(1, 1000);
		struct waits *waits = play_shared(sizeof(*waits));
		waits->one_place = new_traffic(1, producers, consumers, each, salt);
		waits->one_place->gate = (int)play_choose(producers + consumers, 0);
		waits->told = new_traffic(capacity, 2, 2, 1, salt);
		play_start("wait_and_be_told", waits);
		play_run();
	}
}
END_TEST

static struct work *start_traffic(
	int capacity, int producers, int consumers, long each, long salt)
{
	struct work *work = new_traffic(capacity, producers, consumers, each, salt);
	work->gate = (int)play_choose(producers + consumers, 0);
	for (int i = 0; i < producers; i++)
		play_start("produce", &work->tasks[i]);
	for (int i = producers; i < producers + consumers; i++)
		play_start("consume", &work->tasks[i]);
	return work;
}

/* The small instance has a place for each producer, so that both are in at once, and more
 * items than places, so that a place is used again. */
START_TEST(nothing_is_lost_or_doubled)
{
	while (play_next_run()) {
		int capacity = (int)play_choose(play_random(1, 4), 2);
		int producers = (int)play_choose(play_random(1, 3), 2);
		int consumers = (int)play_choose(play_random(1, 3), 2);
		long each = play_choose(play_random(20, 60) * consumers, 3);
		long salt = play_random(1, 1000);
		struct work *work =
			start_traffic(capacity, producers, consumers, each, salt);
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
	add(suite, "lock_is_free_afterwards", lock_is_free_afterwards);
	add(suite, "waits_when_full", waits_when_full);
	add(suite, "waits_when_empty", waits_when_empty);
	add(suite, "waits_without_the_lock", waits_without_the_lock);
	add(suite, "waiting_to_put_costs_nothing", waiting_to_put_costs_nothing);
	add(suite, "waiting_to_get_costs_nothing", waiting_to_get_costs_nothing);
	add(suite, "waiting_for_the_lock_costs_nothing",
		waiting_for_the_lock_costs_nothing);
	add(suite, "nobody_waits_for_ever", nobody_waits_for_ever);
	add(suite, "nothing_is_lost_or_doubled", nothing_is_lost_or_doubled);
	return suite;
}
