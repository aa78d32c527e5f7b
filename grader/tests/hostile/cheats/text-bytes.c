/* SPDX-License-Identifier: MIT */
/* Update by machine code that is data, put among the instructions. */
__attribute__((section(".text"))) static const unsigned char add[] = {
	0xf0, 0x48, 0x01, 0x37, 0xc3};
static void change(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		mp_lock_release(&account->lock);
		((void (*)(long *, long))(void *)add)(&account->balance, amount);
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
