/* SPDX-License-Identifier: MIT */
#include "futex.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <mp/status.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LOOK_AGAIN_MS = 250 };

#ifdef MP_THREADS
/*
 * A thread has no SIGKILL: mp_process_kill cancels it. The raw system call is no
 * cancellation point of its own, so it is made one here, as the C library does inside its
 * own.
 */
static void cancellable(int *former)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, former);
}
static void not_cancellable(int former)
{
	pthread_setcanceltype(former, &former);
}
#else
static void cancellable(int *former)
{
	*former = 0;
}
static void not_cancellable(int former)
{
	(void)former;
}
#endif

/* operation: FUTEX_WAIT, whose timeout is relative, or FUTEX_WAIT_BITSET, absolute; monotonic
 * both. */
static int sleep_on(const _Atomic unsigned *word, int operation, unsigned expected,
	const struct timespec *timeout)
{
	int former;
	long result;
	int error;

	cancellable(&former);
	result = syscall(SYS_futex, word, operation, expected, timeout, NULL,
		FUTEX_BITSET_MATCH_ANY);
	error = errno;
	not_cancellable(former);
	return result == -1 && error == ETIMEDOUT ? MP_TIMEOUT : MP_OK;
}

int mp_futex_wait(
	const _Atomic unsigned *word, unsigned expected, const struct timespec *deadline)
{
	return sleep_on(word, FUTEX_WAIT_BITSET, expected, deadline);
}

int mp_futex_watch(
	const _Atomic unsigned *word, unsigned expected, const struct timespec *deadline)
{
#ifdef MP_EXPLORE
	/* Nobody is killed there, and a sleeper that wakes by itself would hide a
	 * deadlock. */
	return mp_futex_wait(word, expected, deadline);
#else
	static const struct timespec nap = {0, LOOK_AGAIN_MS * 1000000};

	if (deadline && mp_deadline_left_ms(deadline) <= LOOK_AGAIN_MS)
		return mp_futex_wait(word, expected, deadline);
	sleep_on(word, FUTEX_WAIT, expected, &nap);
	return MP_OK;
#endif
}

bool mp_futex_words_add(
	struct mp_futex_words *words, const _Atomic unsigned *word, unsigned expected)
{
	if (words->count == MP_FUTEX_WORDS)
		return false;
	words->words[words->count] = word;
	words->expected[words->count++] = expected;
	return true;
}

#if defined(SYS_futex_waitv) && defined(FUTEX_WAITV_MAX)

static long wait_any(const struct mp_futex_words *words, const struct timespec *deadline)
{
	struct futex_waitv waiters[MP_FUTEX_WORDS];
	unsigned i;

	for (i = 0; i < words->count; i++)
		waiters[i] = (struct futex_waitv){.val = words->expected[i],
			.uaddr = (uintptr_t)words->words[i],
			.flags = FUTEX_32};
	return syscall(
		SYS_futex_waitv, waiters, words->count, 0, deadline, CLOCK_MONOTONIC);
}

#else

static long wait_any(const struct mp_futex_words *words, const struct timespec *deadline)
{
	(void)words;
	(void)deadline;
	errno = ENOSYS;
	return -1;
}

#endif

bool mp_futex_can_wait_any(void)
{
	/* 1: it can; 0: it cannot; -1: not known yet. */
	static _Atomic int can = -1;

	if (can < 0) {
		static const struct mp_futex_words none = {.count = 0};

		/* A kernel that knows the call finds fault with its argument. */
		can = wait_any(&none, NULL) == -1 && errno == EINVAL;
	}
	return can != 0;
}

int mp_futex_wait_any(const struct mp_futex_words *words, const struct timespec *deadline)
{
	int former;
	long result;
	int error;

	if (!mp_futex_can_wait_any())
		return mp_futex_wait(words->words[0], words->expected[0], deadline);
	cancellable(&former);
	result = wait_any(words, deadline);
	error = errno;
	not_cancellable(former);
	return result == -1 && error == ETIMEDOUT ? MP_TIMEOUT : MP_OK;
}

void mp_futex_wake(const _Atomic unsigned *word, int count)
{
	syscall(SYS_futex, word, FUTEX_WAKE, count, NULL, NULL, 0);
}

bool mp_futex_requeue(const _Atomic unsigned *word, unsigned value,
	const _Atomic unsigned *other, int count)
{
	return syscall(SYS_futex, word, FUTEX_CMP_REQUEUE, 0, (long)count, other,
		       value) >= 0;
}

struct timespec mp_deadline_after(long timeout_ms)
{
	struct timespec when;

	clock_gettime(CLOCK_MONOTONIC, &when);
	if (timeout_ms <= 0)
		return when;
	/* A deadline past the range of time_t never comes: some 30 years are as good. */
	if (timeout_ms / 1000 > INT_MAX / 2)
		timeout_ms = (long)(INT_MAX / 2) * 1000;
	when.tv_sec += timeout_ms / 1000;
	when.tv_nsec += timeout_ms % 1000 * 1000000;
	if (when.tv_nsec >= 1000000000) {
		when.tv_sec++;
		when.tv_nsec -= 1000000000;
	}
	return when;
}

long mp_deadline_left_ms(const struct timespec *deadline)
{
	struct timespec now;
	long seconds;
	long nanoseconds;

	clock_gettime(CLOCK_MONOTONIC, &now);
	seconds = (long)(deadline->tv_sec - now.tv_sec);
	nanoseconds = deadline->tv_nsec - now.tv_nsec;
	if (seconds < 0 || (seconds == 0 && nanoseconds <= 0))
		return 0;
	return seconds * 1000 + (nanoseconds + 999999) / 1000000;
}
