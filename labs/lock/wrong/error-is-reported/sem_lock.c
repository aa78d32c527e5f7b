/* fails sem_bears_signals: an interrupted wait is an error to it, and then it has no lock */
#include "sem_lock.h"

#include <stdio.h>

void sem_lock_init(struct sem_lock *lock)
{
	sem_init(&lock->semaphore, 1, 1);
}

void sem_lock_acquire(struct sem_lock *lock)
{
	if (sem_wait(&lock->semaphore) != 0)
		perror("sem_wait");
}

bool sem_lock_try_acquire(struct sem_lock *lock)
{
	return sem_trywait(&lock->semaphore) == 0;
}

void sem_lock_release(struct sem_lock *lock)
{
	sem_post(&lock->semaphore);
}
