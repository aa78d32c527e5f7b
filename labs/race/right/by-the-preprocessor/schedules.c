/* As the solution, with names put together, lines spliced and a pragma in a macro. */
#include "scheduler.h"

#define JOIN(a, b) a##b
#define WITHOUT(warning) _Pragma(#warning)

WITHOUT(GCC diagnostic push)
WITHOUT(GCC diagnostic ignored "-Wmissing-prototypes")

void JOIN(ends_with_, \
	100)(void)
{
	step(WITHDRAW, 3);
	step(DEPOSIT, 3);
}

void JOIN(ends_with_, \
	99)(void)
{
	step(WITHDRAW, 1); /* has read 100 */
	step(DEPOSIT, 3);
	step(WITHDRAW, 2); /* writes over what was deposited */
}

void JOIN(ends_with_, \
	101)(void)
{
	step(DEPOSIT, 1);
	step(WITHDRAW, 3);
	step(DEPOSIT, 2);
}

void JOIN(fart, \
	hest)(int turns)
{
	int all = STEPS_OF_AN_UPDATE * turns;
	step(FIRST, 1); /* has read 100 */
	step(SECOND, all - 3);
	step(THIRD, all);
	step(FIRST, 2);	 /* writes 101 over all of that */
	step(SECOND, 1); /* has read 101, in its last turn */
	step(FIRST, all - 3);
	step(SECOND, 2); /* writes 102 */
	(void)turns;
}

WITHOUT(GCC diagnostic pop)
