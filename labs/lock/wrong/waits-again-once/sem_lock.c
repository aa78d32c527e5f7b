/* fails sem_bears_signals: waits again after the first signal only */
#include "sem_lock.h"

void sem_lock_init(struct sem_lock *lock)
{
	sem_init(&lock->semaphore, 1, 1); /* shared by processes, one permission */
}

void sem_lock_acquire(struct sem_lock *lock)
{
	if (sem_wait(&lock->semaphore) != 0) /* interrupted: once more */
		sem_wait(&lock->semaphore);
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
