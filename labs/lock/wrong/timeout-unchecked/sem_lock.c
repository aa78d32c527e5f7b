/* fails sem_excludes: waits for a second at most, and does not ask whether it got the lock */
#include "sem_lock.h"

#include <time.h>

void sem_lock_init(struct sem_lock *lock)
{
	sem_init(&lock->semaphore, 1, 1);
}

void sem_lock_acquire(struct sem_lock *lock)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 1;
	sem_timedwait(&lock->semaphore, &until);
}

bool sem_lock_try_acquire(struct sem_lock *lock)
{
	return sem_trywait(&lock->semaphore) == 0;
}

void sem_lock_release(struct sem_lock *lock)
{
	sem_post(&lock->semaphore);
}
