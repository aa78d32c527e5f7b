#include "scheduler.h"

/* Steps that each task has left; the last function needs them. */
static int left[3];

static void go(int task, int count)
{
	step(task, count);
	left[task] -= count;
}

static void finish(int task)
{
	go(task, left[task]);
}

static void begin(int turns)
{
	for (int task = 0; task < 3; task++)
		left[task] = turns * STEPS_OF_AN_UPDATE;
}

void ends_with_100(void)
{
	begin(1);
	finish(DEPOSIT);
	finish(WITHDRAW);
}

/* Whoever reads first and finishes last wins. */
static void only(int winner, int loser)
{
	begin(1);
	go(winner, 1);
	finish(loser);
	finish(winner);
}

void ends_with_99(void)
{
	only(WITHDRAW, DEPOSIT);
}

void ends_with_101(void)
{
	only(DEPOSIT, WITHDRAW);
}

void farthest(int turns)
{
	begin(turns);
	go(THIRD, 1);
	while (left[FIRST] > STEPS_OF_AN_UPDATE)
		go(FIRST, 1);
	go(THIRD, 2);
	go(FIRST, 1);
	finish(THIRD);
	finish(SECOND);
	finish(FIRST);
}
