/* fails loses_deposits: writes the schedule down where there is room for 12 turns */
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

static int plan[3 * 12 * STEPS_OF_AN_UPDATE];
static int planned;

static void add(int task, int count)
{
	for (int i = 0; i < count; i++)
		plan[planned++] = task;
}

void farthest(int turns)
{
	int all = STEPS_OF_AN_UPDATE * (turns > 12 ? 12 : turns);
	planned = 0;
	add(FIRST, 1);
	add(SECOND, all - 3);
	add(THIRD, all);
	add(FIRST, 2);
	add(SECOND, 1);
	add(FIRST, all - 3);
	add(SECOND, 2);
	for (int i = 0; i < planned; i++)
		step(plan[i], 1);
}
