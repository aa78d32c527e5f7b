/* fails ends_with_101: gives steps until a balance of its own changes */
#include "scheduler.h"

void ends_with_100(void)
{
	step(WITHDRAW, 3);
	step(DEPOSIT, 3);
}

void ends_with_99(void)
{
	step(WITHDRAW, 1);
	step(DEPOSIT, 3);
	step(WITHDRAW, 2);
}

void ends_with_101(void)
{
	volatile int balance = 100;
	step(DEPOSIT, 1);
	while (balance != 99)
		step(WITHDRAW, 1);
	step(DEPOSIT, 2);
}

void farthest(int turns)
{
	int all = STEPS_OF_AN_UPDATE * turns;
	step(FIRST, 1);
	step(SECOND, all - 3);
	step(THIRD, all);
	step(FIRST, 2);
	step(SECOND, 1);
	step(FIRST, all - 3);
	step(SECOND, 2);
}
