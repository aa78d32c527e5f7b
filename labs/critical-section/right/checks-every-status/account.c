/* Looks at every status and stops at the first that is not MP_OK. */
#include "account.h"

#include <stdio.h>
#include <stdlib.h>

static void must(int status, const char *what)
{
	if (status == MP_OK)
		return;
	fprintf(stderr, "%s: %s\n", what, mp_status_text(status));
	abort();
}

void account_withdraw(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		must(mp_lock_acquire(&account->lock), "acquire");
		account->balance = account->balance - amount;
		must(mp_lock_release(&account->lock), "release");
	}
}

void account_deposit(struct account *account, long times, long amount)
{
	for (long i = 0; i < times; i++) {
		must(mp_lock_acquire(&account->lock), "acquire");
		account->balance = account->balance + amount;
		must(mp_lock_release(&account->lock), "release");
	}
}
