#include "sem_lock.h"

#include <signal.h>
#include <stddef.h>

void sem_lock_init(struct sem_lock *lock)
{
	sem_init(&lock->semaphore, 1, 1); /* shared by processes, one permission */
}

void sem_lock_acquire(struct sem_lock *lock)
{
	sigset_t all, before;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	while (sem_wait(&lock->semaphore) == -1)
		continue;
	sigprocmask(SIG_SETMASK, &before, NULL);
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
