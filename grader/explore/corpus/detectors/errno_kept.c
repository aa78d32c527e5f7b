/* SPDX-License-Identifier: MIT */
/* What succeeds leaves errno alone. */
#include "../tasks.h"

#include <errno.h>
#include <time.h>

static void *nothing(void *argument)
{
	return argument;
}

int main(void)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	struct timespec instant = {0, 1000};
	pthread_t thread;
	char byte = 'a';
	int ends[2];

	errno = EINTR;
	assert(!nanosleep(&instant, NULL));
	assert(!pthread_create(&thread, NULL, nothing, NULL));
	assert(!pthread_join(thread, NULL));
	assert(!pthread_mutex_lock(&mutex));
	assert(!pthread_mutex_unlock(&mutex));
	assert(!pipe(ends));
	assert(write(ends[1], &byte, 1) == 1);
	assert(read(ends[0], &byte, 1) == 1);
#ifndef CORRECT
	instant.tv_nsec = -1;
	nanosleep(&instant, NULL);
#endif
	assert(errno == EINTR);
	return 0;
}
