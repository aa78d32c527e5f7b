/* fails compiles: farthest is not there */
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
