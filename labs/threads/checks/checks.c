/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/checks.h>

/* One thread, an account for each way to call; not run yet. */
static struct alone *start_alone(long before[WAYS])
{
	struct alone *alone = play_shared(sizeof(*alone));
	for (int way = 0; way < WAYS; way++) {
		alone->times[way] = play_choose(play_random(5, 500), play_random(2, 3));
		alone->amounts[way] = play_random(2, 90);
		before[way] = play_random(-1000, 1000);
	}
	alone->times[WITHDRAW_NEVER] = alone->times[DEPOSIT_NEVER] = 0;
	alone->times[WITHDRAW_ONCE] = alone->times[DEPOSIT_ONCE] = 1;
	alone->times[COVERED] = alone->times[JUST_COVERED] = 1;
	before[COVERED] = alone->amounts[COVERED] + play_random(1, 100);
	before[JUST_COVERED] = alone->amounts[JUST_COVERED];
	for (int way = 0; way < WAYS; way++)
		account_init(&alone->accounts[way], before[way]);
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

static bool takes(int way)
{
	return way < DEPOSIT_MANY || way >= COVERED;
}

START_TEST(counts_right_alone)
{
	while (play_next_run()) {
		long before[WAYS];
		struct alone *alone = start_alone(before);
		long change[WAYS];
		for (int way = 0; way < WAYS; way++)
			change[way] = alone->times[way] * alone->amounts[way];
		play_run();
		for (int way = 0; way < WAYS; way++) {
			long after =
				before[way] + (takes(way) ? -change[way] : change[way]);
			play_expect_equal(alone->accounts[way].balance, after,
				"the balance after %s of %ld in all, from %ld",
				takes(way) ? "withdrawals" : "deposits", change[way],
				before[way]);
			if (way >= COVERED)
				play_expect_equal(alone->left[way], after,
					"what account_withdraw_covered returns");
		}
	}
}
END_TEST

static bool was_unlocked(pthread_mutex_t *mutex)
{
	return pthread_mutex_trylock(mutex) == 0 && pthread_mutex_unlock(mutex) == 0;
}

START_TEST(mutex_is_free_afterwards)
{
	while (play_next_run()) {
		long before[WAYS];
		struct alone *alone = start_alone(before);
		play_run();
		for (int way = 0; way < WAYS; way++)
			play_expect(was_unlocked(&alone->accounts[way].mutex),
				"The mutex is still held after account_%s has returned.",
				way < DEPOSIT_MANY ? "withdraw"
				: way < COVERED	   ? "deposit"
						   : "withdraw_covered");
	}
}
END_TEST

static struct work *new_work(long balance)
{
	struct work *work = play_shared(sizeof(*work));
	account_init(&work->account, balance);
	return work;
}

static struct order *add_order(struct work *work, enum order_kind kind)
{
	struct order *order = &work->orders[work->count++];
	order->work = work;
	order->kind = kind;
	return order;
}

static void draw(struct order *order, long low, long high)
{
	order->times = play_choose(play_random(low, high), play_random(1, 2));
	order->amount = play_random(2, 90);
}

START_TEST(waiting_costs_nothing)
{
	while (play_next_run()) {
		long balance = play_random(0, 100);
		struct work *work = new_work(balance);
		add_order(work, WITHDRAW_COVERED)->amount = balance + play_random(1, 10);
		play_start("crew", work);
		play_expect(play_try_run() != PLAY_SPUN && !play_kept_busy(),
			"Waiting for money that does not come uses up the processor.");
	}
}
END_TEST

START_TEST(no_update_is_lost)
{
	while (play_next_run()) {
		long before = play_random(100, 1000);
		struct work *work = new_work(before);
		long pairs = play_choose(play_random(1, 2), 1);
		long after = before;
		for (long pair = 0; pair < pairs; pair++) {
			struct order *out = add_order(work, WITHDRAW);
			draw(out, 1000, 3000);
			struct order *in = add_order(work, DEPOSIT);
			draw(in, 1000, 3000);
			after += in->times * in->amount - out->times * out->amount;
		}
		play_start("crew", work);
		play_run();
		play_expect_equal(work->account.balance, after,
			"the balance after withdrawals and deposits by %ld threads, from "
			"%ld",
			2 * pairs, before);
	}
}
END_TEST

START_TEST(waiting_for_the_mutex_costs_nothing)
{
	static const enum order_kind kinds[] = {WITHDRAW, DEPOSIT, WITHDRAW_COVERED};
	while (play_next_run()) {
		struct work *work = new_work(100);
		for (int i = 0; i < 3; i++) {
			struct order *order = add_order(work, kinds[i]);
			order->times = 1;
			order->amount = play_random(2, 90);
		}
		play_start("hold", work);
		play_expect(play_try_run() != PLAY_SPUN && !play_kept_busy(),
			"Waiting for the mutex uses up the processor.");
	}
}
END_TEST

/* Another thread looks at the balance while the updates go on. Of all interleavings there
 * must be one for each two updates in which it sees what is between them. */
static void expect_turns_between(enum order_kind kind, const char *function, long sign)
{
	enum { UPDATES = 4 };
	bool seen[UPDATES] = {false}; /* after so many updates */
	while (play_next_run()) {
		long before = play_random(100, 1000);
		struct work *work = new_work(before);
		struct order *updates = add_order(work, kind);
		const struct order *look = add_order(work, LOOK);
		long amount = updates->amount = play_random(2, 90);
		updates->times = UPDATES;
		play_start("crew", work);
		play_run();
		for (int done = 1; done < UPDATES; done++)
			seen[done] |= look->left == before + sign * done * amount;
	}
	for (int done = 1; done < UPDATES; done++)
		play_expect(seen[done],
			"No other thread gets the mutex between update %d and update %d "
			"of %s.",
			done, done + 1, function);
}

START_TEST(withdraw_lets_others_in)
{
	expect_turns_between(WITHDRAW, "account_withdraw", -1);
}
END_TEST

START_TEST(deposit_lets_others_in)
{
	expect_turns_between(DEPOSIT, "account_deposit", 1);
}
END_TEST

static struct work *start_service(enum order_kind kind)
{
	struct work *work = new_work(0);
	long count = play_choose(play_random(2, MOST_ORDERS - 1), 2);
	for (long i = 0; i < count; i++)
		add_order(work, kind);
	play_start("serve", work);
	return work;
}

START_TEST(every_order_is_done_once)
{
	while (play_next_run()) {
		struct work *work = start_service(NOTHING);
		int count = work->count;
		play_run();
		for (int i = 0; i < count; i++)
			play_expect_equal(work->orders[i].carried_out, 1,
				"how often order %d of %d was carried out", i + 1, count);
		play_expect_equal(work->orders[count].carried_out, 0,
			"how often an order was carried out that is not one of the %d",
			count);
		play_expect_equal(work->done, count,
			"how many orders were done when serve_all returned");
	}
}
END_TEST

START_TEST(orders_are_served_at_once)
{
	while (play_next_run()) {
		start_service(MEET);
		enum play_end end = play_try_run();
		play_expect(end != PLAY_STUCK,
			"An order waits for another one that is not being carried out.");
		play_expect(end == PLAY_RETURNED, "serve_all did not return.");
	}
}
END_TEST

/* Threads that wait, the first of them for more than the others, and one that brings what
 * all of them want in so many portions. */
static struct work *start_waiters(long waiters, long first_wants, long portions)
{
	struct work *work = new_work(0);
	long unit = play_random(1, 9);
	long units = first_wants + waiters - 1;
	for (long i = 0; i < waiters; i++)
		add_order(work, WITHDRAW_COVERED)->amount =
			unit * (i == 0 ? first_wants : 1);
	struct order *in = add_order(work, DEPOSIT);
	in->times = portions;
	in->amount = unit * units / portions;
	play_start("crew", work);
	return work;
}

/* The first portion is too small for one of them and enough for another. */
START_TEST(nobody_waits_for_ever)
{
	while (play_next_run()) {
		long waiters = 2 * play_choose(play_random(1, 3), 1);
		struct work *work = start_waiters(waiters, 3, 2);
		play_run();
		play_expect_equal(work->account.balance, 0,
			"the balance when all that came in was taken out");
	}
}
END_TEST

/* Each portion is enough for one of them at most. */
START_TEST(covered_means_covered)
{
	while (play_next_run()) {
		long waiters = play_choose(play_random(2, MOST_ORDERS - 1), 2);
		struct work *work = start_waiters(waiters, 2, waiters + 1);
		play_run();
		for (long i = 0; i < waiters; i++)
			play_expect(work->orders[i].left >= 0,
				"Money was taken out that was not there: it left %ld.",
				work->orders[i].left);
		play_expect_equal(work->account.balance, 0,
			"the balance when all that came in was taken out");
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
	Suite *suite = suite_create("threads");
	add(suite, "finishes", finishes);
	add(suite, "counts_right_alone", counts_right_alone);
	add(suite, "mutex_is_free_afterwards", mutex_is_free_afterwards);
	add(suite, "waiting_costs_nothing", waiting_costs_nothing);
	add(suite, "no_update_is_lost", no_update_is_lost);
	add(suite, "waiting_for_the_mutex_costs_nothing",
		waiting_for_the_mutex_costs_nothing);
	add(suite, "withdraw_lets_others_in", withdraw_lets_others_in);
	add(suite, "deposit_lets_others_in", deposit_lets_others_in);
	add(suite, "every_order_is_done_once", every_order_is_done_once);
	add(suite, "orders_are_served_at_once", orders_are_served_at_once);
	add(suite, "nobody_waits_for_ever", nobody_waits_for_ever);
	add(suite, "covered_means_covered", covered_means_covered);
	return suite;
}
