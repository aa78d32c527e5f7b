/* SPDX-License-Identifier: MIT */
/*
 * A lock for data that many read and few write: those who read may be inside together, one
 * who writes is inside alone, and no writer is kept out by readers who came after it.
 *
 *	rwlock_begin_read(lock);            rwlock_want_write(lock);
 *	... look at the data ...            rwlock_begin_write(lock);
 *	rwlock_end_read(lock);              ... change the data ...
 *	                                    rwlock_end_write(lock);
 */
#ifndef RWLOCK_H
#define RWLOCK_H

#include <mp/condition.h>
#include <mp/lock.h>
#include <mp/semaphore.h>

#include <stdbool.h>

/* There are two ways to wait here, conditions and semaphores. Use what you need; the counts
 * are 0 at first, and what they count is yours to say. */
struct rwlock {
	struct mp_lock lock; /* guards the counts */
	int readers;	     /* for example: those that are inside */
	int writers;
	int wanting;
	bool writing;
	struct mp_condition may_read;
	struct mp_condition may_write;
	struct mp_semaphore entrance; /* 1 permission at first */
	struct mp_semaphore room;     /* 1 permission at first */
};

/* Makes a lock that nobody holds. It is given. */
static inline void rwlock_init(struct rwlock *lock)
{
	*lock = (struct rwlock){.readers = 0};
	mp_lock_init(&lock->lock);
	mp_condition_init(&lock->may_read);
	mp_condition_init(&lock->may_write);
	mp_semaphore_init(&lock->entrance, 1);
	mp_semaphore_init(&lock->room, 1);
}

/* Sleeps until the caller may read: until no writer is inside, and at least every writer whose
 * rwlock_want_write had returned before this call has been inside. Writers that come later may
 * go first, too. */
void rwlock_begin_read(struct rwlock *lock);
void rwlock_end_read(struct rwlock *lock);

/* Says that the caller wants to write. It does not wait for those who read; it may wait for
 * other writers. Exactly one rwlock_begin_write by the same process follows. */
void rwlock_want_write(struct rwlock *lock);

/* Sleeps until nobody else is inside. */
void rwlock_begin_write(struct rwlock *lock);
void rwlock_end_write(struct rwlock *lock);

#endif
