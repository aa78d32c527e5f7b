/* SPDX-License-Identifier: MIT */
/* Two to the power of 22 additions from 22 lines. */
#define A0(x) x x
#define A1(x) A0(A0(x))
#define A2(x) A1(A1(x))
#define A3(x) A2(A2(x))
#define A4(x) A3(A2(A1(x)))
static long bomb = 0 A4(+1) A3(+1);
#define MANY A4(A2(A1(+bomb)))
long exploded(void)
{
	return 0 MANY MANY MANY;
}
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
