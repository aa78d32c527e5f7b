/* SPDX-License-Identifier: MIT */
/*
 * Mutexes, spin locks, read-write locks, barriers, once and semaphores: one file each. Their
 * state is kept in the program's own objects, so that fork copies it, shared memory shares
 * it and the hash of memory contains it; nothing here ever blocks in libc. What they have
 * in common is lock.c:
 *
 *	int status = take(STEP_LOCK, mutex, &mutex->__data.__lock, deadline);
 *	if (!status)
 *		taken(canonical(mutex), lock_kinds);
 */
#ifndef INTERLOCK_EXPLORE_SYNC_H
#define INTERLOCK_EXPLORE_SYNC_H

#include "runtime.h"

enum { DESTROYED = 0x2ead };

#define KIND(kind) (1ull << (kind))
static const uint64_t lock_kinds = KIND(STEP_LOCK) | KIND(STEP_COND_RELOCK);
static const uint64_t all_lock_kinds =
	KIND(STEP_LOCK) | KIND(STEP_COND_RELOCK) | KIND(STEP_READ_LOCK);

/* The owner's mark in an object: 0 is nobody. */
static inline uint32_t me(void)
{
	return explore_self.index + 1;
}

/* Waits until *word is zero, or its owner dead: 0 or ETIMEDOUT. */
int take(enum step_kind kind, const volatile void *object, int *word, uint64_t deadline);

/* The caller has it now, or no longer: steps of these kinds on it block, or are open again. */
void taken(uint64_t key, uint64_t kinds);
void given_back(uint64_t key, uint64_t kinds);

/* The owner of a robust mutex ended without giving it back. */
bool owner_died(uint64_t key);

void used_destroyed(uint64_t key, const char *what);
void used_unstarted(uint64_t key, const char *what);

/* The calling process uses it: a defect if it is not `shared`, and another one does as well. */
void used_here(uint64_t key, bool shared, const char *what);
void object_restart(uint64_t key); /* it is initialised: nobody has used it yet */

/* The mark is the caller's, or in private memory that of the task whose fork copied it. */
bool is_mine(int owner, uint64_t key);
void not_the_owner(uint64_t key, bool locked);
void before_destruction(const volatile void *object);

/* mutex.c, for conditions */
void mutex_taken(pthread_mutex_t *mutex);
void mutex_release(pthread_mutex_t *mutex);

#endif
