/* deserves 85: the solution. */
#include "sem_lock.h"

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
	acquired = sem_trywait(&lock->semaphore) == 0;
	return acquired;
}

void sem_lock_release(struct sem_lock *lock)
{
	sem_post(&lock->semaphore);
}
