/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/checks.h>

/* More than fits in 32 bits. */
static long draw_much(void)
{
	return play_random(1L << 33, 1L << 40);
}

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
	before[WITHDRAW_MANY] = draw_much();
	before[DEPOSIT_MANY] = draw_much();
	alone->amounts[COVERED] = draw_much();
	before[COVERED] = alone->amounts[COVERED] + draw_much();
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

/* An order that may have to wait for another one. */
static struct work *draw_wait(void)
{
	struct work *work = new_work(0);
	long amount = play_random(2, 90);
	add_order(work, WITHDRAW_COVERED)->amount = amount;
	struct order *in = add_order(work, DEPOSIT);
	in->times = 1;
	in->amount = amount;
	return work;
}

/* In explore somebody has to wait, too. Whether the wait comes to an end is judged apart. */
START_TEST(mutex_is_free_afterwards)
{
	while (play_next_run()) {
		long before[WAYS];
		struct alone *alone = start_alone(before);
		alone->work = play_choose(false, true) ? draw_wait() : NULL;
		enum play_end end = play_try_run();
		play_expect(end == PLAY_RETURNED || alone->work,
			"A function did not return.");
		for (int way = 0; way < WAYS; way++)
			play_expect(was_unlocked(&alone->accounts[way].mutex),
				"The mutex is still held after account_%s has returned.",
				way < DEPOSIT_MANY ? "withdraw"
				: way < COVERED	   ? "deposit"
						   : "withdraw_covered");
		play_expect(!alone->work || end != PLAY_RETURNED ||
				    was_unlocked(&alone->work->account.mutex),
			"The mutex is still held after account_withdraw_covered has "
			"waited and returned.");
	}
}
END_TEST

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
		long missing = play_random(3, 10);
		for (int i = 0; i < 2; i++)
			add_order(work, WITHDRAW_COVERED)->amount = balance + missing;
		struct order *in = add_order(work, DEPOSIT);
		in->times = 1;
		in->amount = missing - 1;
		play_start("crew", work);
		play_expect(play_try_run() != PLAY_SPUN && !play_kept_busy(),
			"Waiting for money that does not come uses up the processor.");
	}
}
END_TEST

/* Who uses another mutex than the account's gets in the way of code of ours. */
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
		struct order *ours = add_order(work, UPDATE_ITSELF);
		ours->times = play_choose(play_random(1000, 3000), 1);
		ours->amount = play_random(2, 90);
		after += ours->times * ours->amount;
		play_start("crew", work);
		play_run();
		play_expect_equal(work->account.balance, after,
			"the balance after withdrawals and deposits by %ld threads, from "
			"%ld",
			2 * pairs + 1, before);
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

/* Another thread looks at the balance while the updates go on. What it sees is what some of
 * the updates have left behind, and of all interleavings there must be one for each two
 * updates in which it sees what is between them. */
static void expect_turns_between(enum order_kind kind, const char *function, long sign)
{
	enum { UPDATES = 24 };
	bool seen[UPDATES + 1] = {false}; /* after so many updates */
	while (play_next_run()) {
		long before = play_random(100, 1000);
		struct work *work = new_work(before);
		struct order *updates = add_order(work, kind);
		const struct order *look = add_order(work, LOOK);
		long amount = updates->amount = play_random(2, 90);
		updates->times = UPDATES;
		play_start("crew", work);
		play_run();
		long change = sign * (look->left - before);
		long done = change / amount;
		play_expect(change % amount == 0 && done >= 0 && done <= UPDATES,
			"Another thread saw a balance of %ld while %s changed %ld by %ld "
			"each time.",
			look->left, function, before, sign * amount);
		seen[done] = true;
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

static void add_batch(struct work *work, int batch, enum order_kind kind, long count)
{
	work->batches[batch] = (int)count;
	for (long i = 0; i < count; i++)
		add_order(work, kind);
}

static long carried_out(long order)
{
	struct kept *kept = play_kept(sizeof(*kept));
	return atomic_load(&kept->carried_out[order]);
}

static void expect_done_once(const struct work *work, const long counts[BATCHES])
{
	long count = 0;
	for (int batch = 0; batch < BATCHES; count += counts[batch++])
		play_expect_equal(work->done[batch], counts[batch],
			"how many orders were done when serve_all returned");
	for (long i = 0; i < count; i++)
		play_expect_equal(carried_out(i), 1,
			"how often order %ld of %ld was carried out", i + 1, count);
	for (long i = count; i < BATCHES * MOST_ORDERS; i++)
		play_expect_equal(carried_out(i), 0,
			"how often an order was carried out that is not one of the %ld",
			count);
}

/* One call after the other, the first without any order. */
START_TEST(every_order_is_done_once)
{
	while (play_next_run()) {
		long counts[BATCHES] = {0,
			play_choose(play_random(2, MOST_ORDERS - 1), 2),
			play_choose(play_random(1, MOST_ORDERS - 1), 1)};
		struct work *work = new_work(0);
		for (int batch = 0; batch < BATCHES; batch++)
			add_batch(work, batch, NOTHING, counts[batch]);
		play_start("serve", work);
		play_run();
		expect_done_once(work, counts);
	}
}
END_TEST

/* As many as there may be. */
START_TEST(orders_are_served_at_once)
{
	while (play_next_run()) {
		const long counts[BATCHES] = {MOST_ORDERS};
		struct work *work = new_work(0);
		add_batch(work, 0, MEET, MOST_ORDERS);
		play_start("serve", work);
		enum play_end end = play_try_run();
		play_expect(end != PLAY_STUCK,
			"An order waits for another one that is not being carried out.");
		play_expect(end == PLAY_RETURNED, "serve_all did not return.");
		play_expect(!play_kept_busy(),
			"Waiting for the orders uses up the processor.");
		expect_done_once(work, counts);
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

/* The first wants more than ever comes, and nobody else may have to wait for that: neither the
 * second nor the third, which waits for `grown` with code of ours. */
START_TEST(deposit_helps_all_it_covers)
{
	while (play_next_run()) {
		struct work *work = new_work(0);
		long unit = play_random(1, 9);
		add_order(work, WITHDRAW_COVERED)->amount = 3 * unit;
		add_order(work, WITHDRAW_COVERED)->amount = unit;
		add_order(work, WAIT_ITSELF)->amount = unit;
		struct order *in = add_order(work, DEPOSIT);
		in->times = 1;
		in->amount = 2 * unit;
		play_start("crew", work);
		enum play_end end = play_try_run();
		for (int i = 1; i < 3; i++)
			play_expect_equal(carried_out(i), 1,
				"how often money was taken out that is there, while "
				"somebody waits for more");
		play_expect(end == PLAY_STUCK && work->account.balance == 0,
			"Who waits for more than there is changed the balance.");
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
	add(suite, "deposit_helps_all_it_covers", deposit_helps_all_it_covers);
	return suite;
}
