/* fails loses_deposits: each task makes all its updates before the next */
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
	for (int task = FIRST; task <= THIRD; task++)
		step(task, STEPS_OF_AN_UPDATE * turns);
}
