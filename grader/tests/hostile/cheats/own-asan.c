/* SPDX-License-Identifier: MIT */
/* Tell the sanitizers to look away. */
const char *__asan_default_options(void)
{
	return "detect_leaks=0:halt_on_error=0";
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
