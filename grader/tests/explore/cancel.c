/* SPDX-License-Identifier: MIT */
/* A thread waits, in a way that a flag names, for what never comes, and is cancelled. */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static sem_t semaphore;
static int ends[2];
static int cleaned;

static void clean(void *unused)
{
	(void)unused;
	cleaned++;
#ifdef CONDITION
	pthread_mutex_unlock(&mutex);
#endif
}

static void *work(void *unused)
{
	char byte;
#ifdef DISABLED
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
#endif
#ifdef CONDITION
	pthread_mutex_lock(&mutex);
#endif
	pthread_cleanup_push(clean, NULL);
#if defined(CONDITION)
	for (;;)
		pthread_cond_wait(&cond, &mutex);
#elif defined(SEMAPHORE) || defined(DISABLED)
	sem_wait(&semaphore);
#elif defined(PIPE)
	while (read(ends[0], &byte, 1) < 1)
		;
#elif defined(PAUSE)
	for (;;)
		pause();
#elif defined(LOCK)
	pthread_mutex_lock(&mutex); /* no cancellation point */
#endif
	(void)byte;
	pthread_cleanup_pop(0);
	return unused;
}

int main(void)
{
	pthread_t thread;
	void *result = NULL;

	sem_init(&semaphore, 0, 0);
	assert(pipe(ends) == 0);
#ifdef LOCK
	pthread_mutex_lock(&mutex);
#endif
	pthread_create(&thread, NULL, work, NULL);
	pthread_cancel(thread);
	pthread_join(thread, &result);
	assert(result == PTHREAD_CANCELED);
	assert(cleaned <= 1);
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	return 0;
}
