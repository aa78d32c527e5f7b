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
	return scene;
}

static struct job *new_job(struct notes *notes, struct scene *scene, long times)
{
	struct job *job = &notes->jobs[notes->count++];
	job->scene = scene;
	job->times = times;
	return job;
}

static struct move *add_move(
	struct job *job, struct bank *bank, int from, int to, long amount)
{
	struct move *move = &job->moves[job->count++];
	*move = (struct move){.bank = bank, .from = from, .to = to, .amount = amount};
	return move;
}

/* Seen from the other end of the bank, what goes up goes down. */
static int mirrored(int account)
{
	return BANK_ACCOUNTS - 1 - account;
}

/* The move, and its mirror image: a submission may have a branch for each direction. */
static void add_both_ways(struct job *job, int from, int to, long amount)
{
	struct bank *bank = &job->scene->bank;
	add_move(job, bank, from, to, amount);
	add_move(job, bank, mirrored(from), mirrored(to), amount);
}

/* Whether nobody holds the lock, and nobody died holding it. */
static bool was_released(struct mp_lock *lock)
{
	if (mp_lock_try_acquire(lock) != MP_OK)
		return false;
	mp_lock_release(lock);
	return true;
}

static void expect_all_released(struct bank *bank)
{
	play_expect(was_released(&bank->lock),
		"The lock of the bank is still held after transfers.");
	for (int i = 0; i < BANK_ACCOUNTS; i++)
		play_expect(was_released(&bank->accounts[i].lock),
			"The lock of an account is still held after transfers that were "
			"made at once.");
}

static void run_and_expect_all_released(struct scene *scene)
{
	play_run();
	expect_all_released(&scene->bank);
}

/* One process makes a transfer of each kind, between a pair of accounts of its own: in one
 * bank from the lower number to the higher one, in another bank down. */
enum { COVERED, JUST_COVERED, NOT_COVERED, LARGE, LARGE_NOT_COVERED, NOTHING, KINDS };
enum { UP, DOWN, DIRECTIONS };
enum { TRIALS = DIRECTIONS * KINDS };

struct trials {
	struct scene *scenes[DIRECTIONS];
	struct move wanted[TRIALS]; /* as it was given to the process */
	const struct move *made[TRIALS];
	long giver[TRIALS]; /* what is in the account before */
	long taker[TRIALS];
};

static bool is_refused(int trial)
{
	int kind = trial % KINDS;
	return kind == NOT_COVERED || kind == LARGE_NOT_COVERED;
}

static struct job *plan_trials(struct notes *notes, struct trials *trials)
{
	const long large = (1L << 53) + 1; /* more than an int or a double can hold */
	struct job *job = NULL;
	long before[BANK_ACCOUNTS] = {0};
	for (int trial = 0; trial < TRIALS; trial++) {
		int kind = trial % KINDS;
		bool down = trial / KINDS == DOWN;
		if (kind == 0)
			trials->scenes[trial / KINDS] = rich_scene(before);
		struct bank *bank = &trials->scenes[trial / KINDS]->bank;
		if (!job)
			job = new_job(notes, trials->scenes[UP], 1);
		int from = 2 * kind + down;
		int to = 2 * kind + !down;
		bool is_large = kind == LARGE || kind == LARGE_NOT_COVERED;
		long amount = kind == NOTHING ? 0 : 2 * play_random(1, 2500);
		amount += is_large ? large : 0;
		long more = is_refused(trial) ? -1 : 0;
		more += kind == COVERED || kind == LARGE ? play_random(1, 900) : 0;
		struct move *move = add_move(job, bank, from, to, amount);
		trials->wanted[trial] = *move;
		trials->made[trial] = move;
		bank->accounts[from].balance = trials->giver[trial] = amount + more;
		trials->taker[trial] = before[to];
	}
	return job;
}

/* In a bank of its own, each account gives to the next one and to the one before it. */
static struct scene *plan_ring(struct job *job, long after[BANK_ACCOUNTS])
{
	struct scene *scene = rich_scene(after);
	for (int from = 0; from < BANK_ACCOUNTS; from++) {
		for (int step = 1; step < BANK_ACCOUNTS; step += BANK_ACCOUNTS - 2) {
			int to = (from + step) % BANK_ACCOUNTS;
			long amount = play_random(2, 5000);
			add_move(job, &scene->bank, from, to, amount);
			after[from] -= amount;
			after[to] += amount;
		}
	}
	return scene;
}

START_TEST(finishes)
{
	while (play_next_run()) {
		struct notes *notes = play_notes(sizeof(*notes));
		struct trials trials = {0};
		play_start("transfers", plan_trials(notes, &trials));
		play_run();
	}
}
END_TEST

START_TEST(moves_right_alone)
{
	while (play_next_run()) {
		struct notes *notes = play_notes(sizeof(*notes));
		struct trials trials = {0};
		long after[BANK_ACCOUNTS];
		struct job *job = plan_trials(notes, &trials);
		const struct scene *ring = plan_ring(job, after);
		play_start("transfers", job);
		play_run();
		for (int i = 0; i < BANK_ACCOUNTS; i++)
			play_expect_equal(ring->bank.accounts[i].balance, after[i],
				"the balance of account %d, after transfers between "
				"neighbours",
				i);
		for (int i = 0; i < TRIALS; i++) {
			const struct move *move = &trials.wanted[i];
			const struct account *accounts =
				trials.scenes[i / KINDS]->bank.accounts;
			long moved = is_refused(i) ? 0 : move->amount;
			play_expect_equal(accounts[move->from].balance,
				trials.giver[i] - moved,
				"what is left of %ld after a transfer of %ld",
				trials.giver[i], move->amount);
			play_expect_equal(accounts[move->to].balance,
				trials.taker[i] + moved,
				"what an account with %ld has after a transfer of %ld to "
				"it",
				trials.taker[i], move->amount);
			play_expect_equal(trials.made[i]->refused, is_refused(i),
				"how often a transfer of %ld from an account with %ld is "
				"refused",
				move->amount, trials.giver[i]);
		}
	}
}
END_TEST

/* Two processes make three transfers from account 0 to 1, and three from 11 to 10; there is
 * enough for `enough_for` of each three, and `rest`. One of them also tries a transfer for which
 * there never is enough, and which must not be seen by the others. */
struct short_of_money {
	struct scene *scene;
	struct job *jobs[2];
	long enough_for;
	long amount;
	long too_much;
	long rest;
};

static struct short_of_money plan_short_of_money(
	struct notes *notes, long times, long enough_for)
{
	long before[BANK_ACCOUNTS];
	struct short_of_money plan = {
		.scene = rich_scene(before), .enough_for = enough_for};
	/* All amounts are even: that an order by the amount is none is judged elsewhere. */
	plan.amount = 2 * play_random(5, 45);
	plan.rest = play_random(0, plan.amount - 1);
	long balance = enough_for * plan.amount + plan.rest;
	plan.too_much = balance + 2 - balance % 2;
	plan.scene->bank.accounts[0].balance = balance;
	plan.scene->bank.accounts[mirrored(0)].balance = balance;
	for (int i = 0; i < 2; i++) {
		plan.jobs[i] = new_job(notes, plan.scene, times);
		add_both_ways(plan.jobs[i], 0, 1, plan.amount);
	}
	add_both_ways(plan.jobs[0], 0, 1, plan.amount);
	add_both_ways(plan.jobs[1], 0, 1, plan.too_much);
	return plan;
}

/* How many of the transfers that there can be enough for were made. */
static long made(const struct short_of_money *plan, int direction)
{
	return plan->jobs[0]->moves[direction].moved +
	       plan->jobs[0]->moves[DIRECTIONS + direction].moved +
	       plan->jobs[1]->moves[direction].moved;
}

/* First each kind of transfer alone; then some at once, also while others use the accounts. */
START_TEST(locks_are_free_afterwards)
{
	while (play_next_run()) {
		struct notes *notes = play_notes(sizeof(*notes));
		struct trials trials = {0};
		struct short_of_money plan = plan_short_of_money(notes, 1, 2);
		struct job *visits = new_job(notes, plan.scene, 1);
		add_both_ways(visits, 0, 1, 0);
		add_both_ways(visits, 1, 0, 0);
		struct job *alone = plan_trials(notes, &trials);
		alone->scene = plan.scene;
		for (int i = 0; i < plan.jobs[0]->count; i++)
			alone->moves[alone->count++] = plan.jobs[0]->moves[i];
		play_start("transfers", alone);
		play_start("transfers", plan.jobs[1]);
		play_start("pay_in", visits);
		enum play_end end = play_try_run();
		for (int i = 0; i < TRIALS; i++) {
			const struct move *move = &trials.wanted[i];
			struct account *accounts =
				trials.scenes[i / KINDS]->bank.accounts;
			const char *what = is_refused(i) ? "was refused" : "was made";
			play_expect(was_released(&accounts[move->from].lock),
				"The lock of the account that gives is still held after "
				"a transfer that %s.",
				what);
			play_expect(was_released(&accounts[move->to].lock),
				"The lock of the account that gets is still held after a "
				"transfer that %s.",
				what);
		}
		for (int i = 0; i < DIRECTIONS; i++)
			expect_all_released(&trials.scenes[i]->bank);
		expect_all_released(&plan.scene->bank);
		play_expect(end == PLAY_RETURNED,
			"Transfers in one direction did not come to an end.");
	}
}
END_TEST

/* All transfers between two accounts go the same way, so that no order of locks can be wrong.
 * Others pay in. */
START_TEST(no_update_is_lost)
{
	enum { MOVERS = 2 };
	while (play_next_run()) {
		struct notes *notes = play_notes(sizeof(*notes));
		long before[BANK_ACCOUNTS];
		struct scene *scene = rich_scene(before);
		long times = play_choose(play_random(250, 1000), 1);
		long amount = play_random(2, 90);
		long pays = play_choose(play_random(250, 1000), 1);
		long pay = play_random(100, 900);
		long payers = play_choose(2, 1);
		scene->gate = (int)play_choose(MOVERS + payers, 0);
		for (int i = 0; i < MOVERS; i++) {
			struct job *job = new_job(notes, scene, times);
			add_both_ways(job, 0, 1, amount);
			play_start("transfers", job);
		}
		for (int i = 0; i < payers; i++) {
			struct job *job = new_job(notes, scene, pays);
			add_both_ways(job, 1, 0, pay);
			add_both_ways(job, 0, 1, pay);
			play_start("pay_in", job);
		}
		run_and_expect_all_released(scene);
		long moved = MOVERS * times * amount;
		long paid = payers * pays * pay;
		for (int i = 0; i < DIRECTIONS; i++) {
			int from = i == UP ? 0 : mirrored(0);
			int to = i == UP ? 1 : mirrored(1);
			play_expect_equal(scene->bank.accounts[from].balance,
				before[from] + paid - moved,
				"the balance of the account that gives");
			play_expect_equal(scene->bank.accounts[to].balance,
				before[to] + paid + moved,
				"the balance of the account that gets");
		}
	}
}
END_TEST

/* All have to wait for account 5: for it as the one that gives and as the one that gets, and
 * with the other account below it and above it. */
START_TEST(waiting_costs_nothing)
{
	while (play_next_run()) {
		struct notes *notes = play_notes(sizeof(*notes));
		long before[BANK_ACCOUNTS];
		struct scene *scene = rich_scene(before);
		struct job *job = new_job(notes, scene, 1);
		long amount = play_random(2, 90);
		add_move(job, &scene->bank, 4, 5, amount);
		add_move(job, &scene->bank, 5, 6, amount);
		add_move(job, &scene->bank, 7, 5, amount);
		add_move(job, &scene->bank, 5, 3, amount);
		play_start("keep", job);
		enum play_end end = play_try_run();
		for (int i = 0; i < job->count; i++)
			play_expect(job->moves[i].refused == 0,
				"A transfer that has to wait for an account's lock gives "
				"up and refuses, although there is enough money.");
		play_expect(end != PLAY_SPUN && !play_kept_busy(),
			"A transfer that waits for an account's lock does not sleep "
			"until it is free, but asks again and again.");
	}
}
END_TEST

START_TEST(no_account_goes_below_zero)
{
	while (play_next_run()) {
		struct notes *notes = play_notes(sizeof(*notes));
		struct short_of_money plan =
			plan_short_of_money(notes, play_choose(play_random(250, 1000), 1),
				play_choose(play_random(100, 450), 2));
		long before = plan.enough_for * plan.amount + plan.rest;
		plan.scene->gate = (int)play_choose(2, 0);
		play_start("transfers", plan.jobs[0]);
		play_start("transfers", plan.jobs[1]);
		run_and_expect_all_released(plan.scene);
		for (int i = 0; i < DIRECTIONS; i++) {
			int from = i == UP ? 0 : mirrored(0);
			play_expect_equal(made(&plan, i), plan.enough_for,
				"how many transfers of %ld from an account with %ld, "
				"from which nobody can transfer %ld, were made",
				plan.amount, before, plan.too_much);
			play_expect_equal(plan.scene->bank.accounts[from].balance,
				plan.rest, "what transfers of %ld leave of %ld",
				plan.amount, before);
		}
	}
}
END_TEST

START_TEST(no_money_in_the_air)
{
	while (play_next_run()) {
		struct notes *notes = play_notes(sizeof(*notes));
		long before[BANK_ACCOUNTS];
		struct scene *scene = rich_scene(before);
		struct job *mover =
			new_job(notes, scene, play_choose(play_random(1000, 2000), 1));
		struct job *auditor = new_job(notes, scene, play_choose(4000, 1));
		add_both_ways(mover, 0, 1, play_random(1, 90));
		add_both_ways(auditor, 0, 1, 0);
		for (int i = 0; i < DIRECTIONS; i++) {
			struct move *pair = &auditor->moves[i];
			pair->amount = before[pair->from] + before[pair->to];
		}
		scene->gate = (int)play_choose(2, 0);
		play_start("transfers", mover);
		play_start("audit", auditor);
		run_and_expect_all_released(scene);
		for (int i = 0; i < DIRECTIONS; i++)
			play_expect(auditor->moves[i].wrong == 0,
				"A process that held the locks of both accounts did not "
				"see all the money in them.");
	}
}
END_TEST

/* A transfer from each of the accounts to the next, and from the last one to the first, each
 * by another process. */
static void add_ring(struct job **jobs, int sides, const int *accounts, long amount,
	long change[BANK_ACCOUNTS])
{
	for (int side = 0; side < sides; side++) {
		struct job *job = jobs[side];
		int from = accounts[side];
		int to = accounts[(side + 1) % sides];
		add_move(job, &job->scene->bank, from, to, amount);
		change[from] -= job->times * amount;
		change[to] += job->times * amount;
	}
}

static void end_round(struct job **jobs, int sides)
{
	for (int side = 0; side < sides; side++)
		jobs[side]->moves[jobs[side]->count - 1].sides = sides;
}

/* Rings of three accounts, by three processes. */
static void add_rings(struct job **jobs, long amount, long change[BANK_ACCOUNTS])
{
	static const int rings[RINGS][MOST_SIDES] = {
		{0, 1, 2}, {0, 1, 11}, {0, 4, 8}, {1, 5, 9}, {2, 6, 10}, {3, 7, 11}};
	for (int i = 0; i < RINGS; i++) {
		add_ring(jobs, 3, rings[i], amount, change);
		if (i < 2 || i == RINGS - 1)
			end_round(jobs, 3);
	}
}

/* All pairs, there and back, by two processes: in rounds as of a tournament, in which each
 * account is in one pair, so that who waits for one pair is in nobody else's way. */
static void add_pairs(struct job **jobs, long amount, long change[BANK_ACCOUNTS])
{
	const int rounds = BANK_ACCOUNTS - 1;
	for (int round = 0; round < rounds; round++) {
		for (int k = 0; k < BANK_ACCOUNTS / 2; k++) {
			int pair[2] = {(round + k) % rounds,
				k == 0 ? rounds : (round + rounds - k) % rounds};
			add_ring(jobs, 2, pair, amount, change);
		}
		end_round(jobs, 2);
	}
}

/* If all agree about the order of each pair, what is no order of all accounts has a ring of
 * three. The third process is done before the pairs begin. The amount is always the same, so
 * that an order by the amount is no order of the accounts. */
START_TEST(no_deadlock)
{
	while (play_next_run()) {
		struct notes *notes = play_notes(sizeof(*notes));
		long before[BANK_ACCOUNTS];
		long change[BANK_ACCOUNTS] = {0};
		struct scene *scene = rich_scene(before);
		struct job *jobs[MOST_SIDES];
		long times = play_choose(play_random(20, 60), 1);
		long amount = play_random(1, 90);
		scene->gate = (int)play_choose(MOST_SIDES, 0);
		for (int side = 0; side < MOST_SIDES; side++) {
			jobs[side] = new_job(notes, scene, times);
			jobs[side]->side = side;
			play_start("transfers_in_rounds", jobs[side]);
		}
		add_rings(jobs, amount, change);
		add_pairs(jobs, amount, change);
		run_and_expect_all_released(scene);
		for (int i = 0; i < BANK_ACCOUNTS; i++)
			play_expect_equal(scene->bank.accounts[i].balance,
				before[i] + change[i], "the balance of account %d", i);
	}
}
END_TEST

/* While all other locks are held, there and back between two accounts; a third process waits
 * for locks that are held. */
START_TEST(strangers_do_not_wait)
{
	while (play_next_run()) {
		struct notes *notes = play_notes(sizeof(*notes));
		long before[BANK_ACCOUNTS];
		struct scene *scene = rich_scene(before);
		int low = (int)play_random(1, BANK_ACCOUNTS - 4);
		int high = (int)play_random(low + 2, BANK_ACCOUNTS - 2);
		struct job *there_and_back = new_job(notes, scene, 1);
		struct job *waits = new_job(notes, scene, 1);
		add_move(there_and_back, &scene->bank, low, high, 5);
		add_move(there_and_back, &scene->bank, high, low, 7);
		add_move(waits, &scene->bank, 0, low + 1, 5);
		play_start("hold_others", there_and_back);
		play_start("transfers_while_held", waits);
		play_start("transfers_while_held", there_and_back);
		play_expect(play_try_run() == PLAY_RETURNED,
			"A transfer between two accounts whose locks were free could "
			"not be made while others held the locks of other accounts and "
			"of the bank.");
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
