/* SPDX-License-Identifier: MIT */
/*
 * A ring under one robust lock. An item is copied first and then made valid by one store to
 * `put`, or copied out and then given up by one store to `taken`: an owner that dies in between
 * has changed nothing, so the next owner recovers the lock without further ado. Everything else
 * is derived from these counts, which only ever grow.
 *
 * Who must wait sleeps on a sequence word that changes with what it waits for. The counts of
 * sleepers save wake-up calls; a process that dies asleep leaves them too high, which
 * costs calls and no more.
 */
#include "checker.h"
#include "futex.h"
#include "inner_lock.h"

#include <limits.h>
#include <mp/lock.h>
#include <mp/queue.h>
#include <mp/shared.h>
#include <stdint.h>

struct waiters {
	_Atomic unsigned sequence;
	unsigned asleep; /* guarded by lock */
};

struct mp_queue {
	size_t capacity;
	size_t item_size;
	struct mp_lock lock; /* guards everything below */
	uint64_t put;	     /* items ever put */
	uint64_t taken;	     /* of these, taken out */
	uint64_t done;	     /* of these, worked off */
	bool closed;
	struct waiters consumers;
	struct waiters producers;
	struct waiters joiners;
	_Alignas(16) unsigned char items[];
};

struct mp_queue *mp_queue_new(ptrdiff_t capacity, ptrdiff_t item_size, int *status)
{
	struct mp_queue *queue = NULL;
	size_t bytes;
	int result = MP_OK;

	if (capacity < 1 || item_size < 1)
		result = MP_INVALID;
	else if (__builtin_mul_overflow((size_t)capacity, (size_t)item_size, &bytes) ||
		 bytes > PTRDIFF_MAX - sizeof(*queue) ||
		 !(queue = mp_shared_new(sizeof(*queue) + bytes)))
		result = MP_NO_MEMORY;
	if (queue) {
		queue->capacity = (size_t)capacity;
		queue->item_size = (size_t)item_size;
		checker_ignore(&queue->consumers, 3 * sizeof(queue->consumers));
		checker_init(MP_CHECKER_KIND_QUEUE, queue);
	}
	if (status)
		*status = result;
	return queue;
}

void mp_queue_free(struct mp_queue *queue)
{
	if (queue)
		checker_destroy(MP_CHECKER_KIND_QUEUE, queue);
	mp_shared_free(queue);
}

/* Says what changed, gives up the lock, and wakes up to count sleepers. */
static void leave_and_wake(struct mp_queue *queue, struct waiters *waiters, int count)
{
	bool wake = waiters->asleep > 0;

	atomic_fetch_add_explicit(&waiters->sequence, 1, memory_order_relaxed);
	mp_lock_leave(&queue->lock);
	if (wake)
		mp_futex_wake(&waiters->sequence, count);
}

/* Gives up the lock, sleeps until there is news, and takes the lock again. */
static int sleep_outside(
	struct mp_queue *queue, struct waiters *waiters, const struct timespec *deadline)
{
	unsigned seen = atomic_load_explicit(&waiters->sequence, memory_order_relaxed);
	int status;

	waiters->asleep++;
	mp_lock_leave(&queue->lock);
	status = mp_futex_watch(&waiters->sequence, seen, deadline);
	mp_lock_enter(&queue->lock);
	if (waiters->asleep > 0)
		waiters->asleep--;
	return status;
}

static unsigned char *place(struct mp_queue *queue, uint64_t number)
{
	return queue->items + number % queue->capacity * queue->item_size;
}

/* wait: false means to give up at once. */
static int put(struct mp_queue *queue, const void *item, bool wait,
	const struct timespec *deadline)
{
	int status = MP_OK;

	mp_lock_enter(&queue->lock);
	while (!queue->closed && queue->put - queue->taken == queue->capacity &&
		status == MP_OK)
		status = wait ? sleep_outside(queue, &queue->producers, deadline)
			      : MP_FULL;
	if (!queue->closed && queue->put - queue->taken < queue->capacity) {
		checker_copy(place(queue, queue->put), item, queue->item_size);
		atomic_signal_fence(memory_order_seq_cst);
		queue->put++;
		leave_and_wake(queue, &queue->consumers, 1);
		return MP_OK;
	}
	if (queue->closed)
		status = MP_CLOSED;
	mp_lock_leave(&queue->lock);
	return status;
}

static int get(
	struct mp_queue *queue, void *item, bool wait, const struct timespec *deadline)
{
	int status = MP_OK;

	mp_lock_enter(&queue->lock);
	while (!queue->closed && queue->put == queue->taken && status == MP_OK)
		status = wait ? sleep_outside(queue, &queue->consumers, deadline)
			      : MP_EMPTY;
	if (queue->put > queue->taken) {
		checker_copy(item, place(queue, queue->taken), queue->item_size);
		atomic_signal_fence(memory_order_seq_cst);
		queue->taken++;
		leave_and_wake(queue, &queue->producers, 1);
		return MP_OK;
	}
	if (queue->closed)
		status = MP_CLOSED;
	mp_lock_leave(&queue->lock);
	return status;
}

static int announced_put(struct mp_queue *queue, const void *item, bool wait,
	const struct timespec *deadline)
{
	int status;

	checker_before(MP_CHECKER_QUEUE_PUT, queue);
	status = put(queue, item, wait, deadline);
	checker_after(MP_CHECKER_QUEUE_PUT, queue, status);
	return status;
}

static int announced_get(
	struct mp_queue *queue, void *item, bool wait, const struct timespec *deadline)
{
	int status;

	checker_before(MP_CHECKER_QUEUE_GET, queue);
	status = get(queue, item, wait, deadline);
	checker_after(MP_CHECKER_QUEUE_GET, queue, status);
	return status;
}

int mp_queue_put(struct mp_queue *queue, const void *item)
{
	return announced_put(queue, item, true, NULL);
}

int mp_queue_put_timeout(struct mp_queue *queue, const void *item, long timeout_ms)
{
	struct timespec deadline = mp_deadline_after(timeout_ms);

	return announced_put(queue, item, true, &deadline);
}

int mp_queue_try_put(struct mp_queue *queue, const void *item)
{
	return announced_put(queue, item, false, NULL);
}

int mp_queue_get(struct mp_queue *queue, void *item)
{
	return announced_get(queue, item, true, NULL);
}

int mp_queue_get_timeout(struct mp_queue *queue, void *item, long timeout_ms)
{
	struct timespec deadline = mp_deadline_after(timeout_ms);

	return announced_get(queue, item, true, &deadline);
}

int mp_queue_try_get(struct mp_queue *queue, void *item)
{
	return announced_get(queue, item, false, NULL);
}

int mp_queue_close(struct mp_queue *queue)
{
	mp_lock_enter(&queue->lock);
	queue->closed = true;
	atomic_fetch_add_explicit(&queue->producers.sequence, 1, memory_order_relaxed);
	mp_futex_wake(&queue->producers.sequence, INT_MAX);
	leave_and_wake(queue, &queue->consumers, INT_MAX);
	return MP_OK;
}

size_t mp_queue_size(struct mp_queue *queue)
{
	size_t size;

	mp_lock_enter(&queue->lock);
	size = (size_t)(queue->put - queue->taken);
	mp_lock_leave(&queue->lock);
	return size;
}

int mp_queue_task_done(struct mp_queue *queue)
{
	mp_lock_enter(&queue->lock);
	if (queue->done == queue->put) {
		mp_lock_leave(&queue->lock);
		return MP_OVERFLOW;
	}
	queue->done++;
	if (queue->done == queue->put)
		leave_and_wake(queue, &queue->joiners, INT_MAX);
	else
		mp_lock_leave(&queue->lock);
	return MP_OK;
}

static int join(struct mp_queue *queue, const struct timespec *deadline)
{
	int status = MP_OK;

	mp_lock_enter(&queue->lock);
	while (queue->done != queue->put && status == MP_OK)
		status = sleep_outside(queue, &queue->joiners, deadline);
	if (queue->done == queue->put)
		status = MP_OK;
	mp_lock_leave(&queue->lock);
	return status;
}

int mp_queue_join(struct mp_queue *queue)
{
	return join(queue, NULL);
}

int mp_queue_join_timeout(struct mp_queue *queue, long timeout_ms)
{
	struct timespec deadline = mp_deadline_after(timeout_ms);

	return join(queue, &deadline);
}
