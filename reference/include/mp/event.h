/* SPDX-License-Identifier: MIT */
#ifndef MP_EVENT_H
#define MP_EVENT_H

/*
 * A flag that processes wait for. Zeroed memory is an event that is not set. It must lie in
 * shared memory. A process that dies while it waits disturbs nobody.
 *
 * Any process or thread that shares it may make these calls, and a fork changes nothing. set,
 * clear and is_set are safe in signal handlers; wait waits. What a process did before a set is
 * seen by those that the set lets go, and by one that clears the event after it.
 *
 *	mp_event_wait(&start);          all workers wait here
 *	mp_event_set(&start);           until one process lets them all go
 */

#include <mp/language.h>
#include <mp/status.h>
#include <stdbool.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

struct mp_event {
	MP_ATOMIC(unsigned) word;
};

int mp_event_init(struct mp_event *event);

/* Sets it and lets go everyone who waits, even if it is cleared again at once. */
int mp_event_set(struct mp_event *event);
int mp_event_clear(struct mp_event *event);
bool mp_event_is_set(const struct mp_event *event);

/* Returns at once if it is set. */
int mp_event_wait(struct mp_event *event);
/* MP_TIMEOUT after timeout_ms milliseconds; less than 0 counts as 0. */
int mp_event_wait_timeout(struct mp_event *event, long timeout_ms) MP_MUST_USE;

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
