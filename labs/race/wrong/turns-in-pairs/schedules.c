/* fails loses_deposits: drawn for 3 turns, and in pairs of turns for more: of an odd number one is left */
#include "scheduler.h"

void ends_with_100(void)
{
	step(WITHDRAW, 3);
	step(DEPOSIT, 3);
}

void ends_with_99(void)
{
	step(WITHDRAW, 1); /* has read 100 */
	step(DEPOSIT, 3);
	step(WITHDRAW, 2); /* writes over what was deposited */
			   /* END SOLUTION */
}

void ends_with_101(void)
{
	step(DEPOSIT, 1);
	step(WITHDRAW, 3);
	step(DEPOSIT, 2);
}

/* Lets the task take its next turns, two at a time. */
static void turns_of(int task, int turns)
{
	for (int pair = 0; pair < turns / 2; pair++)
		step(task, 2 * STEPS_OF_AN_UPDATE);
}

static void farthest_of_three(void)
{
	step(FIRST, 1);
	step(SECOND, 6);
	step(THIRD, 9);
	step(FIRST, 2);
	step(SECOND, 1);
	step(FIRST, 6);
	step(SECOND, 2);
}

void farthest(int turns)
{
	if (turns == 3) {
		farthest_of_three();
		return;
	}
	step(FIRST, 1);
	turns_of(SECOND, turns - 2);
	step(SECOND, 3);
	turns_of(THIRD, turns);
	step(FIRST, 2);
	step(SECOND, 1);
	step(FIRST, 3);
	turns_of(FIRST, turns - 2);
	step(SECOND, 2);
}
