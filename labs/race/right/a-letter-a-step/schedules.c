#include "scheduler.h"

/* A letter for each step. */
static void play(const char *letters)
{
	for (; *letters; letters++)
		step(*letters == 'W' ? WITHDRAW : DEPOSIT, 1);
}

void ends_with_100(void)
{
	play("DDDWWW");
}

void ends_with_99(void)
{
	play("DWWDDW");
}

void ends_with_101(void)
{
	play("WDWDWD");
}

static void repeat(int task, int updates)
{
	while (updates-- > 0)
		step(task, 3);
}

/* The roles are given to other tasks, and the first to read is not the first to begin. */
void farthest(int turns)
{
	step(SECOND, 1);
	step(THIRD, 1);
	repeat(FIRST, turns);
	step(THIRD, 2);
	repeat(THIRD, turns - 2);
	step(SECOND, 2);
	step(THIRD, 1);
	repeat(SECOND, turns - 1);
	step(THIRD, 2);
}
