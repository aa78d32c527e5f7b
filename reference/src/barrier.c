/* SPDX-License-Identifier: MIT */
/*
 * The whole state is one 64-bit word, so that every change is one compare-and-swap, and a
 * process may die anywhere. Its lower half is the futex word: a turn that goes on whenever
 * those who wait must look. Its upper half:
 *
 *	arrived : 16    how many wait
 *	trips   : 8     how often all had come: tells one that was let go ...
 *	resets  : 7     ... from one that was sent away
 *	broken  : 1
 */
#include "checker.h"
#include "futex.h"

#include <limits.h>
#include <mp/barrier.h>
#include <stddef.h>

#define ONE_TURN UINT64_C(1)
#define TURN_MASK UINT64_C(0xffffffff)
#define ARRIVED_SHIFT 32
#define ONE_ARRIVED (UINT64_C(1) << ARRIVED_SHIFT)
#define ARRIVED_MASK (UINT64_C(0xffff) << ARRIVED_SHIFT)
#define ONE_TRIP (UINT64_C(1) << 48)
#define TRIPS_MASK (UINT64_C(0xff) << 48)
#define ONE_RESET (UINT64_C(1) << 56)
#define RESETS_MASK (UINT64_C(0x7f) << 56)
#define BROKEN (UINT64_C(1) << 63)

/* a + one within mask: what overflows is dropped. */
static uint64_t plus(uint64_t state, uint64_t one, uint64_t mask)
{
	return (state & ~mask) | ((state + one) & mask);
}

static unsigned arrived(uint64_t state)
{
	return (unsigned)((state & ARRIVED_MASK) >> ARRIVED_SHIFT);
}

/* The futex word within the state. */
static const _Atomic unsigned *turn_word(const struct mp_barrier *barrier)
{
	return &barrier->halves[__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 0 : 1];
}

int mp_barrier_init(struct mp_barrier *barrier, int parties)
{
	if (parties < 1 || parties > USHRT_MAX)
		return MP_INVALID;
	atomic_init(&barrier->state, 0);
	barrier->parties = (unsigned)parties;
	checker_init(MP_CHECKER_KIND_BARRIER, barrier);
	return MP_OK;
}

static bool change(struct mp_barrier *barrier, uint64_t *seen, uint64_t next)
{
	/* acquire and release: what each did before the barrier is seen by all after it. */
	return atomic_compare_exchange_weak_explicit(
		&barrier->state, seen, next, memory_order_acq_rel, memory_order_acquire);
}

static uint64_t look(const struct mp_barrier *barrier)
{
	return atomic_load_explicit(&barrier->state, memory_order_acquire);
}

/* Was I, who came in `then`, let go by all having come? */
static int outcome(uint64_t then, uint64_t now)
{
	if ((then & RESETS_MASK) != (now & RESETS_MASK))
		return MP_BROKEN;
	if ((now & BROKEN) && (then & TRIPS_MASK) == (now & TRIPS_MASK))
		return MP_BROKEN;
	return MP_OK;
}

static void break_barrier(struct mp_barrier *barrier, uint64_t seen)
{
	while (!(seen & BROKEN))
		if (change(barrier, &seen,
			    (plus(seen, ONE_TURN, TURN_MASK) & ~ARRIVED_MASK) | BROKEN)) {
			mp_futex_wake(turn_word(barrier), INT_MAX);
			break;
		}
}

/* Waits for the turn to go on. mine: the state that I made when I came. */
static int wait_turn(
	struct mp_barrier *barrier, uint64_t mine, const struct timespec *deadline)
{
	uint64_t now = look(barrier);

	while ((now & TURN_MASK) == (mine & TURN_MASK)) {
		if (mp_futex_watch(turn_word(barrier), (unsigned)(mine & TURN_MASK),
			    deadline) == MP_TIMEOUT) {
			now = look(barrier);
			if ((now & TURN_MASK) != (mine & TURN_MASK))
				break;
			/* Breaks only my own turn: should it go on now, this does nothing. */
			if (!change(barrier, &now,
				    (plus(now, ONE_TURN, TURN_MASK) & ~ARRIVED_MASK) |
					    BROKEN))
				continue;
			mp_futex_wake(turn_word(barrier), INT_MAX);
			return MP_TIMEOUT;
		}
		now = look(barrier);
	}
	return outcome(mine, now);
}

static int arrive(struct mp_barrier *barrier, const struct timespec *deadline, int *index)
{
	uint64_t seen = look(barrier);
	uint64_t next;

	do {
		if (seen & BROKEN)
			return MP_BROKEN;
		next = seen + ONE_ARRIVED;
		if (arrived(next) == barrier->parties) {
			next = plus(seen, ONE_TURN, TURN_MASK) & ~ARRIVED_MASK;
			next = plus(next, ONE_TRIP, TRIPS_MASK);
		}
	} while (!change(barrier, &seen, next));
	if (index)
		*index = (int)arrived(seen);
	if ((next & TURN_MASK) != (seen & TURN_MASK)) {
		mp_futex_wake(turn_word(barrier), INT_MAX);
		return MP_OK;
	}
	return wait_turn(barrier, next, deadline);
}

static int announced(
	struct mp_barrier *barrier, const struct timespec *deadline, int *index)
{
	int status;

	checker_ignore(&barrier->state, sizeof(barrier->state));
	checker_before(MP_CHECKER_BARRIER_WAIT, barrier);
	status = arrive(barrier, deadline, index);
	checker_after(MP_CHECKER_BARRIER_WAIT, barrier, status);
	return status;
}

int mp_barrier_wait(struct mp_barrier *barrier, int *index)
{
	return announced(barrier, NULL, index);
}

int mp_barrier_wait_timeout(struct mp_barrier *barrier, long timeout_ms, int *index)
{
	struct timespec deadline = mp_deadline_after(timeout_ms);

	return announced(barrier, &deadline, index);
}

int mp_barrier_abort(struct mp_barrier *barrier)
{
	break_barrier(barrier, look(barrier));
	return MP_OK;
}

int mp_barrier_reset(struct mp_barrier *barrier)
{
	uint64_t seen = look(barrier);
	uint64_t next;

	do {
		next = plus(seen, ONE_TURN, TURN_MASK) & ~(ARRIVED_MASK | BROKEN);
		/* Only those who wait have to be sent away. */
		if (arrived(seen) > 0 || (seen & BROKEN))
			next = plus(next, ONE_RESET, RESETS_MASK);
	} while (!change(barrier, &seen, next));
	mp_futex_wake(turn_word(barrier), INT_MAX);
	return MP_OK;
}

bool mp_barrier_is_broken(const struct mp_barrier *barrier)
{
	return (look(barrier) & BROKEN) != 0;
}

int mp_barrier_waiting(const struct mp_barrier *barrier)
{
	return (int)arrived(look(barrier));
}
