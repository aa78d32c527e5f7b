/* SPDX-License-Identifier: MIT */
/*
 * A detached thread that outlives main's function: main ends by pthread_exit, and the
 * program when the last thread does. The buggy main takes the lock along.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int counter;

static void *add(void *argument)
{
	pthread_mutex_lock(&lock);
	counter++;
	pthread_mutex_unlock(&lock);
	return argument;
}

int main(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, add, NULL))
		return 2;
	pthread_detach(thread);
	pthread_mutex_lock(&lock);
	counter++;
#ifdef CORRECT
	pthread_mutex_unlock(&lock);
#endif
	pthread_exit(NULL);
}
