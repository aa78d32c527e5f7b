/* SPDX-License-Identifier: MIT */
/*
 * What a lab's checks are written with: an ordinary Check suite, with verbs that run the
 * student's functions in processes of their own and look at what they left in shared
 * memory.
 *
 *	START_TEST(no_update_is_lost)
 *	while (play_next_run()) {
 *		struct work *work = play_shared(sizeof(*work));
 *		work->count = play_choose(play_random(1000, 5000), 3);
 *		play_start("withdraw", work);
 *		play_start("deposit", work);
 *		play_run();
 *		play_expect_equal(work->balance, expected(work), "the final balance");
 *	}
 *	END_TEST
 *
 * The checks run in the referee, which never contains a student's code. The functions
 * named to play_start are those that checks/player.c lists; they run in the player, in
 * processes that the reference library starts. Each pass of the loop is one run: new
 * inputs, new shared memory, new processes, all dead when play_run returns. The stage
 * decides how many passes there are: hundreds in stress, one for each interleaving in
 * explore. An expectation that does not hold ends the test, as ck_assert does, and fails
 * its criterion. One after the loop is about all passes together.
 */
#ifndef INTERLOCK_CHECKS_H
#define INTERLOCK_CHECKS_H

#include <check.h>
#include <stdbool.h>
#include <stddef.h>

/* Every lab's checks.c defines this: a suite with one tcase for each criterion that
 * stages other than build decide, the tcase named as the criterion. The suite belongs to
 * the caller. */
Suite *checks_suite(void);

/* The same of checks/hidden.c, if there is one: the criteria that lab.yaml says are hidden.
 * No handout has a file of checks/ whose name begins with "hidden". */
Suite *hidden_suite(void);

/* Most processes that one run may be given with play_start. */
enum { PLAY_MAX_PROCESSES = 16 };

/* True while another run is wanted. Must be called before every other verb of a run. */
bool play_next_run(void);

/* Zeroed memory that referee and player share at the same address until the next run;
 * aligned to 64 bytes. A request that does not fit (4 MiB a run in all) is the lab's
 * error. */
void *play_shared(size_t bytes);

/* Zeroed memory for this run that entries write by interlock_note_set and its like
 * (interlock/player.h), and a student's code cannot: for who did what, how often. Shared
 * memory is for what a student computes, which is compared with what the checks know. Once a
 * run, up to 256 KiB. */
void *play_notes(size_t bytes);

/* Zeroed memory for this run that is the lab's own, up to 64 KiB, once a run: entries read and
 * write it (interlock_kept), as C and not by a function that the explorer follows. A student's code that touches it
 * fails where the explorer watches. For what processes of several threads count, which cannot
 * keep notes, and what needs to be more than a number. */
void *play_kept(size_t bytes);

/* A number from low to high, both included, drawn for this run after the student's
 * program was built. */
long play_random(long low, long high);

/* full in stress, where instances are big; small in explore and under helgrind, where
 * each step counts. */
long play_choose(long full, long small);

/* Gives this run one more process, which will call the player's entry of that name with
 * the argument, a pointer into play_shared memory or NULL. Returns its number, from 0. */
int play_start(const char *entry, void *argument);

/* Starts the processes that were given, waits until all have ended, and ends what they
 * left. Fails the test unless each returned from its entry: a crash, a hang and an early
 * exit fail. */
void play_run(void);

/* As play_run, but says how the run ended in place of failing the test. In explore a run that
 * ends as PLAY_STUCK or PLAY_SPUN is no failure by itself either: what the processes did
 * before they got stuck can be looked at, and it shows who waits and who got on. */
enum play_end {
	PLAY_RETURNED, /* every process returned from its entry */
	PLAY_CRASHED,  /* one was ended by a signal */
	PLAY_EXITED,   /* one ended without returning from its entry */
	PLAY_STUCK,    /* no process could go on: deadlock, or a wait that nobody ends */
	PLAY_SPUN,     /* one used up its CPU time */
	PLAY_FLOODED,  /* too much output, too many processes or too much memory */
};
enum play_end play_try_run(void);

/* After a run. Processes that the entries started and did not wait for: still alive, or
 * ended but never waited for (zombies). */
int play_left_alive(void);
int play_left_zombies(void);

/* After a run in explore, where a wait with a time limit may give up while others could go on:
 * whether one did. If not, the clock moved only when nobody could go on, so that what it shows
 * is time in which nobody worked. */
bool play_time_jumped(void);

/* After a run: what process number `process` returned from its entry. */
int play_returned(int process);

/* After a run. In explore: a process went round in a loop while it waited, for its own state
 * came round again while nobody changed anything. One that waits as it should sleeps. False
 * in the other stages. */
bool play_kept_busy(void);

/* After the loop, in explore: fails the test unless so many of the items that player.c marks
 * (interlock/items.h) were in progress at once in one of the executions. "In 312 executions
 * there was never more than 1 ITEMS in progress at once; WANTED can be". Nothing in the other
 * stages, where it would be a matter of luck. */
void play_expect_at_once(long wanted, const char *items);

/* Fails the test with what was expected and what was seen. `what` names the value in
 * words, with printf conversions. */
void play_expect_equal(long actual, long expected, const char *what, ...)
	__attribute__((format(printf, 3, 4)));
void play_expect(bool condition, const char *reason, ...)
	__attribute__((format(printf, 2, 3)));

/* Draws what happened in this run: adds text, with printf conversions, to the lines that the
 * report shows if the run fails, in place of the explorer's own drawing. */
void play_show(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
