/* fails ends_with_101: counts the steps that are left, and begins with those of the call before */
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

static int left[2] = {STEPS_OF_AN_UPDATE, STEPS_OF_AN_UPDATE};

static void go(int task, int count)
{
	for (; count > 0 && left[task] > 0; count--, left[task]--)
		step(task, 1);
}

void ends_with_101(void)
{
	go(DEPOSIT, 1);
	go(WITHDRAW, 3);
	go(DEPOSIT, 2);
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
