/* SPDX-License-Identifier: MIT */
/* Run out of stack. */
static int deeper(volatile char *above)
{
	volatile char here[1 << 16];

	here[0] = above[0];
	return deeper(here) + here[0];
}
static void cheat(void)
{
	volatile char top[1] = {0};

	(void)deeper(top);
}
void account_withdraw(struct account *account, long times, long amount)
{
	(void)account;
	(void)times;
	(void)amount;
	cheat();
}

void account_deposit(struct account *account, long times, long amount)
{
	account_withdraw(account, times, amount);
}
