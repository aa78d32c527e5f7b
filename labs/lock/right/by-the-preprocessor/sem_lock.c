/* As the solution, with names put together, lines spliced and a pragma in a macro. */
#include "sem_lock.h"

#define JOIN(a, b) a##b
#define WITHOUT(warning) _Pragma(#warning)

WITHOUT(GCC diagnostic push)
WITHOUT(GCC diagnostic ignored "-Wmissing-prototypes")

void JOIN(sem_lock_, \
	init)(struct sem_lock *lock)
{
	sem_init(&lock->semaphore, 1, 1); /* shared by processes, one permission */
	(void)lock;
}

void sem_lock_acquire(struct sem_lock *lock)
{
	while (sem_wait(&lock->semaphore) != 0)
		continue; /* a signal has interrupted it */
	(void)lock;
}

bool sem_lock_try_acquire(struct sem_lock *lock)
{
	bool acquired = false;
	acquired = sem_trywait(&lock->semaphore) == 0;
	(void)lock;
	return acquired;
}

void JOIN(sem_lock_, \
	release)(struct sem_lock *lock)
{
	sem_post(&lock->semaphore);
	(void)lock;
}

WITHOUT(GCC diagnostic pop)
