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
	return sem_trywait(&lock->semaphore) == 0;
}

void sem_lock_release(struct sem_lock *lock)
{
	sem_post(&lock->semaphore);
}
