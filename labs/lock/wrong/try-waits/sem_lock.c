/* fails sem_works_alone: try waits until the lock is free */
#include "sem_lock.h"

void sem_lock_init(struct sem_lock *lock)
{
	sem_init(&lock->semaphore, 1, 1);
}

void sem_lock_acquire(struct sem_lock *lock)
{
	while (sem_wait(&lock->semaphore) != 0)
		continue;
}

bool sem_lock_try_acquire(struct sem_lock *lock)
{
	while (sem_wait(&lock->semaphore) != 0)
		continue;
	return true;
}

void sem_lock_release(struct sem_lock *lock)
{
	sem_post(&lock->semaphore);
}
