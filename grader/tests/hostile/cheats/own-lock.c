/* SPDX-License-Identifier: MIT */
/* Bring a lock that does nothing, under the library's names. */
int mp_lock_acquire(struct mp_lock *lock)
{
	(void)lock;
	return MP_OK;
}

int mp_lock_release(struct mp_lock *lock)
{
	(void)lock;
	return MP_OK;
}

void account_withdraw(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		account->balance -= amount;
		mp_lock_release(&account->lock);
	}
}

void account_deposit(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		mp_lock_acquire(&account->lock);
		account->balance += amount;
		mp_lock_release(&account->lock);
	}
}
