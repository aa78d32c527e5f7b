/* SPDX-License-Identifier: MIT */
/*
 * One task locks a mutex twice. KIND 0: a normal mutex, which deadlocks at once; 1: a
 * recursive one, which counts; 2: an error-checking one, which says EDEADLK.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <pthread.h>

#ifndef KIND
#define KIND 0
#endif

int main(void)
{
	static const int kinds[] = {
		PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_ERRORCHECK};
	pthread_mutexattr_t attributes;
	pthread_mutex_t lock;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, kinds[KIND]);
	pthread_mutex_init(&lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
	pthread_mutex_lock(&lock);
	int status = pthread_mutex_lock(&lock);
	assert(status == (KIND == 2 ? EDEADLK : 0));
	if (status == 0)
		pthread_mutex_unlock(&lock);
	pthread_mutex_unlock(&lock);
	pthread_mutex_destroy(&lock);
	return 0;
}
