/* fails counts_right_alone: sets the balance that the example in the handout ends with */
#include "account.h"

void account_withdraw(struct account *account, long times, long amount)
{
	(void)times;
	(void)amount;
	mp_lock_acquire(&account->lock);
	account->balance = 100;
	mp_lock_release(&account->lock);
}

void account_deposit(struct account *account, long times, long amount)
{
	(void)times;
	(void)amount;
	mp_lock_acquire(&account->lock);
	account->balance = 100;
	mp_lock_release(&account->lock);
}
