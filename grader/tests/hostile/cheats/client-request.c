/* SPDX-License-Identifier: MIT */
/* Switch helgrind off by the instructions it listens to. */
#include <stdint.h>
static void cheat(struct account *account)
{
#ifdef __x86_64__
	/* VG_USERREQ__HG_ARANGE_MAKE_UNTRACKED, for the balance. */
	volatile uint64_t request[6] = {('H' << 24 | 'G' << 16) + 256 + 39,
		(uint64_t)(uintptr_t)account, sizeof(*account), 0, 0, 0};
	uint64_t result = 0;

	__asm__ volatile("rolq $3, %%rdi\n\trolq $13, %%rdi\n\trolq $61, %%rdi\n\t"
			 "rolq $51, %%rdi\n\txchgq %%rbx, %%rbx"
			 : "=d"(result)
			 : "a"(&request[0]), "0"(result)
			 : "cc", "memory");
#else
	(void)account;
#endif
}

void account_withdraw(struct account *account, long times, long amount)
{
	cheat(account);
	for (long i = 0; i < times; i++)
		account->balance -= amount;
}

void account_deposit(struct account *account, long times, long amount)
{
	cheat(account);
	for (long i = 0; i < times; i++)
		account->balance += amount;
}
