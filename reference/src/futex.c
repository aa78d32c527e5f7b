/* SPDX-License-Identifier: MIT */
#include "futex.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <mp/status.h>
#include <pthread.h>
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

void mp_futex_wake(const _Atomic unsigned *word, int count)
{
	syscall(SYS_futex, word, FUTEX_WAKE, count, NULL, NULL, 0);
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
