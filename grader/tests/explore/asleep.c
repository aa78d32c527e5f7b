/* SPDX-License-Identifier: MIT */
/* One sleeps on a condition that nobody notifies, another on a semaphore that nobody posts. A
 * third is notified, and waits for the mutex, which one who has ended holds. */
#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static pthread_cond_t once = PTHREAD_COND_INITIALIZER;
static sem_t semaphore;
static sem_t asleep;

static void *on_condition(void *argument)
{
	pthread_mutex_lock(&mutex);
	pthread_cond_wait(&never, &mutex);
	return argument;
}

static void *on_semaphore(void *argument)
{
	sem_wait(&semaphore);
	return argument;
}

static void *on_mutex(void *argument)
{
	pthread_mutex_lock(&other);
	sem_post(&asleep);
	pthread_cond_wait(&once, &other);
	return argument;
}

int main(void)
{
	pthread_t threads[3];
	sem_init(&semaphore, 0, 0);
	sem_init(&asleep, 0, 0);
	pthread_create(&threads[0], NULL, on_condition, NULL);
	pthread_create(&threads[1], NULL, on_semaphore, NULL);
	pthread_create(&threads[2], NULL, on_mutex, NULL);
	sem_wait(&asleep);
	pthread_mutex_lock(&other);
	pthread_cond_signal(&once);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
