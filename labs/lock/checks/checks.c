/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/checks.h>

static struct work *new_work(int workers, long turns)
{
	struct work *work = play_shared(sizeof(*work));
	work->workers = workers;
	work->turns = turns;
	work->gate = (int)play_choose(workers, 0);
	return work;
}

static void expect_answer(
	const struct notes *notes, int number, int expected, const char *what)
{
	play_expect(notes->answers[number] == expected, "%s", what);
}

START_TEST(sem_works_alone)
{
	while (play_next_run()) {
		const struct notes *notes = play_notes(sizeof(*notes));
		struct work *work =
			new_work(1, play_choose(play_random(1, 50), play_random(2, 4)));
		play_start("sem_alone", work);
		play_run();
		expect_answer(notes, 0, false,
			"sem_lock_try_acquire says that it got a lock that was held.");
		expect_answer(notes, 1, true,
			"sem_lock_try_acquire says that it did not get a lock that was "
			"free.");
		expect_answer(notes, 2, false,
			"A lock that sem_lock_try_acquire got is free all the same.");
		play_expect(!play_choose(0, 1) || notes->passed_ms == 0,
			"sem_lock_try_acquire waits for a lock that is held.");
	}
}
END_TEST

static struct work *run_sem(const char *entry, int workers, long turns, int pauses)
{
	struct work *work = new_work(workers, turns);
	work->pauses = pauses;
	play_start(entry, work);
	play_run();
	return work;
}

START_TEST(sem_lets_all_in)
{
	while (play_next_run()) {
		play_notes(sizeof(struct notes));
		run_sem("sem_family", (int)play_choose(play_random(2, MOST_WORKERS), 3),
			play_choose(play_random(20, 50), 1), false);
	}
}
END_TEST

static void expect_updates(
	const struct work *work, const struct notes *notes, long workers, long turns)
{
	play_expect_equal(work->updates, workers * turns,
		"the number that %ld processes count up to, %ld times each, holding the "
		"lock",
		workers, turns);
	play_expect_equal(notes->updates, workers * turns,
		"how often %ld processes that want the lock %ld times each got it",
		workers, turns);
}

START_TEST(sem_excludes)
{
	while (play_next_run()) {
		const struct notes *notes = play_notes(sizeof(*notes));
		int workers = (int)play_choose(play_random(2, MOST_WORKERS), 2);
		long turns = play_choose(play_random(5, 15), 2);
		const struct work *work = run_sem("sem_rivals", workers, turns, true);
		expect_updates(work, notes, workers, turns);
		play_expect_equal(notes->answers[0] + notes->answers[1], 1,
			"how many of two processes that try at once get the free lock");
	}
}
END_TEST

static void expect_not_busy(enum play_end end)
{
	play_expect(end != PLAY_SPUN && !play_kept_busy(),
		"A process that waits for the lock does not sleep until it is free, but "
		"looks again and again.");
}

/* One process holds the lock for good in the end, and others want it. */
static void expect_sleep(void)
{
	enum play_end end = play_try_run();
	expect_not_busy(end);
	play_expect(end == PLAY_STUCK, "A process that should wait for the lock ended.");
}

START_TEST(sem_waiter_sleeps)
{
	while (play_next_run()) {
		const struct notes *notes = play_notes(sizeof(*notes));
		struct work *work = new_work(0, 1);
		play_start("sem_holder", work);
		expect_sleep();
		play_expect_equal(notes->updates, 0,
			"how many processes got in while the lock was held");
	}
}
END_TEST

START_TEST(sem_bears_signals)
{
	while (play_next_run()) {
		const struct notes *notes = play_notes(sizeof(*notes));
		struct work *work = new_work(1, 1);
		work->gate = 0;
		work->signals = (int)play_choose(3, 2);
		work->pauses = (int)play_choose(1, 0);
		play_start("sem_signals", work);
		play_run();
		expect_not_busy(PLAY_RETURNED);
		play_expect_equal(notes->answers[0], 0,
			"how many processes got in while the lock was held and a signal "
			"came");
		play_expect_equal(notes->updates, 1,
			"how many processes got in in the end, one having waited");
	}
}
END_TEST

START_TEST(futex_works_alone)
{
	while (play_next_run()) {
		const struct notes *notes = play_notes(sizeof(*notes));
		long turns = play_choose(play_random(1, 50), play_random(2, 4));
		struct work *work = new_work(1, turns);
		play_start("futex_alone", work);
		play_run();
		play_expect_equal(notes->answers[0], turns,
			"how often futex_lock_acquire answers FUTEX_LOCK_ACQUIRED to one "
			"process alone, in %ld calls",
			turns);
		play_expect_equal(notes->answers[1], turns,
			"how often futex_lock_release answers true to the owner, in %ld "
			"calls",
			turns);
	}
}
END_TEST

static struct work *run_futex_workers(int workers, long turns, int pauses)
{
	struct work *work = new_work(workers, turns);
	work->pauses = pauses;
	for (int i = 0; i < workers; i++)
		play_start("futex_worker", work);
	play_run();
	return work;
}

START_TEST(futex_lets_all_in)
{
	while (play_next_run()) {
		play_notes(sizeof(struct notes));
		run_futex_workers((int)play_choose(play_random(2, MOST_WORKERS), 3),
			play_choose(play_random(20, 50), 2), play_choose(0, 1));
	}
}
END_TEST

START_TEST(futex_excludes)
{
	while (play_next_run()) {
		const struct notes *notes = play_notes(sizeof(*notes));
		int workers = (int)play_choose(play_random(2, MOST_WORKERS), 2);
		long turns = play_choose(play_random(5, 15), 2);
		expect_updates(
			run_futex_workers(workers, turns, true), notes, workers, turns);
	}
}
END_TEST

START_TEST(futex_waiter_sleeps)
{
	while (play_next_run()) {
		const struct notes *notes = play_notes(sizeof(*notes));
		struct work *work = new_work(2, 1);
		work->gate = 0;
		play_start("futex_holder", work);
		play_start("futex_waiter", work);
		play_start("futex_waiter", work);
		expect_sleep();
		play_expect_equal(notes->answers[0], 0,
			"how many processes got in while the lock was held");
		play_expect_equal(notes->updates, notes->answers[1],
			"how many processes got in before the lock was held for good");
	}
}
END_TEST

START_TEST(futex_knows_its_owner)
{
	while (play_next_run()) {
		const struct notes *notes = play_notes(sizeof(*notes));
		struct work *work = new_work(0, 1);
		play_start("futex_owner", work);
		play_run();
		expect_answer(
			notes, 0, FUTEX_LOCK_ACQUIRED, "A free lock is not acquired.");
		expect_answer(notes, 1, FUTEX_LOCK_HELD,
			"The owner acquires the lock again, and the answer is not "
			"FUTEX_LOCK_HELD.");
		expect_answer(notes, 2, false,
			"A child releases the lock that its parent holds, and the answer "
			"is "
			"true.");
		expect_answer(notes, 3, true,
			"The owner releases the lock, and the answer is false.");
		expect_answer(notes, 4, false,
			"A process releases a free lock, and the answer is true.");
		expect_answer(notes, 5, FUTEX_LOCK_ACQUIRED,
			"A child does not acquire the lock that its parent released.");
		expect_answer(
			notes, 6, true, "A child cannot release the lock that it holds.");
	}
}
END_TEST

START_TEST(futex_tells_of_death)
{
	while (play_next_run()) {
		const struct notes *notes = play_notes(sizeof(*notes));
		struct work *work = new_work(0, 1);
		play_start("futex_deaths", work);
		play_run();
		expect_answer(notes, 0, FUTEX_LOCK_OWNER_DIED,
			"The owner died, and the next one is not told.");
		expect_answer(notes, 1, FUTEX_LOCK_OWNER_DIED,
			"The owner died, as the one before it, and the next one is not "
			"told.");
		expect_answer(notes, 2, FUTEX_LOCK_HELD,
			"A process that did not hold the lock ended, and the owner does "
			"not "
			"hold it any more.");
		expect_answer(notes, 3, true,
			"The owner after a death cannot release the lock.");
		expect_answer(notes, 4, FUTEX_LOCK_ACQUIRED,
			"The death of an owner is told once more.");
		expect_answer(notes, 5, FUTEX_LOCK_ACQUIRED,
			"A free lock is not acquired, some time after a death.");
		expect_answer(notes, 7, FUTEX_LOCK_ACQUIRED,
			"A process ended that had released the lock, and the next owner "
			"is "
			"told that it died.");
	}
}
END_TEST

START_TEST(futex_survives_death)
{
	while (play_next_run()) {
		const struct notes *notes = play_notes(sizeof(*notes));
		int workers = (int)play_choose(play_random(2, MOST_WORKERS), 2);
		long turns = play_choose(play_random(1, 3), 1);
		struct work *work = new_work(workers, turns);
		work->gate = 0;
		play_start("futex_orphans", work);
		play_run();
		play_expect_equal(notes->not_told, 0,
			"how many owners were not told that the last one had died, when "
			"%d "
			"want the lock",
			workers);
		play_expect_equal(notes->told_for_nothing, 0,
			"how many owners were told of a death though the last one had "
			"released the lock, when %d want it",
			workers);
		expect_updates(work, notes, workers, turns);
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
	Suite *suite = suite_create("lock");
	add(suite, "sem_works_alone", sem_works_alone);
	add(suite, "sem_lets_all_in", sem_lets_all_in);
	add(suite, "sem_excludes", sem_excludes);
	add(suite, "sem_waiter_sleeps", sem_waiter_sleeps);
	add(suite, "sem_bears_signals", sem_bears_signals);
	add(suite, "futex_works_alone", futex_works_alone);
	add(suite, "futex_lets_all_in", futex_lets_all_in);
	add(suite, "futex_excludes", futex_excludes);
	add(suite, "futex_waiter_sleeps", futex_waiter_sleeps);
	add(suite, "futex_knows_its_owner", futex_knows_its_owner);
	add(suite, "futex_tells_of_death", futex_tells_of_death);
	add(suite, "futex_survives_death", futex_survives_death);
	return suite;
}
