/* SPDX-License-Identifier: MIT */
/* The program that plain.sh runs: one withdrawing and one depositing process, random
 * counts, and "right" if the balance is. */
#include "account.h"

#include <mp/process.h>
#include <mp/shared.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static long withdrawals;
static long deposits;

static int withdraw(void *account)
{
	account_withdraw(account, withdrawals, 3);
	return 0;
}

static int deposit(void *account)
{
	account_deposit(account, deposits, 5);
	return 0;
}

int main(int argc, char **argv)
{
	struct account *account = NULL;
	struct mp_process processes[2];

	(void)argv;
	srandom((unsigned)getpid());
	withdrawals = argc > 1 ? 3 : 1000 + random() % 2000;
	deposits = argc > 1 ? 2 : 1000 + random() % 2000;
	if (!(account = mp_shared_new(sizeof(*account))))
		return 1;
	account->balance = 100;
	if (mp_process_start(&processes[0], withdraw, account) != MP_OK ||
		mp_process_start(&processes[1], deposit, account) != MP_OK ||
		mp_process_join(&processes[0]) != MP_OK ||
		mp_process_join(&processes[1]) != MP_OK)
		return 1;
	puts(account->balance == 100 - 3 * withdrawals + 5 * deposits ? "right"
								      : "wrong");
	return 0;
}
