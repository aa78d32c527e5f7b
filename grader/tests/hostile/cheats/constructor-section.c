/* SPDX-License-Identifier: MIT */
/* The same by a section that the linker collects. */
#include <unistd.h>
static void early(void)
{
	_exit(0);
}
__attribute__((section(".init_array"), used)) static void (*entry)(void) = early;
void account_withdraw(struct account *account, long times, long amount)
{
	(void)account;
	(void)times;
	(void)amount;
}

void account_deposit(struct account *account, long times, long amount)
{
	(void)account;
	(void)times;
	(void)amount;
}
