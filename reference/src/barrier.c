/* SPDX-License-Identifier: MIT */
/*
 * The whole state is one 64-bit word, so that every change is one compare-and-swap, and a
 * process may die anywhere. Its lower half is the futex word: a turn that goes on whenever
 * those who wait must look. Its upper half:
 *
 *	arrived : 16    how many wait; all of them: the last one performs the action
 *	history : 15    how the last turns ended, the latest in the lowest bit; 1: all had come
 *	broken  : 1
 *
 *	           arrive                      arrive, the last
 *	whole, 0 ---------> whole, n < parties -----------------> whole, 0; turn + 1: passed
 *	   ^                     |          \ with an action                ^
 *	   | reset               |           `-> whole, n = parties --------'
 *	   |               abort, timeout               | the action failed
 *	   |                     v                      v
 *	   `--------------- broken, 0; turn + 1: sent away
 *
 * One that waits remembers its turn. When it runs again, perhaps much later, the history says
 * how that turn ended, whatever has happened since: for 15 turns, and then it must be told
 * that the barrier broke.
 */
#include "checker.h"
#include "futex.h"

#include <limits.h>
#include <mp/barrier.h>
#include <stddef.h>

#define TURN_MASK UINT64_C(0xffffffff)
#define ARRIVED_SHIFT 32
#define ONE_ARRIVED (UINT64_C(1) << ARRIVED_SHIFT)
#define ARRIVED_MASK (UINT64_C(0xffff) << ARRIVED_SHIFT)
#define HISTORY_SHIFT 48
#define HISTORY_MASK (UINT64_C(0x7fff) << HISTORY_SHIFT)
#define BROKEN (UINT64_C(1) << 63)

enum { TURNS_KEPT = 15 };

/* Not a status: the caller is the last one and performs the action. */
enum { PERFORM = -1 };

static unsigned turn(uint64_t state)
{
	return (unsigned)(state & TURN_MASK);
}

/* The state once all who wait have been told: they passed, or were sent away. */
static uint64_t end_turn(uint64_t state, bool passed)
{
	uint64_t history = (state & HISTORY_MASK) << 1 & HISTORY_MASK;

	return (state & BROKEN) | history | (uint64_t)passed << HISTORY_SHIFT |
	       ((state + 1) & TURN_MASK);
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

int mp_barrier_init_action(struct mp_barrier *barrier, int parties,
	int (*action)(void *argument), void *argument)
{
	if (parties < 1 || parties > USHRT_MAX)
		return MP_INVALID;
	atomic_init(&barrier->state, 0);
	barrier->parties = (unsigned)parties;
	barrier->action = action;
	barrier->argument = argument;
	checker_init(MP_CHECKER_KIND_BARRIER, barrier);
	return MP_OK;
}

int mp_barrier_init(struct mp_barrier *barrier, int parties)
{
	return mp_barrier_init_action(barrier, parties, NULL, NULL);
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

/* How the turn ended in which I came, `then`. */
static int outcome(uint64_t then, uint64_t now)
{
	unsigned ago = turn(now) - turn(then);

	if (ago > TURNS_KEPT)
		return MP_BROKEN;
	return now >> (HISTORY_SHIFT + ago - 1) & 1 ? MP_OK : MP_BROKEN;
}

static void wake(const struct mp_barrier *barrier)
{
	mp_futex_wake(turn_word(barrier), INT_MAX);
}

/* Ends the turn of the state `mine`. false: it has ended already, as *now shows. */
static bool end_mine(
	struct mp_barrier *barrier, uint64_t mine, bool passed, uint64_t *now)
{
	*now = look(barrier);
	while (turn(*now) == turn(mine))
		if (change(barrier, now,
			    end_turn(*now, passed) | (passed ? 0 : BROKEN))) {
			wake(barrier);
			return true;
		}
	return false;
}

/* Waits for the turn to go on. mine: the state that I made when I came. */
static int wait_turn(
	struct mp_barrier *barrier, uint64_t mine, const struct timespec *deadline)
{
	uint64_t now = look(barrier);

	while (turn(now) == turn(mine)) {
		/* Breaks only my own turn: should it go on now, this does nothing. */
		if (mp_futex_watch(turn_word(barrier), turn(mine), deadline) ==
				MP_TIMEOUT &&
			end_mine(barrier, mine, false, &now))
			return MP_TIMEOUT;
		now = look(barrier);
	}
	return outcome(mine, now);
}

/* PERFORM: the caller is the last one, of the turn in *mine. */
static int arrive(struct mp_barrier *barrier, const struct timespec *deadline, int *index,
	uint64_t *mine)
{
	uint64_t seen = look(barrier);

	for (;;) {
		bool last = arrived(seen) + 1 == barrier->parties;

		if (seen & BROKEN)
			return MP_BROKEN;
		if (arrived(seen) == barrier->parties) {
			/* All had come before me, and their action is under way. */
			if (wait_turn(barrier, seen, deadline) == MP_TIMEOUT)
				return MP_TIMEOUT;
			seen = look(barrier);
			continue;
		}
		*mine = last && !barrier->action ? end_turn(seen, true)
						 : seen + ONE_ARRIVED;
		if (!change(barrier, &seen, *mine))
			continue;
		if (index)
			*index = (int)arrived(seen);
		if (last && barrier->action)
			return PERFORM;
		if (!last)
			return wait_turn(barrier, *mine, deadline);
		wake(barrier);
		return MP_OK;
	}
}

/* The action is done: lets all go, or breaks the barrier. */
static int finish(struct mp_barrier *barrier, uint64_t mine, bool passed)
{
	uint64_t now;

	if (!end_mine(barrier, mine, passed, &now))
		return outcome(mine, now);
	return passed ? MP_OK : MP_BROKEN;
}

static int announced(
	struct mp_barrier *barrier, const struct timespec *deadline, int *index)
{
	uint64_t mine = 0;
	int status;

	checker_ignore(&barrier->state, sizeof(barrier->state));
	checker_before(MP_CHECKER_BARRIER_WAIT, barrier);
	status = arrive(barrier, deadline, index, &mine);
	checker_after(
		MP_CHECKER_BARRIER_WAIT, barrier, status == PERFORM ? MP_OK : status);
	if (status == PERFORM) {
		int code = barrier->action(barrier->argument);

		checker_before(MP_CHECKER_BARRIER_WAIT, barrier);
		status = finish(barrier, mine, code == 0);
		checker_after(MP_CHECKER_BARRIER_WAIT, barrier, status);
	}
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

/*
 * Both write the word, always: one that resets the barrier after an abort sees what was written
 * before it, and one that resets it before is followed by a broken barrier.
 */
int mp_barrier_abort(struct mp_barrier *barrier)
{
	uint64_t seen = look(barrier);
	uint64_t next;

	do
		next = seen & BROKEN ? seen : end_turn(seen, false) | BROKEN;
	while (!change(barrier, &seen, next));
	wake(barrier);
	return MP_OK;
}

int mp_barrier_reset(struct mp_barrier *barrier)
{
	uint64_t seen = look(barrier);
	uint64_t next;

	/* Only those who wait have to be sent away. */
	do
		next = (arrived(seen) > 0 ? end_turn(seen, false) : seen) & ~BROKEN;
	while (!change(barrier, &seen, next));
	wake(barrier);
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
