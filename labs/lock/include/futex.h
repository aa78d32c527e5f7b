/* SPDX-License-Identifier: MIT */
/*
 * To sleep until a word in memory changes, and to wake who sleeps so: futex(2), which has no
 * function in the C library. The word may lie in memory that processes share.
 *
 *	while (atomic_load(&word) == 7)
 *		futex_wait(&word, 7);
 */
#ifndef FUTEX_H
#define FUTEX_H

#include <linux/futex.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* If *word is `expected`, sleeps until it is woken; else returns at once. The kernel looks
 * at the word and puts the caller to sleep in one step, into which no futex_wake comes. It
 * may also return for no reason. */
static inline void futex_wait(_Atomic uint32_t *word, uint32_t expected)
{
	syscall(SYS_futex, word, FUTEX_WAIT, expected, NULL, NULL, 0);
}

/* Wakes up to `count` of those who sleep on the word now. Who comes later sleeps. */
static inline void futex_wake(_Atomic uint32_t *word, int count)
{
	syscall(SYS_futex, word, FUTEX_WAKE, count, NULL, NULL, 0);
}

#endif
