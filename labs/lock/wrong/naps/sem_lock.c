/* fails sem_waiter_sleeps: tries, sleeps for a millisecond, tries again */
#include "sem_lock.h"

#include <unistd.h>

void sem_lock_init(struct sem_lock *lock)
{
	sem_init(&lock->semaphore, 1, 1);
}

void sem_lock_acquire(struct sem_lock *lock)
{
	while (sem_trywait(&lock->semaphore) != 0)
		usleep(1000);
}

bool sem_lock_try_acquire(struct sem_lock *lock)
{
	return sem_trywait(&lock->semaphore) == 0;
}

void sem_lock_release(struct sem_lock *lock)
{
	sem_post(&lock->semaphore);
}
