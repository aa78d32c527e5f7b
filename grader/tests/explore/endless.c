/* SPDX-License-Identifier: MIT */
/* Two tasks, one of which computes for ever in a way that a flag names. */
#include <pthread.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int numbers[100];

static void *compute(void *unused)
{
	pthread_mutex_lock(&mutex);
#if defined(EMPTY)
	for (;;)
		;
#elif defined(ROUND)
	for (int i = 0;; i = (i + 1) % 1000)
		numbers[1] = 0;
#elif defined(FLAG)
	while (!numbers[0])
		numbers[1]++;
#elif defined(PRIVATE) || defined(GLOBAL)
	for (unsigned i = 0;; i++)
		numbers[i % 100]++;
#elif defined(LONG)
	for (unsigned i = 0; i < 2000000; i++)
		numbers[i % 100]++;
#endif
	pthread_mutex_unlock(&mutex);
	return unused;
}

int main(void)
{
#ifdef PRIVATE
	if (fork() == 0)
		compute(NULL);
	wait(NULL);
#else
	pthread_t thread;
	pthread_create(&thread, NULL, compute, NULL);
#ifdef FLAG
	numbers[0] = 1;
#endif
	pthread_join(thread, NULL);
#endif
	return 0;
}
