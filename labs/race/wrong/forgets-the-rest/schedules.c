/* fails loses_deposits: stops when the balance is 102, with turns left */
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
	step(SECOND, STEPS_OF_AN_UPDATE * turns - 3);
	step(FIRST, 2);
	step(SECOND, 3);
}
