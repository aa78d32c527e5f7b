/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/checks.h>

#include <limits.h>

enum { ODD_ITEMS = 6 };

static struct work *new_work(int capacity)
{
	struct work *work = play_shared(sizeof(*work));
	buffer_init(&work->buffer, capacity);
	return work;
}

/* Items that tell who put them and as which. */
static void fill(struct party *party, int number, long count, long salt)
{
	party->tasks[number].count = (int)count;
	for (long i = 0; i < count; i++)
		party->tasks[number].items[i] = salt + i * MOST_TASKS + number;
}

static void meet_at(struct party *party, int capacity)
{
	struct work *work = new_work(capacity);
	party->capacity = capacity;
	for (int i = 0; i < MOST_TASKS; i++)
		party->tasks[i].work = work;
}

/* Every long is an item: also one that may stand for nothing elsewhere, or fits in no int. */
static long item_alone(long i, long salt)
{
	static const long odd[] = {0, -1, LONG_MIN, LONG_MAX, 1L << 40, -(1L << 40)};
	return i % 2 ? odd[i / 2 % ODD_ITEMS] : salt + i;
}

static const struct party *start_alone(int capacity, int batch, int rounds, long salt)
{
	struct notes *notes = play_notes(sizeof(*notes));
	struct party *party = &notes->party;
	meet_at(party, capacity);
	party->batch = batch;
	party->rounds = rounds;
	for (long i = 0; i < (long)batch * rounds; i++)
		party->tasks[0].items[i] = item_alone(i, salt);
	play_start("alone", party);
	return party;
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

static void expect_same_order(const struct party *party, int batch, int rounds, long salt)
{
	for (long i = 0; i < (long)batch * rounds; i++)
		play_expect_equal(party->tasks[1].items[i], item_alone(i, salt),
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
		const struct party *party = start_alone(capacity, batch, rounds, salt);
		play_run();
		expect_same_order(party, batch, rounds, salt);
	}
}
END_TEST

START_TEST(holds_as_many_as_it_should)
{
	while (play_next_run()) {
		int capacity = (int)play_choose(play_random(1, BUFFER_MOST), 2);
		long salt = play_random(1, 1000);
		const struct party *party = start_alone(capacity, capacity, 2, salt);
		play_expect(play_try_run() == PLAY_RETURNED,
			"%d items do not fit in a buffer for %d.", capacity, capacity);
		expect_same_order(party, capacity, 2, salt);
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
		struct notes *notes = play_notes(sizeof(*notes));
		struct walk *walk = &notes->walk;
		walk->capacity = 2;
		walk->count = 6;
		for (int i = 0; i < walk->count; i++)
			walk->works[i] = new_work(walk->capacity);
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
static struct task *start_waiting(
	struct task *task, const char *entry, int capacity, long count)
{
	task->work = new_work(capacity);
	task->count = (int)count;
	for (long i = 0; i < count; i++)
		task->items[i] = play_random(1, 1000);
	play_start(entry, task);
	return task;
}

static struct task *new_tasks(void)
{
	struct notes *notes = play_notes(sizeof(*notes));
	return notes->party.tasks;
}

static void expect_waits(const struct task *task, long before, const char *what)
{
	enum play_end end = play_try_run();
	play_expect_equal(task->done, before, "how many items %s", what);
	play_expect(end == PLAY_STUCK || end == PLAY_SPUN,
		"The process ended where it should have waited.");
}

START_TEST(waits_when_full)
{
	while (play_next_run()) {
		int capacity = (int)play_random(1, 4);
		expect_waits(
			start_waiting(new_tasks(), "produce", capacity, capacity + 3),
			capacity, "go into a buffer before the process waits");
	}
}
END_TEST

START_TEST(waits_when_empty)
{
	while (play_next_run())
		expect_waits(start_waiting(new_tasks(), "consume", 2, 1), 0,
			"come out of an empty buffer");
}
END_TEST

/* One who waits to put and one who waits to get, at two buffers. Who spins may hold the lock
 * just then; that is judged apart. */
START_TEST(waits_without_the_lock)
{
	while (play_next_run()) {
		struct task *tasks = new_tasks();
		struct work *full = start_waiting(&tasks[0], "produce", 2, 3)->work;
		struct work *empty = start_waiting(&tasks[1], "consume", 2, 1)->work;
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
		start_waiting(new_tasks(), "produce", 2, 3);
		expect_sleeps("full");
	}
}
END_TEST

START_TEST(waiting_to_get_costs_nothing)
{
	while (play_next_run()) {
		start_waiting(new_tasks(), "consume", 2, 1);
		expect_sleeps("empty");
	}
}
END_TEST

START_TEST(waiting_for_the_lock_costs_nothing)
{
	while (play_next_run()) {
		struct notes *notes = play_notes(sizeof(*notes));
		meet_at(&notes->party, 2);
		fill(&notes->party, 0, 2, play_random(1, 1000));
		notes->party.tasks[1].count = 1;
		play_start("hold", notes->party.tasks);
		play_expect(play_try_run() != PLAY_SPUN && !play_kept_busy(),
			"A process that waits for the lock keeps the processor busy.");
	}
}
END_TEST

/* How often the consumers got the item. */
static int times_got(const struct party *party, long item)
{
	int times = 0;
	for (int i = 0; i < party->consumers; i++) {
		const struct task *consumer = &party->tasks[party->producers + i];
		for (long k = 0; k < consumer->done; k++)
			times += consumer->items[k] == item;
	}
	return times;
}

static void plan_traffic(struct party *party, int capacity, int producers, int consumers,
	long each, long salt)
{
	meet_at(party, capacity);
	party->producers = producers;
	party->consumers = consumers;
	for (int i = 0; i < producers; i++)
		fill(party, i, each, salt);
	for (int i = producers; i < producers + consumers; i++)
		party->tasks[i].count = (int)(producers * each / consumers);
}

static void begin_at_once(struct party *party)
{
	for (int i = 0; i < MOST_TASKS; i++)
		party->tasks[i].gate = party->producers + party->consumers;
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
		struct notes *notes = play_notes(sizeof(*notes));
		plan_traffic(&notes->party, 1, producers, consumers, each, salt);
		if (play_choose(true, false))
			begin_at_once(&notes->party);
		plan_traffic(&notes->told, capacity, 2, 2, 1, salt);
		play_start("wait_and_be_told", notes);
		play_run();
	}
}
END_TEST

static void start_traffic(struct party *party)
{
	if (play_choose(true, false))
		begin_at_once(party);
	for (int i = 0; i < party->producers; i++)
		play_start("produce", &party->tasks[i]);
	for (int i = 0; i < party->consumers; i++)
		play_start("consume", &party->tasks[party->producers + i]);
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
		struct notes *notes = play_notes(sizeof(*notes));
		struct party *party = &notes->party;
		plan_traffic(party, capacity, producers, consumers, each, salt);
		start_traffic(party);
		play_run();
		for (int i = 0; i < producers; i++)
			for (long k = 0; k < each; k++)
				play_expect_equal(
					times_got(party, salt + k * MOST_TASKS + i), 1,
					"how often item %ld of producer %d comes out", k,
					i);
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
