/* SPDX-License-Identifier: MIT */
/*
 * A waiter draws a ticket. A notification leaves a token for those with tickets drawn before
 * it, and wakes as many sleepers. Whoever of them comes first takes the token: so one that
 * began to wait only later cannot take another's notification, and one that was killed leaves
 * its token, or its place in the count, but never keeps anybody from going: a sleeper looks
 * for a token now and then by itself (mp_futex_watch). A token that only dead ones could take
 * stays without harm, since those that wait from now on hold later tickets.
 *
 * Who is notified is woken when the lock is released, and not while it is still held: until then
 * it sleeps on the lock.
 *
 * A death between two changes of the counts leaves `waiting` too high, or a token unlimited:
 * both let a waiter go without need at worst.
 */
#include "checker.h"
#include "futex.h"
#include "inner_lock.h"

#include <limits.h>
#include <mp/condition.h>
#include <stddef.h>

int mp_condition_init(struct mp_condition *condition)
{
	*condition = (struct mp_condition){0};
	checker_init(MP_CHECKER_KIND_CONDITION, condition);
	return MP_OK;
}

/* Takes a token with this ticket. The lock is held. */
static bool take_token(struct mp_condition *condition, unsigned ticket)
{
	/* Tickets wrap around: before means less than half the range before. */
	if (condition->tokens == 0 || condition->limit - ticket - 1 > INT_MAX)
		return false;
	condition->tokens--;
	return true;
}

static int wait_with(struct mp_condition *condition, struct mp_lock *lock,
	const struct timespec *deadline)
{
	unsigned ticket = condition->tail++;
	unsigned depth =
		lock->depth; /* of an rlock: given up whole, and had again whole */
	int waited = MP_OK;
	int status = MP_OK;

	condition->waiting++;
	for (;;) {
		unsigned seen =
			atomic_load_explicit(&condition->sequence, memory_order_relaxed);

		mp_lock_release(lock);
		waited = mp_futex_watch(&condition->sequence, seen, deadline);
		status = mp_lock_acquire_again(lock);
		if (take_token(condition, ticket)) {
			waited = MP_OK;
			break;
		}
		if (waited == MP_TIMEOUT || status != MP_OK)
			break;
	}
	lock->depth = depth;
	if (condition->waiting > 0)
		condition->waiting--;
	return status != MP_OK ? status : waited;
}

static int announced(struct mp_condition *condition, struct mp_lock *lock,
	const struct timespec *deadline)
{
	int status;

	if (!mp_lock_is_mine(lock))
		return MP_NOT_OWNER;
	checker_ignore(&condition->sequence, sizeof(condition->sequence));
	checker_before(MP_CHECKER_COND_WAIT, condition);
	status = wait_with(condition, lock, deadline);
	checker_after(MP_CHECKER_COND_WAIT, condition, status);
	return status;
}

int mp_condition_wait(struct mp_condition *condition, struct mp_lock *lock)
{
	return announced(condition, lock, NULL);
}

int mp_condition_wait_timeout(
	struct mp_condition *condition, struct mp_lock *lock, long timeout_ms)
{
	struct timespec deadline = mp_deadline_after(timeout_ms);

	return announced(condition, lock, &deadline);
}

static int wait_until(struct mp_condition *condition, struct mp_lock *lock,
	bool (*predicate)(void *argument), void *argument,
	const struct timespec *deadline)
{
	int status = mp_lock_is_mine(lock) ? MP_OK : MP_NOT_OWNER;

	while (status == MP_OK && !predicate(argument))
		status = announced(condition, lock, deadline);
	/* It may have become true at the last moment. */
	return status == MP_TIMEOUT && predicate(argument) ? MP_OK : status;
}

int mp_condition_wait_for(struct mp_condition *condition, struct mp_lock *lock,
	bool (*predicate)(void *argument), void *argument)
{
	return wait_until(condition, lock, predicate, argument, NULL);
}

int mp_condition_wait_for_timeout(struct mp_condition *condition, struct mp_lock *lock,
	bool (*predicate)(void *argument), void *argument, long timeout_ms)
{
	struct timespec deadline = mp_deadline_after(timeout_ms);

	return wait_until(condition, lock, predicate, argument, &deadline);
}

int mp_condition_notify(struct mp_condition *condition, struct mp_lock *lock, int count)
{
	unsigned sequence;
	unsigned grant;

	if (count < 0)
		return MP_INVALID;
	if (!mp_lock_is_mine(lock))
		return MP_NOT_OWNER;
	checker_ignore(&condition->sequence, sizeof(condition->sequence));
	checker_before(MP_CHECKER_COND_NOTIFY, condition);
	grant = condition->waiting > condition->tokens
			? condition->waiting - condition->tokens
			: 0;
	if ((unsigned)count < grant)
		grant = (unsigned)count;
	if (grant > 0) {
		condition->limit = condition->tail;
		condition->tokens += grant;
		/* The lock orders it; what matters is that it changes before the wake-up. */
		sequence = 1 + atomic_fetch_add_explicit(
				       &condition->sequence, 1, memory_order_relaxed);
		mp_lock_wake_on_release(lock, &condition->sequence, sequence, (int)grant);
	}
	checker_after(MP_CHECKER_COND_NOTIFY, condition, MP_OK);
	return MP_OK;
}

int mp_condition_notify_all(struct mp_condition *condition, struct mp_lock *lock)
{
	return mp_condition_notify(condition, lock, INT_MAX);
}
