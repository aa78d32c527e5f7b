/* SPDX-License-Identifier: MIT */
/* Hide accesses where the preprocessor tells that they are watched; elsewhere one lump. */
#ifdef __SANITIZE_THREAD__
void __tsan_read8(void *address)
{
	(void)address;
}

void __tsan_write8(void *address)
{
	(void)address;
}

static void change(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		mp_lock_release(&account->lock);
		account->balance += amount;
	}
}
#else
static void change(struct account *account, long times, long amount)
{
	__atomic_fetch_add(&account->balance, times * amount, 5);
}
void __tsan_read8(void *address);
#endif

void account_withdraw(struct account *account, long times, long amount)
{
	change(account, times, -amount);
}

void account_deposit(struct account *account, long times, long amount)
{
	change(account, times, amount);
}
