/* fails loses_as_many_as_can_be: right for 4 turns or more: with 3 the third is in the way */
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
	step(DEPOSIT, 1);
	step(WITHDRAW, 3);
	step(DEPOSIT, 2);
}

void farthest(int turns)
{
	int all = STEPS_OF_AN_UPDATE * turns;
	step(FIRST, 1);
	step(SECOND, all - 3);
	if (turns > 3)
		step(THIRD, all);
	step(FIRST, 2);
	if (turns <= 3)
		step(THIRD, all);
	step(SECOND, 1);
	step(FIRST, all - 3);
	step(SECOND, 2);
}
