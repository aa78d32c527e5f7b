/* SPDX-License-Identifier: MIT */
#ifndef MP_SRC_CHECKER_H
#define MP_SRC_CHECKER_H

/*
 * What the library tells the tools that watch it; nothing at all in an ordinary build.
 * The explore build calls the tool (see <mp/checker.h>). The thread build talks to
 * helgrind, which knows neither futexes nor C11 atomics: locks are announced as
 * mutexes, everything else as a happens-before edge, and the words that only the
 * library touches are not watched.
 *
 *	checker_copy(place, item, size);          within an operation, not a step of its own
 *	checker_ignore(word, sizeof(*word));
 *	checker_before(MP_CHECKER_LOCK, lock);
 */

#include <mp/checker.h>

#include <stddef.h>
#include <string.h>

#if defined(MP_EXPLORE)

static inline void checker_until(const struct timespec *deadline)
{
	mp_checker_until(deadline);
}
static inline void checker_before(int operation, const volatile void *object)
{
	mp_checker_before(operation, object);
}
static inline void checker_after(int operation, const volatile void *object, int status)
{
	mp_checker_after(operation, object, status);
}
static inline void checker_init(int kind, const volatile void *object)
{
	mp_checker_init(kind, object);
}
static inline void checker_destroy(int kind, const volatile void *object)
{
	mp_checker_destroy(kind, object);
}
static inline void checker_ignore(const volatile void *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
}

/* The explorer takes each call of memcpy for a step of the program's. */
static inline void checker_copy(void *to, const void *from, size_t size)
{
	const volatile char *read = from;
	volatile char *written = to;

	for (size_t i = 0; i < size; i++)
		written[i] = read[i];
}

#else

static inline void checker_until(const struct timespec *deadline)
{
	(void)deadline;
}
static inline void checker_copy(void *to, const void *from, size_t size)
{
	memcpy(to, from, size);
}

#endif

#if defined(MP_THREADS)

void checker_before(int operation, const volatile void *object);
void checker_after(int operation, const volatile void *object, int status);
void checker_init(int kind, const volatile void *object);
void checker_destroy(int kind, const volatile void *object);
void checker_ignore(const volatile void *memory, size_t bytes);

#elif !defined(MP_EXPLORE)

static inline void checker_before(int operation, const volatile void *object)
{
	(void)operation;
	(void)object;
}
static inline void checker_after(int operation, const volatile void *object, int status)
{
	(void)operation;
	(void)object;
	(void)status;
}
static inline void checker_init(int kind, const volatile void *object)
{
	(void)kind;
	(void)object;
}
static inline void checker_destroy(int kind, const volatile void *object)
{
	(void)kind;
	(void)object;
}
static inline void checker_ignore(const volatile void *memory, size_t bytes)
{
	(void)memory;
	(void)bytes;
}

#endif

#endif
