/* SPDX-License-Identifier: MIT */
/* Define what the instrumentation calls. */
void __tsan_read8(void *address)
{
	(void)address;
}
void __tsan_write8(void *address)
{
	(void)address;
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
