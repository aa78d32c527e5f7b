/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/checks.h>

static const struct notes *notes(void)
{
	return play_notes(sizeof(struct notes));
}

static struct work *new_work(long rounds)
{
	struct work *work = play_shared(sizeof(*work));
	rwlock_init(&work->lock);
	mp_semaphore_init(&work->inside, 0);
	mp_semaphore_init(&work->go_on, 0);
	mp_semaphore_init(&work->wants, 0);
	mp_semaphore_init(&work->left, 0);
	work->rounds = rounds;
	for (int i = 0; i < MEETING; i++) {
		work->guests[i] = (struct guest){.work = work, .number = i};
		mp_semaphore_init(&work->guests[i].here, 0);
	}
	return work;
}

static void expect_done(long reads, long writes)
{
	play_expect_equal(notes()->reads, reads, "how often somebody got in to read");
	play_expect_equal(notes()->writes, writes, "how often somebody got in to write");
}

START_TEST(finishes)
{
	while (play_next_run()) {
		long rounds = play_choose(play_random(2, 20), 2);
		struct work *work = new_work(rounds);
		play_start("alone", work);
		play_run();
		expect_done(2 * rounds, 2 * rounds);
	}
}
END_TEST

/* One process goes in and never leaves, and one more comes. */
static enum play_end run_wait(struct work *work, const char *inside, const char *behind)
{
	play_start(inside, work);
	play_start(behind, work);
	return play_try_run();
}

static void expect_waits(const char *inside, const char *behind, const char *words)
{
	while (play_next_run()) {
		struct work *work = new_work(1);
		run_wait(work, inside, behind);
		play_expect(notes()->staying == 1, "Who came first did not get in.");
		play_expect(notes()->came_in == 0, "%s", words);
	}
}

START_TEST(writers_wait_for_readers)
{
	expect_waits("read_and_stay", "write_behind",
		"A writer came in while a reader was inside.");
}
END_TEST

START_TEST(readers_wait_for_writers)
{
	expect_waits("write_and_stay", "read_behind",
		"A reader came in while a writer was inside.");
}
END_TEST

START_TEST(writers_wait_for_writers)
{
	expect_waits("write_and_stay", "write_behind",
		"A writer came in while a writer was inside.");
}
END_TEST

START_TEST(who_left_keeps_nobody_out)
{
	while (play_next_run()) {
		struct work *work = new_work(1);
		play_start("leave_and_stay", work);
		play_start("come_after", work);
		enum play_end end = play_try_run();
		play_expect(end != PLAY_STUCK,
			"One has left, nobody is inside, and another one cannot get in.");
		play_expect(end == PLAY_RETURNED, "Somebody did not come out again.");
		expect_done(3, 3);
	}
}
END_TEST

static void start_guests(const char *entry, struct work *work)
{
	for (int i = 0; i < MEETING; i++)
		play_start(entry, &work->guests[i]);
}

static void expect_meeting(void)
{
	play_expect_equal(notes()->left_alone, 0,
		"how often a reader left that had to wait inside for the others");
}

START_TEST(readers_share)
{
	while (play_next_run()) {
		long rounds = play_choose(play_random(2, 20), 1);
		struct work *work = new_work(rounds);
		start_guests("meet_rounds", work);
		enum play_end end = play_try_run();
		play_expect(end != PLAY_STUCK, "A reader is inside, no writer is there, "
					       "and another reader cannot "
					       "get in.");
		play_expect(end == PLAY_RETURNED, "A reader did not come out again.");
		expect_meeting();
		expect_done(MEETING * rounds, 1);
	}
}
END_TEST

START_TEST(readers_are_counted)
{
	while (play_next_run()) {
		long rounds = play_choose(play_random(200, 600), play_random(1, 2));
		struct work *work = new_work(rounds);
		play_start("read_then_tell", work);
		play_start("read_then_tell", work);
		play_start("write_after_two", work);
		enum play_end end = play_try_run();
		play_expect(end != PLAY_STUCK,
			"Two readers have come and left, and a writer cannot get in.");
		play_expect(end == PLAY_RETURNED, "Somebody did not come out again.");
		expect_done(2 * rounds, 1);
	}
}
END_TEST

/* Two locks, at each of which one waits for somebody else. */
static void expect_sleeps(
	const char *inside, const char *other_inside, const char *behind, const char *who)
{
	while (play_next_run()) {
		struct work *other = new_work(1);
		play_start(other_inside, other);
		play_start(behind, other);
		play_expect(run_wait(new_work(1), inside, behind) != PLAY_SPUN &&
				    !play_kept_busy(),
			"A %s that waits to get in uses up the processor meanwhile.",
			who);
	}
}

START_TEST(writers_sleep)
{
	expect_sleeps("read_and_stay", "write_and_stay", "write_behind", "writer");
}
END_TEST

START_TEST(readers_sleep)
{
	expect_sleeps("write_and_stay", "want_and_stay", "read_behind", "reader");
}
END_TEST

static struct work *start_both(long rounds, int readers, int writers)
{
	struct work *work = new_work(rounds);
	for (int i = 0; i < readers; i++)
		play_start("read", work);
	for (int i = 0; i < writers; i++)
		play_start("write", work);
	return work;
}

START_TEST(nobody_waits_for_ever)
{
	while (play_next_run()) {
		int readers = (int)play_choose(play_random(2, 4), 2);
		int writers = (int)play_choose(play_random(2, 3), 2);
		long rounds = play_choose(play_random(50, 150), 1);
		start_both(rounds, readers, writers);
		play_run();
		expect_done(readers * rounds, writers * rounds);
	}
}
END_TEST

START_TEST(writers_are_alone)
{
	while (play_next_run()) {
		int readers = (int)play_choose(play_random(1, 3), 2);
		int writers = (int)play_choose(play_random(2, 3), 2);
		long rounds = play_choose(play_random(50, 150), 1);
		start_both(rounds, readers, writers);
		play_run();
		play_expect_equal(notes()->met_anybody, 0,
			"how often a writer found somebody else inside");
		play_expect_equal(notes()->met_writer, 0,
			"how often a reader found a writer inside");
		expect_done(readers * rounds, writers * rounds);
	}
}
END_TEST

START_TEST(no_writer_starves)
{
	while (play_next_run()) {
		struct work *work = new_work(1);
		int readers = (int)play_choose(play_random(1, 3), 1);
		play_start("read_until_wanted", work);
		play_start("write_wanted", work);
		play_start("write_when_wanted", work);
		for (int i = 0; i < readers; i++)
			play_start("read_when_wanted", work);
		play_run();
		play_expect_equal(notes()->overtaken, 0,
			"how many readers got in before a writer that had come first");
		expect_done(readers, 2);
	}
}
END_TEST

START_TEST(readers_follow_together)
{
	while (play_next_run()) {
		struct work *work = new_work(1);
		play_start("write_before_they_meet", work);
		start_guests("meet_behind", work);
		play_expect(play_try_run() == PLAY_RETURNED,
			"The writer has left, and of the readers behind it one waits for "
			"the other.");
		expect_meeting();
		expect_done(MEETING, 1);
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
	Suite *suite = suite_create("readers-writers");
	add(suite, "finishes", finishes);
	add(suite, "writers_wait_for_readers", writers_wait_for_readers);
	add(suite, "readers_wait_for_writers", readers_wait_for_writers);
	add(suite, "writers_wait_for_writers", writers_wait_for_writers);
	add(suite, "who_left_keeps_nobody_out", who_left_keeps_nobody_out);
	add(suite, "readers_share", readers_share);
	add(suite, "readers_are_counted", readers_are_counted);
	add(suite, "writers_sleep", writers_sleep);
	add(suite, "readers_sleep", readers_sleep);
	add(suite, "nobody_waits_for_ever", nobody_waits_for_ever);
	add(suite, "writers_are_alone", writers_are_alone);
	add(suite, "no_writer_starves", no_writer_starves);
	add(suite, "readers_follow_together", readers_follow_together);
	return suite;
}
