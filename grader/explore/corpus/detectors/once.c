/* SPDX-License-Identifier: MIT */
/*
 * Something that must be made once. The buggy program looks at a flag of its own instead
 * of calling pthread_once.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static int made;
#ifdef CORRECT
static pthread_once_t once = PTHREAD_ONCE_INIT;
#endif

static void make(void)
{
	made++;
}

static void *use(void *argument)
{
#ifdef CORRECT
	pthread_once(&once, make);
#else
	if (!made)
		make();
#endif
	assert(made == 1);
	return argument;
}

int main(void)
{
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		if (pthread_create(&threads[i], NULL, use, NULL))
			return 2;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	assert(made == 1);
	return 0;
}
