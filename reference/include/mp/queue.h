/* SPDX-License-Identifier: MIT */
#ifndef MP_QUEUE_H
#define MP_QUEUE_H

/*
 * A bounded queue of items of one size, first in, first out, for any number of producers and
 * consumers. A process killed in the middle of a put or a get leaves the queue whole: the item was
 * put or it was not, and at most the item that the dead one was taking is gone with it.
 *
 *	struct mp_queue *queue = mp_queue_new(16, sizeof(struct task), NULL);
 *	mp_queue_put(queue, &task);                     waits while it is full
 *	while (mp_queue_get(queue, &task) == MP_OK)     waits while it is empty
 *		work(&task);
 *	mp_queue_free(queue);
 *
 * Without waiting, and with a count of what is worked off:
 *
 *	if (mp_queue_try_put(queue, &task) == MP_FULL)  or mp_queue_put_timeout
 *		work(&task);
 *	mp_queue_task_done(queue);                      after each item that was worked off
 *	mp_queue_join(queue);                           waits until all are
 *	mp_queue_close(queue);                          lets those go who wait for more
 *
 * Any process or thread that shares it may make these calls, and a fork changes nothing; not for
 * signal handlers. A timeout bounds all waiting, also for a peer that is stopped in the middle of
 * a put or a get; such a peer holds up the calls without a timeout at its end of the queue.
 *
 * Python's queues are unbounded by default and hold any object; memory made before the fork has a
 * size, so this one has a bound. Its task_done and join are here, too.
 */

#include <mp/language.h>
#include <mp/status.h>
#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

struct mp_queue;

/* In shared memory. NULL and *status (unless NULL): MP_INVALID if a number is < 1, MP_NO_MEMORY. */
struct mp_queue *mp_queue_new(
	ptrdiff_t capacity, ptrdiff_t item_size, int *status) MP_MUST_USE;

/* For the last one that uses it; unmaps it in the calling process. NULL is allowed. */
void mp_queue_free(struct mp_queue *queue);

/* Copies the item in. MP_CLOSED after close. */
int mp_queue_put(struct mp_queue *queue, const void *item);
int mp_queue_put_timeout(
	struct mp_queue *queue, const void *item, long timeout_ms) MP_MUST_USE;
int mp_queue_try_put(struct mp_queue *queue, const void *item) MP_MUST_USE; /* MP_FULL */

/* Copies the oldest item out. MP_CLOSED once it is closed and empty. */
int mp_queue_get(struct mp_queue *queue, void *item) MP_MUST_USE;
int mp_queue_get_timeout(struct mp_queue *queue, void *item, long timeout_ms) MP_MUST_USE;
int mp_queue_try_get(struct mp_queue *queue, void *item) MP_MUST_USE; /* MP_EMPTY */

/* Says that no more will be put: those who wait for items are let go when it is empty. */
int mp_queue_close(struct mp_queue *queue);

/* How many items are in it at this moment. */
size_t mp_queue_size(struct mp_queue *queue);

/* A consumer has worked off an item it got. MP_OVERFLOW if called more often than items were put. */
int mp_queue_task_done(struct mp_queue *queue);

/* Waits until every item put was worked off. MP_TIMEOUT: a consumer may have died over one. */
int mp_queue_join(struct mp_queue *queue);
int mp_queue_join_timeout(struct mp_queue *queue, long timeout_ms);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
