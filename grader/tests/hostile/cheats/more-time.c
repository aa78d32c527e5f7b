/* SPDX-License-Identifier: MIT */
/* Lift one's own limits, then compute for ten seconds. */
#include <sys/resource.h>
#include <time.h>
static void cheat(void)
{
	struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};

	(void)setrlimit(RLIMIT_CPU, &none);
	none.rlim_max = none.rlim_cur = 3;
	(void)setrlimit(RLIMIT_CPU, &none);
	while (clock() / CLOCKS_PER_SEC < 10)
		;
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
