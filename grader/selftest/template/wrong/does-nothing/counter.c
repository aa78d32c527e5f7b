/* fails counts_right_alone: the function is empty */
#include "counter.h"

void counter_add(struct counter *counter, long times)
{
	(void)counter;
	(void)times;
}
