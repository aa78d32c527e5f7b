#include "sem_lock.h"

#include <errno.h>

void sem_lock_init(struct sem_lock *lock)
{
	sem_init(&lock->semaphore, 1, 1);
}

void sem_lock_acquire(struct sem_lock *lock)
{
	while (sem_wait(&lock->semaphore) == -1 && errno == EINTR)
		;
}

bool sem_lock_try_acquire(struct sem_lock *lock)
{
	while (sem_trywait(&lock->semaphore) == -1)
		if (errno != EINTR)
			return false;
	return true;
}

void sem_lock_release(struct sem_lock *lock)
{
	sem_post(&lock->semaphore);
}
