/* SPDX-License-Identifier: MIT */
/*
 * OBJECT is not initialised as shared by processes. Threads may use it; processes each may
 * have their own copy (COPIES), but two must not use one in memory that they share.
 */
#include "../tasks.h"

#include <semaphore.h>

#ifdef CORRECT
#define SHARED TASKS_SHARED
#else
#define SHARED PTHREAD_PROCESS_PRIVATE
#endif

struct state {
	pthread_mutex_t mutex;
	pthread_cond_t condition;
	pthread_rwlock_t rwlock;
	pthread_barrier_t barrier;
	pthread_spinlock_t spin;
	sem_t semaphore;
};

static void start(struct state *s)
{
	pthread_mutexattr_t mutex;
	pthread_condattr_t condition;
	pthread_rwlockattr_t rwlock;
	pthread_barrierattr_t barrier;

	pthread_mutexattr_init(&mutex);
	pthread_mutexattr_setpshared(&mutex, SHARED);
	pthread_mutex_init(&s->mutex, &mutex);
	pthread_condattr_init(&condition);
	pthread_condattr_setpshared(&condition, SHARED);
	pthread_cond_init(&s->condition, &condition);
	pthread_rwlockattr_init(&rwlock);
	pthread_rwlockattr_setpshared(&rwlock, SHARED);
	pthread_rwlock_init(&s->rwlock, &rwlock);
	pthread_barrierattr_init(&barrier);
	pthread_barrierattr_setpshared(&barrier, SHARED);
	pthread_barrier_init(&s->barrier, &barrier, 1);
	pthread_spin_init(&s->spin, SHARED);
	sem_init(&s->semaphore, SHARED == PTHREAD_PROCESS_SHARED, 1);
}

static void use(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	switch (OBJECT) {
	case 0:
		pthread_mutex_lock(&s->mutex);
		pthread_mutex_unlock(&s->mutex);
		break;
	case 1:
		pthread_cond_signal(&s->condition);
		break;
	case 2:
		pthread_rwlock_rdlock(&s->rwlock);
		pthread_rwlock_unlock(&s->rwlock);
		break;
	case 3:
		pthread_barrier_wait(&s->barrier);
		break;
	case 4:
		pthread_spin_lock(&s->spin);
		pthread_spin_unlock(&s->spin);
		break;
	default:
		sem_trywait(&s->semaphore);
		sem_post(&s->semaphore);
	}
}

int main(void)
{
#ifdef COPIES
	static struct state own;
	struct state *s = &own;
#else
	struct state *s = tasks_share(sizeof(*s));
#endif

	start(s);
	tasks_start(use, s, 0);
	tasks_start(use, s, 1);
	tasks_join();
#ifndef COPIES
	tasks_free(s, sizeof(*s));
#endif
	return 0;
}
