/* fails loses_as_many_as_can_be: only the last update of one task lasts: the others lose all, it loses none */
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
	step(FIRST, STEPS_OF_AN_UPDATE * (turns - 1) + 1);
	step(SECOND, STEPS_OF_AN_UPDATE * turns);
	step(THIRD, STEPS_OF_AN_UPDATE * turns);
	step(FIRST, 2);
}
