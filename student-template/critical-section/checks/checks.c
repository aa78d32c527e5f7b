/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/checks.h>

static void draw(struct updates *updates, long full, long small)
{
	updates->times = play_choose(full, small);
	updates->amount = play_random(2, 20);
}

/* Puts the way's edge in place of what was drawn. */
static void choose_edge(int way, struct updates *updates, long *before)
{
	switch (way % CASES) {
	case NEVER:
		updates->times = 0;
		break;
	case ONCE:
		updates->times = 1;
		*before += play_random(1, 1000) << 32;
		break;
	case NOTHING:
		updates->amount = 0;
		break;
	case NEGATIVE:
		updates->amount = -updates->amount;
		break;
	case WIDE:
		updates->amount = (1L << 53) + 2 * play_random(1, 1000) + 1;
		*before += 1L << 60;
		break;
	default:
		break;
	}
}

/* One process, an account for each way to call; not run yet. */
static struct alone *start_alone(long before[WAYS])
{
	struct alone *alone = play_shared(sizeof(*alone));
	for (int way = 0; way < WAYS; way++) {
		draw(&alone->updates[way], play_random(5, 500), play_random(1, 3));
		before[way] = play_random(-1000, 1000);
		choose_edge(way, &alone->updates[way], &before[way]);
		alone->accounts[way].balance = before[way];
	}
	play_start("alone", alone);
	return alone;
}

START_TEST(finishes)
{
	while (play_next_run()) {
		long before[WAYS];
		start_alone(before);
		play_run();
	}
}
END_TEST

START_TEST(counts_right_alone)
{
	while (play_next_run()) {
		long before[WAYS];
		struct updates updates[WAYS];
		struct alone *alone = start_alone(before);
		for (int way = 0; way < WAYS; way++)
			updates[way] = alone->updates[way];
		play_run();
		for (int way = 0; way < WAYS; way++) {
			long change = updates[way].times * updates[way].amount;
			bool takes = way < CASES;
			play_expect_equal(alone->accounts[way].balance,
				before[way] + (takes ? -change : change),
				"the balance after %ld %s of %ld, from %ld",
				updates[way].times, takes ? "withdrawals" : "deposits",
				updates[way].amount, before[way]);
		}
	}
}
END_TEST

/* Whether nobody holds the lock, and nobody died holding it. */
static bool was_released(struct mp_lock *lock)
{
	if (mp_lock_try_acquire(lock) != MP_OK)
		return false;
	mp_lock_release(lock);
	return true;
}

START_TEST(lock_is_free_afterwards)
{
	while (play_next_run()) {
		long before[WAYS];
		struct alone *alone = start_alone(before);
		play_run();
		for (int way = 0; way < WAYS; way++)
			play_expect(was_released(&alone->accounts[way].lock),
				"The lock is still held after account_%s has returned.",
				way < CASES ? "withdraw" : "deposit");
	}
}
END_TEST

/* Full instances have two processes of each kind, small ones one. */
START_TEST(no_update_is_lost)
{
	while (play_next_run()) {
		struct work *work = play_shared(sizeof(*work));
		draw(&work->withdraw, play_random(1000, 3000), play_random(1, 3));
		draw(&work->deposit, play_random(1000, 3000), play_random(1, 3));
		long pairs = play_choose(play_random(1, 2), 1);
		work->gate = (int)play_choose(2 * pairs, 0);
		long before = work->account.balance = play_random(100, 1000);
		long change = work->deposit.times * work->deposit.amount -
			      work->withdraw.times * work->withdraw.amount;
		long withdrawals = work->withdraw.times;
		long deposits = work->deposit.times;
		for (long pair = 0; pair < pairs; pair++) {
			play_start("withdraw", work);
			play_start("deposit", work);
		}
		play_run();
		play_expect_equal(work->account.balance, before + pairs * change,
			"the balance after %ld withdrawals and %ld deposits by %ld "
			"processes, from %ld",
			pairs * withdrawals, pairs * deposits, 2 * pairs, before);
		play_expect(was_released(&work->account.lock),
			"The lock is still held when all processes have ended.");
	}
}
END_TEST

/* One process deposits with code of ours, which takes the lock and then its time: who updates
 * without the lock comes in between, also if it does that in one step, or only where there is
 * much to do. */
START_TEST(lock_is_respected)
{
	while (play_next_run()) {
		struct work *work = play_shared(sizeof(*work));
		long times = play_choose(play_random(50, 200), 1);
		draw(&work->withdraw, times, 1);
		draw(&work->deposit, times, 1);
		work->gate = (int)play_choose(3, 0);
		long change = 2 * work->deposit.amount - work->withdraw.amount;
		long before = work->account.balance = play_random(100, 1000);
		long after = before + times * change;
		play_start("deposit_slowly", work);
		play_start("withdraw", work);
		play_start("deposit", work);
		play_run();
		play_expect_equal(work->account.balance, after,
			"the balance, from %ld, when others rely on the lock", before);
	}
}
END_TEST

/* Of all interleavings, some let the lock be taken for good before the first update of a
 * process, some before its second. */
START_TEST(waiting_costs_nothing)
{
	while (play_next_run()) {
		struct work *work = play_shared(sizeof(*work));
		work->withdraw = work->deposit =
			(struct updates){.times = 2, .amount = play_random(2, 20)};
		play_start("hold", work);
		play_expect(play_try_run() != PLAY_SPUN && !play_kept_busy(),
			"A process that waits for the lock does not sleep until it is "
			"free, but asks again and again.");
	}
}
END_TEST

/* Another process looks at the balance while the updates go on. Of all interleavings there
 * must be one for each two updates in which it sees what is between them: one update in
 * place of many, at the end or after the first, is not what was asked for. In none may it
 * see part of an update. Nine updates show who takes the lock for an eighth of them each. */
static void expect_turns_between(const char *entry, long sign)
{
	enum { MOST_UPDATES = 12 };
	bool seen[MOST_UPDATES + 1] = {false}; /* after so many updates */
	long times = 0;
	while (play_next_run()) {
		struct work *work = play_shared(sizeof(*work));
		long amount = play_random(2, 20);
		times = play_random(9, MOST_UPDATES);
		work->withdraw = work->deposit =
			(struct updates){.times = times, .amount = amount};
		long before = work->account.balance = play_random(100, 1000);
		play_start(entry, work);
		const struct kept *kept = play_kept(sizeof(*kept));
		play_start("look", work);
		play_run();
		long change = sign * (kept->seen - before);
		long done = change / amount;
		play_expect(change == done * amount && done >= 0 && done <= times,
			"Another process got the lock and saw the balance %ld; from %ld, "
			"no number of updates by %ld leads there.",
			kept->seen, before, amount);
		seen[done] = true;
	}
	for (long done = 1; done < times; done++)
		play_expect(seen[done],
			"No other process gets the lock between update %ld and update "
			"%ld of account_%s.",
			done, done + 1, entry);
}

START_TEST(withdraw_lets_others_in)
{
	expect_turns_between("withdraw", -1);
}
END_TEST

START_TEST(deposit_lets_others_in)
{
	expect_turns_between("deposit", 1);
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
	Suite *suite = suite_create("critical-section");
	add(suite, "finishes", finishes);
	add(suite, "counts_right_alone", counts_right_alone);
	add(suite, "lock_is_free_afterwards", lock_is_free_afterwards);
	add(suite, "no_update_is_lost", no_update_is_lost);
	add(suite, "lock_is_respected", lock_is_respected);
	add(suite, "waiting_costs_nothing", waiting_costs_nothing);
	add(suite, "withdraw_lets_others_in", withdraw_lets_others_in);
	add(suite, "deposit_lets_others_in", deposit_lets_others_in);
	return suite;
}
