/* SPDX-License-Identifier: MIT */
/* Define what the library tells the explorer. */
void mp_checker_before(int operation, const volatile void *object)
{
	(void)operation;
	(void)object;
}
void account_withdraw(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++)
		account->balance -= amount;
}

void account_deposit(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++)
		account->balance += amount;
}
