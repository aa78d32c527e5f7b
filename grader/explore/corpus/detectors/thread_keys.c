/* SPDX-License-Identifier: MIT */
/* As many keys as POSIX promises and more; a new one has no value, even with an old number. */
#include "../tasks.h"

enum { MANY = 300 };

static pthread_key_t keys[MANY];

static void *use(void *argument)
{
	assert(!pthread_getspecific(keys[MANY - 1]));
	pthread_setspecific(keys[MANY - 1], &keys[1]);
	assert(pthread_getspecific(keys[MANY - 1]) == &keys[1]);
	return argument;
}

int main(void)
{
	pthread_t thread;

	for (int i = 0; i < MANY; i++) {
		assert(!pthread_key_create(&keys[i], NULL));
		assert(!pthread_setspecific(keys[i], &keys[i]));
	}
	pthread_create(&thread, NULL, use, NULL);
	pthread_join(thread, NULL);
	assert(pthread_getspecific(keys[MANY - 1]) == &keys[MANY - 1]);
	pthread_key_delete(keys[7]);
#ifdef CORRECT
	assert(!pthread_key_create(&keys[7], NULL));
	assert(!pthread_getspecific(keys[7]));
#else
	assert(!pthread_setspecific(keys[7], &keys[7]));
#endif
	return 0;
}
