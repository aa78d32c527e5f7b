/* SPDX-License-Identifier: MIT */
/*
 * A ring with two ends. Those who put contend for the lock of one end, those who get for that of
 * the other, so that a producer and a consumer are not in each other's way. An item is copied
 * first and then made valid by one store to the count of its end: an owner that dies in
 * between has changed nothing, so the next owner recovers the lock without further ado.
 * The counts only ever grow; the items between them are in the queue.
 *
 * Who must wait sleeps on the word of its end: twice a number that grows with each wake-up, plus 1
 * if somebody may be asleep. As in a semaphore, a wake-up takes that bit away and wakes one; the
 * one that wakes sets it again, since it cannot know of others, and passes the wake-up on
 * while there is more to be had.
 *
 *	a consumer                                a producer
 *	1. sets the bit                           1. stores the count
 *	2. looks at the producers' count          2. looks for the bit, and wakes
 *
 * All four are sequentially consistent: at least one of the two sees the other.
 */
#include "checker.h"
#include "futex.h"
#include "inner_lock.h"

#include <limits.h>
#include <mp/lock.h>
#include <mp/queue.h>
#include <mp/shared.h>
#include <stdint.h>

enum { SLEEPERS = 1, ONE_WAKE_UP = 2 };

/* Looks at the other end before the first sleep: less than a wake-up takes. */
#ifdef MP_EXPLORE
enum { SPINS = 0 };
#else
enum { SPINS = 100 };
#endif

struct end {
	_Alignas(64) struct mp_lock lock; /* whose owner alone stores count */
	_Atomic uint64_t count;		  /* items that ever passed this end */
	uint64_t other; /* guarded by lock: the other end's count, as last seen */
	_Alignas(64) _Atomic unsigned word; /* those who wait at this end sleep on it */
};

struct mp_queue {
	size_t capacity;
	size_t item_size;
	struct end producers;
	struct end consumers;
	_Alignas(64) _Atomic uint64_t done; /* items worked off */
	_Atomic unsigned joiners;	    /* changes when all are; slept on */
	_Atomic int closed; /* stored by an owner of the producers' lock */
	_Alignas(64) unsigned char items[];
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
		checker_ignore(&queue->producers,
			sizeof(*queue) + bytes - offsetof(struct mp_queue, producers));
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

/* Wakes up to count of those who wait at this end, if any may. */
static void wake(struct end *end, int count)
{
	unsigned seen = atomic_load(&end->word);

	while (seen & SLEEPERS)
		if (atomic_compare_exchange_weak(&end->word, &seen,
			    (seen + ONE_WAKE_UP) & ~(unsigned)SLEEPERS)) {
			mp_futex_wake(&end->word, count);
			return;
		}
}

/* Items, or free places, that this end may have. Its lock is held. */
static uint64_t available(const struct mp_queue *queue, struct end *mine)
{
	bool putting = mine == &queue->producers;
	const struct end *theirs = putting ? &queue->consumers : &queue->producers;
	uint64_t count = atomic_load_explicit(&mine->count, memory_order_relaxed);
	uint64_t most = putting ? queue->capacity : 0;

	/* The other end's cache line is only asked for when what was seen of it is used up. */
	if (mine->other + most == count)
		mine->other = atomic_load(&theirs->count);
	return mine->other + most - count;
}

static bool may_pass(const struct mp_queue *queue, struct end *mine)
{
	return available(queue, mine) > 0 || atomic_load(&queue->closed);
}

/* A timeout bounds this, too: a peer may be stopped while it holds the lock. */
static int enter(struct end *mine, const struct timespec *deadline)
{
	return mp_lock_enter_until(&mine->lock, deadline);
}

/*
 * Sleeps, without the lock, until there is something for this end. MP_OK with the lock, MP_TIMEOUT
 * without it.
 */
static int sleep_outside(
	struct mp_queue *queue, struct end *mine, const struct timespec *deadline)
{
	unsigned seen = atomic_fetch_or(&mine->word, SLEEPERS) | SLEEPERS;
	bool waits = !may_pass(queue, mine);
	int status = MP_OK;

	mp_lock_leave(&mine->lock);
	if (waits)
		status = mp_futex_watch(&mine->word, seen, deadline);
	return status == MP_OK ? enter(mine, deadline) : status;
}

static bool spin(struct mp_queue *queue, struct end *mine)
{
	int spins;

	for (spins = 0; spins < SPINS && !may_pass(queue, mine); spins++)
		mp_pause();
	return spins < SPINS;
}

/* Waits with the lock held, giving it up meanwhile, until something may pass. */
static int wait_at(struct mp_queue *queue, struct end *mine,
	const struct timespec *deadline, bool *slept)
{
	int status = MP_OK;

	if (spin(queue, mine))
		return MP_OK;
	while (status == MP_OK && !may_pass(queue, mine)) {
		status = sleep_outside(queue, mine, deadline);
		*slept = true;
	}
	return status;
}

static unsigned char *place(struct mp_queue *queue, uint64_t number)
{
	return queue->items + number % queue->capacity * queue->item_size;
}

/* An item has passed, and the lock is held. slept: the caller was woken for it. */
static void leave(
	struct mp_queue *queue, struct end *mine, struct end *theirs, bool slept)
{
	/* Others may sleep as well, and be owed a wake-up that came while the bit was away. */
	bool pass_on = false;

	if (slept) {
		atomic_fetch_or(&mine->word, SLEEPERS);
		pass_on = may_pass(queue, mine);
	}
	mp_lock_leave(&mine->lock);
	wake(theirs, 1);
	if (pass_on)
		wake(mine, 1);
}

/* wait: false means to give up at once. */
static int put(struct mp_queue *queue, const void *item, bool wait,
	const struct timespec *deadline)
{
	struct end *mine = &queue->producers;
	bool slept = false;
	int status = enter(mine, deadline);
	uint64_t count;

	if (status == MP_OK && wait && !may_pass(queue, mine))
		status = wait_at(queue, mine, deadline, &slept);
	if (status != MP_OK)
		return status;
	if (atomic_load(&queue->closed) || available(queue, mine) == 0) {
		status = atomic_load(&queue->closed) ? MP_CLOSED : MP_FULL;
		mp_lock_leave(&mine->lock);
		return status;
	}
	count = atomic_load_explicit(&mine->count, memory_order_relaxed);
	checker_copy(place(queue, count), item, queue->item_size);
	atomic_store(&mine->count, count + 1);
	leave(queue, mine, &queue->consumers, slept);
	return MP_OK;
}

static int get(
	struct mp_queue *queue, void *item, bool wait, const struct timespec *deadline)
{
	struct end *mine = &queue->consumers;
	bool slept = false;
	int status = enter(mine, deadline);
	uint64_t count;

	if (status == MP_OK && wait && !may_pass(queue, mine))
		status = wait_at(queue, mine, deadline, &slept);
	if (status != MP_OK)
		return status;
	/* Closed first: after it nothing more is put. */
	status = atomic_load(&queue->closed) ? MP_CLOSED : MP_EMPTY;
	if (available(queue, mine) == 0) {
		mp_lock_leave(&mine->lock);
		return status;
	}
	count = atomic_load_explicit(&mine->count, memory_order_relaxed);
	checker_copy(item, place(queue, count), queue->item_size);
	atomic_store(&mine->count, count + 1);
	leave(queue, mine, &queue->producers, slept);
	return MP_OK;
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
	/* With the lock: so that no item comes after it. */
	mp_lock_enter(&queue->producers.lock);
	atomic_store(&queue->closed, 1);
	mp_lock_leave(&queue->producers.lock);
	wake(&queue->producers, INT_MAX);
	wake(&queue->consumers, INT_MAX);
	return MP_OK;
}

size_t mp_queue_size(struct mp_queue *queue)
{
	uint64_t taken = atomic_load(&queue->consumers.count);
	uint64_t put = atomic_load(&queue->producers.count);

	/* More were put since the first look than the queue holds: it is full, or was. */
	return put - taken < queue->capacity ? (size_t)(put - taken) : queue->capacity;
}

int mp_queue_task_done(struct mp_queue *queue)
{
	uint64_t done = atomic_load(&queue->done);

	do
		if (done == atomic_load(&queue->producers.count))
			return MP_OVERFLOW;
	while (!atomic_compare_exchange_weak(&queue->done, &done, done + 1));
	if (done + 1 == atomic_load(&queue->producers.count)) {
		atomic_fetch_add(&queue->joiners, 1);
		mp_futex_wake(&queue->joiners, INT_MAX);
	}
	return MP_OK;
}

static int join(struct mp_queue *queue, const struct timespec *deadline)
{
	int status = MP_OK;

	for (;;) {
		unsigned seen = atomic_load(&queue->joiners);

		if (atomic_load(&queue->done) == atomic_load(&queue->producers.count))
			return MP_OK;
		if (status != MP_OK)
			return status;
		status = mp_futex_watch(&queue->joiners, seen, deadline);
	}
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
