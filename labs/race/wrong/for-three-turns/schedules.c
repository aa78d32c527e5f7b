/* fails loses_deposits: right for 3 turns only */
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
	step(FIRST, 1);
	step(SECOND, 6);
	step(THIRD, 9);
	step(FIRST, 2);
	step(SECOND, 1);
	step(FIRST, 6);
	step(SECOND, 2);
	(void)turns;
}
