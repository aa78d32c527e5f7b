/* SPDX-License-Identifier: MIT */
/*
 * A thread that looks, with the lock held, for what never comes, and lets go of the lock in
 * between for a time; the other needs the lock to end that.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t news = PTHREAD_COND_INITIALIZER;
static sem_t never;
static bool done;

static void *look(void *unused)
{
	static const struct timespec past = {0, 0};
	(void)unused;
	pthread_mutex_lock(&mutex);
	while (!done) {
		sem_trywait(&never);
		pthread_cond_timedwait(&news, &mutex, &past);
	}
	pthread_mutex_unlock(&mutex);
	return NULL;
}

int main(void)
{
	pthread_t looker;
	sem_init(&never, 0, 0);
	pthread_create(&looker, NULL, look, NULL);
	pthread_mutex_lock(&mutex);
	done = true;
	pthread_mutex_unlock(&mutex);
	pthread_join(looker, NULL);
	return 0;
}
