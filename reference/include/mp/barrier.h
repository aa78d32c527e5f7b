/* SPDX-License-Identifier: MIT */
#ifndef MP_BARRIER_H
#define MP_BARRIER_H

/*
 * A place where processes wait until all of them have come; then all go on. It can be used
 * again and again. It must lie in shared memory.
 *
 *	mp_barrier_init(&phase, 3);             once, before the three start
 *	compute_part();
 *	mp_barrier_wait(&phase, NULL);          nobody goes on before all parts are computed
 *
 * A party that dies before it comes is missed for ever: wait with a timeout, which breaks the
 * barrier for all, so that nobody hangs. One that dies while it waits has come: what it wrote
 * before is there, and the others pass without it.
 *
 * Any process or thread may make any of these calls; a fork takes nothing away. Not for signal
 * handlers, but for abort, reset and the two that only look.
 */

#include <mp/language.h>
#include <mp/status.h>
#include <stdbool.h>
#include <stdint.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

struct mp_barrier {
	union {
		MP_ATOMIC(uint64_t) state;
		MP_ATOMIC(unsigned) halves[2]; /* of the state: one of them is slept on */
	};
	unsigned parties;
	int (*action)(void *argument); /* NULL: none */
	void *argument;
};

/* MP_INVALID unless 1 <= parties <= 65535. */
int mp_barrier_init(struct mp_barrier *barrier, int parties);

/*
 * The same, and the last party that comes calls action(argument) before anybody goes on. What it
 * returns is 0; anything else breaks the barrier. As in Python; the processes must have been
 * forked from one program, so that the function is at one address in all of them. A party that
 * dies in it leaves the others to their timeouts.
 */
int mp_barrier_init_action(struct mp_barrier *barrier, int parties,
	int (*action)(void *argument), void *argument);

/*
 * Waits for the others. *index (unless NULL): how many were there before, 0 to parties - 1, so
 * that one of them can be told apart. MP_BROKEN if the barrier is broken or breaks meanwhile; a
 * party that passed is told so even if the barrier breaks or is reset before it runs again. Only
 * one that slept through 15 further turns is told MP_BROKEN in any case.
 */
int mp_barrier_wait(struct mp_barrier *barrier, int *index);

/* After timeout_ms milliseconds (less than 0: 0) it breaks the barrier: MP_TIMEOUT. */
int mp_barrier_wait_timeout(struct mp_barrier *barrier, long timeout_ms, int *index);

/* Breaks it: all who wait, and all who come, get MP_BROKEN until it is reset. */
int mp_barrier_abort(struct mp_barrier *barrier);

/* Makes it whole and empty. Those who wait get MP_BROKEN. */
int mp_barrier_reset(struct mp_barrier *barrier);

bool mp_barrier_is_broken(const struct mp_barrier *barrier);
int mp_barrier_waiting(const struct mp_barrier *barrier);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
