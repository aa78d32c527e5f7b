/* SPDX-License-Identifier: MIT */
/* Do something else each time, so that no failure can be shown twice. */
#include <sys/random.h>

static unsigned by_chance(void)
{
	unsigned char byte = 0;

	(void)!getrandom(&byte, 1, 0);
	return byte % 4;
}

static void change(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		for (unsigned turns = by_chance(); turns > 0; turns--) {
			mp_lock_acquire(&account->lock);
			mp_lock_release(&account->lock);
		}
		account->balance += amount;
	}
}

void account_withdraw(struct account *account, long times, long amount)
{
	change(account, times, -amount);
}

void account_deposit(struct account *account, long times, long amount)
{
	change(account, times, amount);
}
