/* SPDX-License-Identifier: MIT */
/* Let the compiler quote it in a message about a line that claims to be there. */
#line 1 CANARY
int broken = ;
void account_withdraw(struct account *account, long times, long amount)
{
	(void)account;
	(void)times;
	(void)amount;
}

void account_deposit(struct account *account, long times, long amount)
{
	(void)account;
	(void)times;
	(void)amount;
}
