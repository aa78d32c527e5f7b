/* SPDX-License-Identifier: MIT */
/* Update by assembler in what a line marker says to be a header. */
# 1 "/usr/include/string.h" 1
static void add(long *where, long amount)
{
	__asm__ volatile("lock addq %1, %0" : "+m"(*where) : "r"(amount));
}
# 5 "account.c" 2
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
