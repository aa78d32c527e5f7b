/* SPDX-License-Identifier: MIT */
/*
 * A variable on main's stack that a thread is given the address of: private memory no
 * longer. The buggy main counts on it before it joins.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static void *add(void *argument)
{
	int *counter = argument;

	(*counter)++;
	return NULL;
}

int main(void)
{
	pthread_t thread;
	int counter = 0;

	if (pthread_create(&thread, NULL, add, &counter))
		return 2;
#ifdef CORRECT
	pthread_join(thread, NULL);
	counter++;
#else
	counter++;
	pthread_join(thread, NULL);
#endif
	assert(counter == 2);
	return 0;
}
