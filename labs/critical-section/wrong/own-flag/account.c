/* fails no_update_is_lost: tests and sets a flag of its own in two steps */
#include "account.h"

/* The lock field is all zero at first: its first byte serves as the flag. */
static volatile char *flag_of(struct account *account)
{
	return (volatile char *)&account->lock;
}

void account_withdraw(struct account *account, long times, long amount)
{
	volatile char *busy = flag_of(account);
	for (long i = 0; i < times; i++) {
		while (*busy)
			continue;
		*busy = 1;
		account->balance -= amount;
		*busy = 0;
	}
}

void account_deposit(struct account *account, long times, long amount)
{
	volatile char *busy = flag_of(account);
	for (long i = 0; i < times; i++) {
		while (*busy)
			continue;
		*busy = 1;
		account->balance += amount;
		*busy = 0;
	}
}
