/* SPDX-License-Identifier: MIT */
/*
 * Thread-specific data: each thread finds its own value, and the destructor runs once for
 * each as it ends. The buggy destructor counts without the lock.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_key_t key;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int destroyed;

static void destroy(void *value)
{
	(void)value;
#ifdef CORRECT
	pthread_mutex_lock(&lock);
	destroyed++;
	pthread_mutex_unlock(&lock);
#else
	destroyed++;
#endif
}

static void *body(void *argument)
{
	assert(pthread_getspecific(key) == NULL);
	pthread_setspecific(key, argument);
	assert(pthread_getspecific(key) == argument);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];
	int values[2];

	if (pthread_key_create(&key, destroy))
		return 2;
	for (int i = 0; i < 2; i++)
		if (pthread_create(&threads[i], NULL, body, &values[i]))
			return 2;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	assert(destroyed == 2);
	pthread_key_delete(key);
	pthread_mutex_destroy(&lock);
	return 0;
}
