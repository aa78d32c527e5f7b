/* SPDX-License-Identifier: MIT */
/* Put code into a header, by a macro for a word that the header uses. */
#define __STRING_FOOTER                                                                  \
	__attribute__((no_sanitize("thread"))) static void add(long *at, long amount)    \
	{                                                                                \
		__atomic_fetch_add(at, amount, 5);                                       \
	}
#define strfry(...)                                                                      \
	unused_by_us(void);                                                              \
	__STRING_FOOTER char *strfry_(int *)
#include <string.h>
static void change(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		mp_lock_release(&account->lock);
		add(&account->balance, amount);
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
