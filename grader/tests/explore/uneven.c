/* SPDX-License-Identifier: MIT */
/* One thread takes one step on the counter, the other five. */
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int counter;

static void *once(void *unused)
{
	(void)unused;
	atomic_fetch_add(&counter, 1);
	return NULL;
}

static void *often(void *unused)
{
	(void)unused;
	for (int i = 0; i < 5; i++)
		atomic_fetch_add(&counter, 1);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	pthread_create(&threads[0], NULL, once, NULL);
	pthread_create(&threads[1], NULL, often, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
