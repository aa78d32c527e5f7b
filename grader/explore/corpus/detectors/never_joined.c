/* SPDX-License-Identifier: MIT */
/* main returns and ends a thread that may have work left; a detached one is let go. */
#include "../tasks.h"

static int result;

static void *work(void *argument)
{
	result = 42;
	return argument;
}

int main(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, work, NULL);
#if defined(CORRECT)
	pthread_join(thread, NULL);
#elif defined(DETACHED)
	pthread_detach(thread);
#else
	usleep(1000);
#endif
	return 0;
}
