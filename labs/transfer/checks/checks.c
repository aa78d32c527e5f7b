/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/checks.h>

/* Enough on each account that no transfer has to be refused. */
static struct scene *rich_scene(long before[BANK_ACCOUNTS])
{
	struct scene *scene = play_shared(sizeof(*scene));
	for (int i = 0; i < BANK_ACCOUNTS; i++)
		before[i] = scene->bank.accounts[i].balance =
			play_random(1000000, 2000000);
	scene->total = before[0] + before[1];
	return scene;
}

/* One more process, number `number` of this run. */
static void start(struct scene *scene, int number, const char *entry, struct job wanted)
{
	scene->jobs[number] = wanted;
	scene->jobs[number].scene = scene;
	play_start(entry, &scene->jobs[number]);
}

/* Whether nobody holds the lock, and nobody died holding it. */
static bool was_released(struct mp_lock *lock)
{
	if (mp_lock_try_acquire(lock) != MP_OK)
		return false;
	mp_lock_release(lock);
	return true;
}

/* One process makes a transfer for each case, between a pair of accounts of its own. */
enum {
	COVERED,
	JUST_COVERED,
	NOT_COVERED,
	COVERED_DOWN,
	JUST_COVERED_DOWN,
	NOT_COVERED_DOWN
};
enum { CASES = BANK_ACCOUNTS / 2 };

static struct scene *start_alone(struct job wanted[CASES], long before[BANK_ACCOUNTS])
{
	struct scene *scene = rich_scene(before);
	for (int i = 0; i < CASES; i++) {
		bool down = i >= COVERED_DOWN;
		long amount = play_random(2, 5000);
		long more = i % COVERED_DOWN == COVERED	       ? play_random(1, 900)
			    : i % COVERED_DOWN == JUST_COVERED ? 0
							       : -1;
		wanted[i] = (struct job){.scene = scene,
			.from = 2 * i + down,
			.to = 2 * i + !down,
			.times = 1,
			.amount = amount};
		scene->jobs[i] = wanted[i];
		before[wanted[i].from] = scene->bank.accounts[wanted[i].from].balance =
			amount + more;
	}
	play_start("alone", scene);
	return scene;
}

START_TEST(finishes)
{
	while (play_next_run()) {
		long before[BANK_ACCOUNTS];
		struct job wanted[CASES];
		start_alone(wanted, before);
		play_run();
	}
}
END_TEST

START_TEST(moves_right_alone)
{
	while (play_next_run()) {
		long before[BANK_ACCOUNTS];
		struct job wanted[CASES];
		struct scene *scene = start_alone(wanted, before);
		play_run();
		for (int i = 0; i < CASES; i++) {
			const struct job *job = &wanted[i];
			long moved = i % COVERED_DOWN == NOT_COVERED ? 0 : job->amount;
			play_expect_equal(scene->bank.accounts[job->from].balance,
				before[job->from] - moved,
				"what is left of %ld after a transfer of %ld",
				before[job->from], job->amount);
			play_expect_equal(scene->bank.accounts[job->to].balance,
				before[job->to] + moved,
				"what an account with %ld has after a transfer of %ld to "
				"it",
				before[job->to], job->amount);
			play_expect_equal(scene->jobs[i].refused, moved ? 0 : 1,
				"how often a transfer of %ld from an account with %ld is "
				"refused",
				job->amount, before[job->from]);
		}
	}
}
END_TEST

START_TEST(locks_are_free_afterwards)
{
	while (play_next_run()) {
		long before[BANK_ACCOUNTS];
		struct job wanted[CASES];
		struct scene *scene = start_alone(wanted, before);
		play_run();
		for (int i = 0; i < BANK_ACCOUNTS; i++)
			play_expect(was_released(&scene->bank.accounts[i].lock),
				"The lock of the account %s is still held after a "
				"transfer "
				"that %s.",
				i == wanted[i / 2].from ? "that gives" : "that gets",
				i / 2 % COVERED_DOWN == NOT_COVERED ? "was refused"
								    : "was made");
	}
}
END_TEST

/* All transfers go the same way, so that no order of locks can be wrong. Others pay in. */
START_TEST(no_update_is_lost)
{
	while (play_next_run()) {
		long before[BANK_ACCOUNTS];
		struct scene *scene = rich_scene(before);
		int from = (int)play_random(0, 1);
		int to = 1 - from;
		struct job move = {.from = from, .to = to};
		move.times = play_choose(play_random(500, 2000), 2);
		move.amount = play_random(2, 90);
		struct job pay = {.to = from, .amount = play_random(100, 900)};
		pay.times = play_choose(play_random(500, 2000), 1);
		long movers = play_choose(2, 1);
		scene->gate = (int)play_choose(movers + 2, 0);
		for (int i = 0; i < movers; i++)
			start(scene, i, "transfers", move);
		start(scene, (int)movers, "pay_in", pay);
		pay.to = to;
		start(scene, (int)movers + 1, "pay_in", pay);
		play_run();
		long moved = movers * move.times * move.amount;
		long paid = pay.times * pay.amount;
		play_expect_equal(scene->bank.accounts[from].balance,
			before[from] + paid - moved,
			"the balance of the account that gives");
		play_expect_equal(scene->bank.accounts[to].balance,
			before[to] + paid + moved,
			"the balance of the account that gets");
	}
}
END_TEST

/* One has to wait for the account that gives, one for the account that gets. */
START_TEST(waiting_costs_nothing)
{
	while (play_next_run()) {
		long before[BANK_ACCOUNTS];
		struct scene *scene = rich_scene(before);
		struct job to = {.scene = scene, .from = 0, .to = 1, .times = 1};
		struct job from = {.scene = scene, .from = 1, .to = 2, .times = 1};
		to.amount = from.amount = play_random(2, 90);
		scene->jobs[0] = to;
		scene->jobs[1] = from;
		play_start("keep", scene);
		play_expect(play_try_run() != PLAY_SPUN && !play_kept_busy(),
			"A transfer that waits for an account's lock does not sleep "
			"until "
			"it is free, but asks again and again.");
	}
}
END_TEST

/* There is enough for some of the transfers only. */
START_TEST(no_account_goes_below_zero)
{
	while (play_next_run()) {
		long before[BANK_ACCOUNTS];
		struct scene *scene = rich_scene(before);
		struct job move = {.from = 0, .to = 1};
		move.times = play_choose(play_random(500, 2000), 1);
		move.amount = play_random(10, 90);
		long enough_for = play_choose(play_random(200, 900), 1);
		long rest = play_random(0, move.amount - 1);
		long movers = 2;
		scene->gate = (int)play_choose(movers, 0);
		before[0] = scene->bank.accounts[0].balance =
			enough_for * move.amount + rest;
		for (int i = 0; i < movers; i++)
			start(scene, i, "transfers", move);
		play_run();
		play_expect_equal(scene->bank.accounts[0].balance, rest,
			"what %ld transfers of %ld leave of %ld", movers * move.times,
			move.amount, before[0]);
		play_expect_equal(scene->jobs[0].moved + scene->jobs[1].moved, enough_for,
			"how many of those transfers were made");
	}
}
END_TEST

START_TEST(no_money_in_the_air)
{
	while (play_next_run()) {
		long before[BANK_ACCOUNTS];
		struct scene *scene = rich_scene(before);
		struct job move = {.from = 0, .to = 1};
		move.times = play_choose(play_random(2000, 4000), 1);
		move.amount = play_random(1, 90);
		scene->gate = (int)play_choose(2, 0);
		struct job audit = {.times = play_choose(8000, 1)};
		start(scene, 0, "transfers", move);
		start(scene, 1, "audit", audit);
		play_run();
		play_expect(scene->jobs[1].wrong == 0,
			"A process that held the locks of both accounts did not see all "
			"the money in them.");
	}
}
END_TEST

/* Two accounts in opposite directions, then a ring of three. */
START_TEST(no_deadlock)
{
	while (play_next_run()) {
		long before[BANK_ACCOUNTS];
		struct scene *scene = rich_scene(before);
		int ring = (int)play_choose(play_random(2, 3), 2);
		struct job move = {.times = play_choose(play_random(500, 2000), 1)};
		scene->gate = (int)play_choose(ring, 0);
		long change[3] = {0};
		for (int i = 0; i < ring; i++) {
			move.from = i;
			move.to = (i + 1) % ring;
			/* All even: an order by the amount's parity is no order of the accounts. */
			move.amount = 2 * play_random(1, 45);
			change[move.from] -= move.times * move.amount;
			change[move.to] += move.times * move.amount;
			start(scene, i, "transfers", move);
		}
		play_run();
		for (int i = 0; i < ring; i++)
			play_expect_equal(scene->bank.accounts[i].balance,
				before[i] + change[i], "the balance of account %d of %d",
				i, ring);
	}
}
END_TEST

/* Account 1 is held until a transfer from 2 to 3 is made; one from 0 to 1 waits meanwhile. */
START_TEST(strangers_do_not_wait)
{
	while (play_next_run()) {
		long before[BANK_ACCOUNTS];
		struct scene *scene = rich_scene(before);
		struct job move = {.from = 0, .to = 1, .times = 1, .amount = 5};
		struct job other = {.from = 2, .to = 3, .times = 1, .amount = 7};
		start(scene, 0, "hold", (struct job){0});
		start(scene, 1, "wait_for_holder", move);
		start(scene, 2, "stranger", other);
		play_expect(play_try_run() == PLAY_RETURNED,
			"While one transfer waited for its second account, another one "
			"between two other accounts could not be made.");
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
	Suite *suite = suite_create("transfer");
	add(suite, "finishes", finishes);
	add(suite, "moves_right_alone", moves_right_alone);
	add(suite, "locks_are_free_afterwards", locks_are_free_afterwards);
	add(suite, "no_update_is_lost", no_update_is_lost);
	add(suite, "waiting_costs_nothing", waiting_costs_nothing);
	add(suite, "no_account_goes_below_zero", no_account_goes_below_zero);
	add(suite, "no_money_in_the_air", no_money_in_the_air);
	add(suite, "no_deadlock", no_deadlock);
	add(suite, "strangers_do_not_wait", strangers_do_not_wait);
	return suite;
}
