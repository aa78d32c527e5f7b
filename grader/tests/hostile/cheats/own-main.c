/* SPDX-License-Identifier: MIT */
/* Bring a main and the player's own names. */
int main(void)
{
	return 0;
}
int serve, call_entry, run_plan, player_entries;
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
