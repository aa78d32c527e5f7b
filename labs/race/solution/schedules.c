/* SPDX-License-Identifier: MIT */
#include "scheduler.h"

void ends_with_100(void)
{
	/* BEGIN SOLUTION (the handout shows it) */
	step(WITHDRAW, 3);
	step(DEPOSIT, 3);
	/* END SOLUTION */
}

void ends_with_99(void)
{
	/* BEGIN SOLUTION */
	step(WITHDRAW, 1); /* has read 100 */
	step(DEPOSIT, 3);
	step(WITHDRAW, 2); /* writes over what was deposited */
			   /* END SOLUTION */
}

void ends_with_101(void)
{
	/* BEGIN SOLUTION */
	step(DEPOSIT, 1);
	step(WITHDRAW, 3);
	step(DEPOSIT, 2);
	/* END SOLUTION */
}

void farthest(int turns)
{
	/* BEGIN SOLUTION */
	int all = STEPS_OF_AN_UPDATE * turns;
	step(FIRST, 1); /* has read 100 */
	step(SECOND, all - 3);
	step(THIRD, all);
	step(FIRST, 2);	 /* writes 101 over all of that */
	step(SECOND, 1); /* has read 101, in its last turn */
	step(FIRST, all - 3);
	step(SECOND, 2); /* writes 102 */
	/* END SOLUTION */
	(void)turns;
}
