/* SPDX-License-Identifier: MIT */
#ifndef MP_SRC_FUTEX_H
#define MP_SRC_FUTEX_H

/*
 * Sleeping on a word of shared memory until somebody changes it: the only way in which
 * the library blocks on memory. See futex(2). A caller always loops: it may wake for no
 * reason.
 *
 *	struct timespec deadline = mp_deadline_after(timeout_ms);
 *	while (atomic_load(word) == 0)
 *		if (mp_futex_wait(word, 0, &deadline) == MP_TIMEOUT)
 *			return MP_TIMEOUT;
 */

#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>

/*
 * Sleep while *word == expected. deadline: absolute, CLOCK_MONOTONIC; NULL waits for
 * ever. MP_OK means "look again" (woken, changed, or for no reason), MP_TIMEOUT that time
 * is up.
 */
int mp_futex_wait(
	const _Atomic unsigned *word, unsigned expected, const struct timespec *deadline);

/*
 * The same, but also looks again four times a second. A process that is woken and killed
 * before it acts takes the wake-up with it, as does one that is killed between its change
 * and its wake-up call; the others must not sleep on.
 */
int mp_futex_watch(
	const _Atomic unsigned *word, unsigned expected, const struct timespec *deadline);

/* Words to sleep on at one time: 128 is what the kernel takes (FUTEX_WAITV_MAX). */
enum { MP_FUTEX_WORDS = 128 };
struct mp_futex_words {
	unsigned count;
	const _Atomic unsigned *words[MP_FUTEX_WORDS];
	unsigned expected[MP_FUTEX_WORDS];
};

/* false: there is no room for it. */
bool mp_futex_words_add(
	struct mp_futex_words *words, const _Atomic unsigned *word, unsigned expected);

/* Whether this kernel can wait for several words (futex_waitv(2)). */
bool mp_futex_can_wait_any(void);

/* Sleep while all are as expected; where the kernel cannot, while the first of them is. */
int mp_futex_wait_any(
	const struct mp_futex_words *words, const struct timespec *deadline);

/* Wake up to count sleepers of the word. */
void mp_futex_wake(const _Atomic unsigned *word, int count);

/* While *word == value: up to count of its sleepers sleep on `other` from now on, unwoken. */
bool mp_futex_requeue(const _Atomic unsigned *word, unsigned value,
	const _Atomic unsigned *other, int count);

/* The moment that lies timeout_ms from now. A negative timeout counts as 0. */
struct timespec mp_deadline_after(long timeout_ms);

/* Milliseconds left until the deadline, rounded up; 0 once it has passed. */
long mp_deadline_left_ms(const struct timespec *deadline);

/* Some 100 ns of politeness between two looks at a word that another processor will
 * change. */
static inline void mp_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

#endif
