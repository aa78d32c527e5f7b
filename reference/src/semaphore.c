/* SPDX-License-Identifier: MIT */
/*
 * The word is twice the count, plus 1 if somebody may be asleep. A release takes that bit away
 * and wakes one; the one that wakes sets it again, since it cannot know of others, and passes
 * the wake-up on if more than one permission has come meanwhile.
 */
#include "checker.h"
#include "futex.h"

#include <mp/semaphore.h>
#include <stdbool.h>
#include <stddef.h>

enum { SLEEPERS = 1, ONE = 2, LIMIT = 1 << 30 };

/* Looks at the word before the first sleep. */
#ifdef MP_EXPLORE
enum { SPINS = 0 };
#else
enum { SPINS = 20 };
#endif

static int init(struct mp_semaphore *semaphore, int count, unsigned maximum)
{
	if (count < 0 || count > LIMIT)
		return MP_INVALID;
	atomic_init(&semaphore->word, (unsigned)count * ONE);
	semaphore->maximum = maximum;
	checker_ignore(&semaphore->word, sizeof(semaphore->word));
	checker_init(MP_CHECKER_KIND_SEMAPHORE, semaphore);
	return MP_OK;
}

int mp_semaphore_init(struct mp_semaphore *semaphore, int count)
{
	return init(semaphore, count, 0);
}

int mp_bounded_semaphore_init(struct mp_semaphore *semaphore, int count)
{
	/* A bound of 0 would mean none: such a semaphore can never be released. */
	return count == 0 ? MP_INVALID : init(semaphore, count, (unsigned)count);
}

/* Takes a permission if the word, as seen, has one. slept: keep others awake. */
static bool take(struct mp_semaphore *semaphore, unsigned *seen, bool slept)
{
	/* acquire: pairs with release in mp_semaphore_release. */
	if (!atomic_compare_exchange_weak_explicit(&semaphore->word, seen,
		    (*seen - ONE) | (slept ? SLEEPERS : 0), memory_order_acquire,
		    memory_order_relaxed))
		return false;
	if (slept && *seen >= 2 * ONE)
		mp_futex_wake(&semaphore->word, 1);
	return true;
}

static int acquire(
	struct mp_semaphore *semaphore, bool wait, const struct timespec *deadline)
{
	unsigned seen = atomic_load_explicit(&semaphore->word, memory_order_relaxed);
	bool slept = false;
	int spins = 0;

	for (;;) {
		if (seen >= ONE) {
			if (take(semaphore, &seen, slept))
				return MP_OK;
			continue;
		}
		if (!wait)
			return MP_BUSY;
		if (spins < SPINS) {
			spins++;
			mp_pause();
			seen = atomic_load_explicit(
				&semaphore->word, memory_order_relaxed);
			continue;
		}
		if (seen == 0 &&
			!atomic_compare_exchange_weak_explicit(&semaphore->word, &seen,
				SLEEPERS, memory_order_relaxed, memory_order_relaxed))
			continue;
		if (mp_futex_watch(&semaphore->word, SLEEPERS, deadline) == MP_TIMEOUT)
			return MP_TIMEOUT;
		slept = true;
		seen = atomic_load_explicit(&semaphore->word, memory_order_relaxed);
	}
}

static int announced(
	struct mp_semaphore *semaphore, bool wait, const struct timespec *deadline)
{
	static const struct timespec at_once = {0, 0};
	int status;

	checker_ignore(&semaphore->word, sizeof(semaphore->word));
	checker_until(wait ? deadline : &at_once);
	checker_before(MP_CHECKER_SEM_WAIT, semaphore);
	status = acquire(semaphore, wait, deadline);
	checker_after(MP_CHECKER_SEM_WAIT, semaphore, status);
	return status;
}

int mp_semaphore_acquire(struct mp_semaphore *semaphore)
{
	return announced(semaphore, true, NULL);
}

int mp_semaphore_acquire_timeout(struct mp_semaphore *semaphore, long timeout_ms)
{
	struct timespec deadline = mp_deadline_after(timeout_ms);

	return announced(semaphore, true, &deadline);
}

int mp_semaphore_try_acquire(struct mp_semaphore *semaphore)
{
	return announced(semaphore, false, NULL);
}

static int release(struct mp_semaphore *semaphore)
{
	unsigned maximum = semaphore->maximum ? semaphore->maximum : LIMIT;
	unsigned seen = atomic_load_explicit(&semaphore->word, memory_order_relaxed);
	unsigned next;

	/* Written even at the bound, so that one that acquires next sees what the caller did. */
	do
		next = seen / ONE >= maximum ? seen : (seen + ONE) & ~(unsigned)SLEEPERS;
	while (!atomic_compare_exchange_weak_explicit(&semaphore->word, &seen, next,
		memory_order_release, memory_order_relaxed));
	if (next == seen)
		return MP_OVERFLOW;
	if (seen & SLEEPERS)
		mp_futex_wake(&semaphore->word, 1);
	return MP_OK;
}

int mp_semaphore_release(struct mp_semaphore *semaphore)
{
	int status;

	checker_ignore(&semaphore->word, sizeof(semaphore->word));
	checker_before(MP_CHECKER_SEM_POST, semaphore);
	status = release(semaphore);
	checker_after(MP_CHECKER_SEM_POST, semaphore, status);
	return status;
}

int mp_semaphore_value(const struct mp_semaphore *semaphore)
{
	return (int)(atomic_load_explicit(&semaphore->word, memory_order_acquire) / ONE);
}
