/* SPDX-License-Identifier: MIT */
/*
 * A race: 10,000 withdrawals and 10,000 deposits of 1 should leave 100. They do not
 * always.
 *
 * Every get and every set is locked by itself, yet between the get and the set of one
 * process the other's update may come, and is overwritten. Were the balance a plain int,
 * changed by
 * `*balance = *balance - 1`, the race would be the same, but with -O2 the compiler folds
 * the whole loop into one subtraction of 10,000, and the chance to see it all but
 * vanishes. A program that has always come out right may still have a race in it.
 */
#include <mp/mp.h>
#include <stdio.h>

enum { ROUNDS = 10, UPDATES = 10000 };

struct account {
	struct mp_barrier start;
	struct mp_value *balance;
};

static int withdraw(void *argument)
{
	struct account *account = argument;
	struct mp_value *balance = account->balance;
	long long amount;

	/* Both begin at one time: a process may be through before the next has started. */
	mp_barrier_wait(&account->start, NULL);
	for (int i = 0; i < UPDATES; i++) {
		mp_value_get(balance, &amount);
		mp_value_set(balance, amount - 1);
	}
	return 0;
}

static int deposit(void *argument)
{
	struct account *account = argument;
	struct mp_value *balance = account->balance;
	long long amount;

	mp_barrier_wait(&account->start, NULL);
	for (int i = 0; i < UPDATES; i++) {
		mp_value_get(balance, &amount);
		mp_value_set(balance, amount + 1);
	}
	return 0;
}

static void perform_transactions(void)
{
	struct account *account = mp_shared_new(sizeof(*account));
	struct mp_process withdrawals = {0};
	struct mp_process deposits = {0};
	long long amount;

	mp_barrier_init(&account->start, 2);
	account->balance = mp_value_new('i', 100, NULL);
	mp_process_start(&withdrawals, withdraw, account);
	mp_process_start(&deposits, deposit, account);
	mp_process_join(&withdrawals);
	mp_process_join(&deposits);
	mp_value_get(account->balance, &amount);
	printf("Final balance = %lld\n", amount);
	mp_shared_free(account->balance);
	mp_shared_free(account);
}

int main(void)
{
	for (int i = 0; i < ROUNDS; i++)
		perform_transactions();
	return 0;
}
