/* SPDX-License-Identifier: MIT */
/* Let the assembler include it. */
__asm__(".section .rodata\n.globl hidden\nhidden: .incbin \"" CANARY "\"\n.text\n");
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
