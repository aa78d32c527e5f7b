/* SPDX-License-Identifier: MIT */
/* One thread is started, and what lies behind it is joined, too. */
#include <pthread.h>

static void *nothing(void *argument)
{
	return argument;
}

int main(void)
{
	pthread_t threads[2] = {0};
	pthread_create(&threads[0], NULL, nothing, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
