/* SPDX-License-Identifier: MIT */
/* A fork while another thread may hold a lock: the child's copy of it is never opened. */
#include "../tasks.h"

#include <sched.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *hold(void *argument)
{
	pthread_mutex_lock(&mutex);
	sched_yield();
	pthread_mutex_unlock(&mutex);
	return argument;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, hold, NULL);
#ifdef CORRECT
	pthread_mutex_lock(&mutex);
#endif
	if (fork() == 0) {
#ifndef CORRECT
		pthread_mutex_lock(&mutex);
#endif
		pthread_mutex_unlock(&mutex);
		_exit(0);
	}
#ifdef CORRECT
	pthread_mutex_unlock(&mutex);
#endif
	wait(NULL);
	pthread_join(thread, NULL);
	return 0;
}
