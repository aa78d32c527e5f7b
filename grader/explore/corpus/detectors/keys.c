/* SPDX-License-Identifier: MIT */
/*
 * Keys of thread-specific values: many of them, and one made anew, which has no value. The
 * buggy program expects the deleted key's.
 */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_key_t keys[200];

static void *look(void *argument)
{
	for (int i = 0; i < 200; i++)
		assert(!pthread_getspecific(keys[i]));
	return argument;
}

int main(void)
{
	pthread_t thread;
	static char old;

	for (int i = 0; i < 200; i++)
		assert(pthread_key_create(&keys[i], NULL) == 0);
	pthread_setspecific(keys[199], &old);
	if (pthread_create(&thread, NULL, look, NULL))
		return 2;
	pthread_join(thread, NULL);
	assert(pthread_getspecific(keys[199]) == &old);
	pthread_key_delete(keys[199]);
	assert(pthread_key_create(&keys[199], NULL) == 0);
#ifdef CORRECT
	assert(!pthread_getspecific(keys[199]));
#else
	assert(pthread_getspecific(keys[199]));
#endif
	return 0;
}
