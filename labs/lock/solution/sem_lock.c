/* SPDX-License-Identifier: MIT */
#include "sem_lock.h"

void sem_lock_init(struct sem_lock *lock)
{
	/* BEGIN SOLUTION */
	sem_init(&lock->semaphore, 1, 1); /* shared by processes, one permission */
	/* END SOLUTION */
	(void)lock;
}

void sem_lock_acquire(struct sem_lock *lock)
{
	/* BEGIN SOLUTION */
	while (sem_wait(&lock->semaphore) != 0)
		continue; /* a signal has interrupted it */
	/* END SOLUTION */
	(void)lock;
}

bool sem_lock_try_acquire(struct sem_lock *lock)
{
	bool acquired = false;
	/* BEGIN SOLUTION */
	acquired = sem_trywait(&lock->semaphore) == 0;
	/* END SOLUTION */
	(void)lock;
	return acquired;
}

void sem_lock_release(struct sem_lock *lock)
{
	/* BEGIN SOLUTION */
	sem_post(&lock->semaphore);
	/* END SOLUTION */
	(void)lock;
}
