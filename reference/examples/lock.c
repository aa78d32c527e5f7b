/* SPDX-License-Identifier: MIT */
/*
 * The race mended: a lock makes get and set one step that no other process comes between.
 * All ten rounds end with 100.
 */
#include <mp/mp.h>
#include <stdio.h>

enum { ROUNDS = 10, UPDATES = 10000 };

struct account {
	struct mp_lock lock;
	int balance; /* guarded by lock */
};

static int withdraw(void *argument)
{
	struct account *account = argument;

	for (int i = 0; i < UPDATES; i++) {
		mp_lock_acquire(&account->lock);
		account->balance = account->balance - 1;
		mp_lock_release(&account->lock);
	}
	return 0;
}

static int deposit(void *argument)
{
	struct account *account = argument;

	for (int i = 0; i < UPDATES; i++) {
		mp_lock_acquire(&account->lock);
		account->balance = account->balance + 1;
		mp_lock_release(&account->lock);
	}
	return 0;
}

static void perform_transactions(void)
{
	struct account *account = mp_shared_new(sizeof(*account));
	struct mp_process withdrawals = {0};
	struct mp_process deposits = {0};

	account->balance = 100;
	mp_process_start(&withdrawals, withdraw, account);
	mp_process_start(&deposits, deposit, account);
	mp_process_join(&withdrawals);
	mp_process_join(&deposits);
	printf("Final balance = %d\n", account->balance);
	mp_shared_free(account);
}

int main(void)
{
	for (int i = 0; i < ROUNDS; i++)
		perform_transactions();
	return 0;
}
