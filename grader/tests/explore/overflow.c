/* SPDX-License-Identifier: MIT */
/* Each of two threads calls itself until its stack is used up. */
#include <pthread.h>
#include <stdlib.h>

static int deep(int depth)
{
	volatile char room[512];
	room[0] = (char)depth;
	return depth < 0 ? 0 : deep(depth + 1) + room[0];
}

static void *work(void *argument)
{
	(void)argument;
	exit(deep(0) > 0);
}

int main(void)
{
	pthread_t threads[2];
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
