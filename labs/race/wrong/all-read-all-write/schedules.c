/* fails loses_as_many_as_can_be: in each turn all read before any writes: one deposit in three counts */
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
	for (int i = 0; i < turns * STEPS_OF_AN_UPDATE; i++)
		for (int task = FIRST; task <= THIRD; task++)
			step(task, 1);
}
