/* fails sem_works_alone: gives up after 10 ms, not at once */
#include "sem_lock.h"

#include <time.h>

void sem_lock_init(struct sem_lock *lock)
{
	sem_init(&lock->semaphore, 1, 1); /* shared by processes, one permission */
}

void sem_lock_acquire(struct sem_lock *lock)
{
	while (sem_wait(&lock->semaphore) != 0)
		continue; /* a signal has interrupted it */
}

bool sem_lock_try_acquire(struct sem_lock *lock)
{
	bool acquired = false;
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 10000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	acquired = sem_timedwait(&lock->semaphore, &until) == 0;
	return acquired;
}

void sem_lock_release(struct sem_lock *lock)
{
	sem_post(&lock->semaphore);
}
