#include "sem_lock.h"

#include <stdlib.h>

void sem_lock_init(struct sem_lock *lock)
{
	const unsigned permissions = 1;
	if (sem_init(&lock->semaphore, true, permissions) != 0)
		abort();
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
	if (sem_post(&lock->semaphore) != 0)
		abort();
}
