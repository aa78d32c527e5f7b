/* SPDX-License-Identifier: MIT */
/* Two threads; a lost update ends in a failed assertion. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int counter;

static void *add(void *unused)
{
	(void)unused;
	atomic_store(&counter, atomic_load(&counter) + 1);
	return NULL;
}

int main(void)
{
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, add, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	assert(atomic_load(&counter) == 2);
	return 0;
}
