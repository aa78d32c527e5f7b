/* SPDX-License-Identifier: MIT */
/*
 * More threads in all than can be followed, two at a time, each pair of which may deadlock:
 * that is found among the first ones.
 */
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void both(pthread_mutex_t *first, pthread_mutex_t *second)
{
	pthread_mutex_lock(first);
	pthread_mutex_lock(second);
	pthread_mutex_unlock(second);
	pthread_mutex_unlock(first);
}

static void *forwards(void *argument)
{
	both(&a, &b);
	return argument;
}

static void *backwards(void *argument)
{
	both(&b, &a);
	return argument;
}

int main(void)
{
	for (int i = 0; i < 150; i++) {
		pthread_t threads[2];
		if (pthread_create(&threads[0], NULL, forwards, NULL) ||
			pthread_create(&threads[1], NULL, backwards, NULL))
			return 2;
		pthread_join(threads[0], NULL);
		pthread_join(threads[1], NULL);
	}
	return 0;
}
