/* SPDX-License-Identifier: MIT */
/*
 * The word: SET, SLEEPERS, and above them a count of how often it was set. Those who sleep go
 * when the count has changed: so a set and a clear in quick succession are not missed.
 *
 * Set and clear both write the word, always, and so have an order: release and acquire. One
 * that clears after a set sees what was written before it, even if that set changed nothing;
 * one that clears before it finds the event set. A mere look whether it is set could be made
 * before the caller's own writes are seen, and both would miss each other.
 */
#include "checker.h"
#include "futex.h"

#include <limits.h>
#include <mp/event.h>
#include <stddef.h>

enum { SET = 1, SLEEPERS = 2, ONE_TIME = 4 };

int mp_event_init(struct mp_event *event)
{
	atomic_init(&event->word, 0);
	checker_init(MP_CHECKER_KIND_EVENT, event);
	return MP_OK;
}

int mp_event_set(struct mp_event *event)
{
	unsigned seen;
	unsigned next;

	checker_ignore(&event->word, sizeof(event->word));
	checker_before(MP_CHECKER_EVENT_SET, event);
	seen = atomic_load_explicit(&event->word, memory_order_relaxed);
	/* The word is written even if it is set already: see above. */
	do
		next = seen & SET ? seen
				  : ((seen | SET) & ~(unsigned)SLEEPERS) + ONE_TIME;
	while (!atomic_compare_exchange_weak_explicit(
		&event->word, &seen, next, memory_order_acq_rel, memory_order_relaxed));
	if (seen & SLEEPERS)
		mp_futex_wake(&event->word, INT_MAX);
	checker_after(MP_CHECKER_EVENT_SET, event, MP_OK);
	return MP_OK;
}

int mp_event_clear(struct mp_event *event)
{
	checker_ignore(&event->word, sizeof(event->word));
	checker_before(MP_CHECKER_EVENT_CLEAR, event);
	atomic_fetch_and_explicit(&event->word, ~(unsigned)SET, memory_order_acq_rel);
	checker_after(MP_CHECKER_EVENT_CLEAR, event, MP_OK);
	return MP_OK;
}

bool mp_event_is_set(const struct mp_event *event)
{
	return atomic_load_explicit(&event->word, memory_order_acquire) & SET;
}

static int wait_for(struct mp_event *event, const struct timespec *deadline)
{
	unsigned seen = atomic_load_explicit(&event->word, memory_order_acquire);
	unsigned times = seen / ONE_TIME;

	while (!(seen & SET) && seen / ONE_TIME == times) {
		if (!(seen & SLEEPERS) &&
			!atomic_compare_exchange_weak_explicit(&event->word, &seen,
				seen | SLEEPERS, memory_order_acquire,
				memory_order_acquire))
			continue;
		if (mp_futex_watch(&event->word, seen | SLEEPERS, deadline) == MP_TIMEOUT)
			return MP_TIMEOUT;
		seen = atomic_load_explicit(&event->word, memory_order_acquire);
	}
	return MP_OK;
}

static int announced(struct mp_event *event, const struct timespec *deadline)
{
	int status;

	checker_ignore(&event->word, sizeof(event->word));
	checker_before(MP_CHECKER_EVENT_WAIT, event);
	status = wait_for(event, deadline);
	checker_after(MP_CHECKER_EVENT_WAIT, event, status);
	return status;
}

int mp_event_wait(struct mp_event *event)
{
	return announced(event, NULL);
}

int mp_event_wait_timeout(struct mp_event *event, long timeout_ms)
{
	struct timespec deadline = mp_deadline_after(timeout_ms);

	return announced(event, &deadline);
}
