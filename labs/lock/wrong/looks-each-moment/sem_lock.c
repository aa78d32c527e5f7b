/* fails sem_waiter_sleeps: wakes up each millisecond */
#include "sem_lock.h"

#include <time.h>

void sem_lock_init(struct sem_lock *lock)
{
	sem_init(&lock->semaphore, 1, 1); /* shared by processes, one permission */
}

void sem_lock_acquire(struct sem_lock *lock)
{
	struct timespec until;
	do {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += 1000000; /* a look every millisecond */
		if (until.tv_nsec >= 1000000000) {
			until.tv_nsec -= 1000000000;
			until.tv_sec++;
		}
	} while (sem_timedwait(&lock->semaphore, &until) != 0);
}

bool sem_lock_try_acquire(struct sem_lock *lock)
{
	bool acquired = false;
	acquired = sem_trywait(&lock->semaphore) == 0;
	return acquired;
}

void sem_lock_release(struct sem_lock *lock)
{
	sem_post(&lock->semaphore);
}
