/* SPDX-License-Identifier: MIT */
/*
 * A lock made of a POSIX semaphore, in memory that processes share.
 *
 *	sem_lock_init(&lock);           before the processes that use it are started
 *	sem_lock_acquire(&lock);
 *	balance -= 1;
 *	sem_lock_release(&lock);
 */
#ifndef SEM_LOCK_H
#define SEM_LOCK_H

#include <semaphore.h>
#include <stdbool.h>

struct sem_lock {
	sem_t semaphore;
};

/* A free lock, for this process and those that it starts. */
void sem_lock_init(struct sem_lock *lock);

/* Sleeps until the lock is free; then holds it. Signals that are handled meanwhile change
 * nothing: the caller sleeps on. To sleep for some time and look again is not to sleep until
 * the lock is free, however long the time is. */
void sem_lock_acquire(struct sem_lock *lock);

/* True if the lock was free, and is now held. Of several that try at once, one gets a free
 * lock. Does not wait, not even for a moment. */
bool sem_lock_try_acquire(struct sem_lock *lock);

/* Frees the lock, which the caller holds, and lets one in that waits. */
void sem_lock_release(struct sem_lock *lock);

#endif
