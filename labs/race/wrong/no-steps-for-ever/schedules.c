/* fails ends_with_99: lets the withdrawal take no steps, for ever */
#include "scheduler.h"

void ends_with_100(void)
{
	step(WITHDRAW, 3);
	step(DEPOSIT, 3);
}

void ends_with_99(void)
{
	for (;;)
		step(WITHDRAW, 0);
}

void ends_with_101(void)
{
	step(DEPOSIT, 1);
	step(WITHDRAW, 3);
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
