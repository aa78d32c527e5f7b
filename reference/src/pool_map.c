/* SPDX-License-Identifier: MIT */
/* The calls that wait for the whole of their work. */
#include "futex.h"
#include "pool_owner.h"

#include <string.h>

/* One job, from submission to results. */
static int map_once(struct mp_pool *pool, const struct work *work, size_t first,
	const struct timespec *deadline)
{
	struct mp_result *result = NULL;
	int status = mp_pool_submit(pool, work, &result);

	if (status != MP_OK)
		return status;
	status = mp_result_await(result, deadline);
	if (status == MP_TIMEOUT) {
		mp_result_cancel(result);
		mp_result_discard(result);
		return status;
	}
	status = result->status;
	if ((status == MP_OK || status == MP_ITEM_FAILED) && result->result_bytes > 0)
		memcpy(work->results, result->copied_results, result->result_bytes);
	if (mp_failures_add(&pool->failures, &result->failures, first) != MP_OK)
		status = MP_NO_MEMORY;
	mp_result_discard(result);
	return status;
}

/* How many items fit the pool's memory at once: half of it, with room for their notes. */
static ptrdiff_t slice(const struct mp_pool *pool, const struct work *work)
{
	size_t room = mp_memory_largest(&pool->memory) / 2;
	size_t notes = sizeof(uint64_t) + sizeof(int) + 1;
	size_t each;

	if (work->shared)
		return work->count;
	if (__builtin_add_overflow(work->item_size, work->result_size, &each) ||
		__builtin_add_overflow(each, notes, &each))
		return 1;
	if (room / each == 0)
		return 1;
	return room / each < (size_t)work->count ? (ptrdiff_t)(room / each) : work->count;
}

static int map(
	struct mp_pool *pool, const struct work *work, const struct timespec *deadline)
{
	struct work part = *work;
	int status = mp_pool_check_work(pool, work);
	ptrdiff_t first = 0;

	if (status != MP_OK)
		return status;
	if (work->count > 0 && work->results == NULL && work->result_size > 0)
		return MP_INVALID;
	mp_failures_forget(&pool->failures);
	do {
		int once;

		part.count = work->count - first;
		part.count = part.count > 0 ? slice(pool, &part) : part.count;
		once = map_once(pool, &part, (size_t)first, deadline);
		if (once != MP_OK && once != MP_ITEM_FAILED)
			return once;
		if (once != MP_OK)
			status = once;
		first += part.count;
		/* NULL, of items or results of size 0, stays NULL. */
		if (part.items)
			part.items = (const char *)part.items +
				     (size_t)part.count * part.item_size;
		if (part.results)
			part.results = (char *)part.results +
				       (size_t)part.count * part.result_size;
	} while (first < work->count);
	return status;
}

/* The work but for what is to be done. */
static struct work work_on(const void *items, size_t item_size, void *results,
	size_t result_size, ptrdiff_t count, ptrdiff_t chunksize)
{
	return (struct work){.items = items,
		.item_size = item_size,
		.results = results,
		.result_size = result_size,
		.count = count,
		.chunksize = chunksize};
}

int mp_pool_map(struct mp_pool *pool, mp_pool_function *function, const void *items,
	size_t item_size, void *results, size_t result_size, ptrdiff_t count,
	ptrdiff_t chunksize)
{
	struct work work =
		work_on(items, item_size, results, result_size, count, chunksize);

	work.function = function;
	return map(pool, &work, NULL);
}

int mp_pool_map_timeout(struct mp_pool *pool, mp_pool_function *function,
	const void *items, size_t item_size, void *results, size_t result_size,
	ptrdiff_t count, ptrdiff_t chunksize, long timeout_ms)
{
	struct timespec deadline = mp_deadline_after(timeout_ms);
	struct work work =
		work_on(items, item_size, results, result_size, count, chunksize);

	work.function = function;
	return map(pool, &work, &deadline);
}

int mp_pool_map_shared(struct mp_pool *pool, mp_pool_function *function,
	const void *items, size_t item_size, void *results, size_t result_size,
	ptrdiff_t count, ptrdiff_t chunksize)
{
	struct work work =
		work_on(items, item_size, results, result_size, count, chunksize);

	work.function = function;
	work.shared = true;
	return map(pool, &work, NULL);
}

int mp_pool_map_range(struct mp_pool *pool, mp_pool_range_function *range,
	const void *items, size_t item_size, void *results, size_t result_size,
	ptrdiff_t count, ptrdiff_t chunksize)
{
	struct work work =
		work_on(items, item_size, results, result_size, count, chunksize);

	work.range = range;
	return map(pool, &work, NULL);
}

int mp_pool_map_range_shared(struct mp_pool *pool, mp_pool_range_function *range,
	const void *items, size_t item_size, void *results, size_t result_size,
	ptrdiff_t count, ptrdiff_t chunksize)
{
	struct work work =
		work_on(items, item_size, results, result_size, count, chunksize);

	work.range = range;
	work.shared = true;
	return map(pool, &work, NULL);
}

int mp_pool_apply(struct mp_pool *pool, mp_pool_function *function, const void *argument,
	size_t argument_size, void *result, size_t result_size)
{
	return mp_pool_map(
		pool, function, argument, argument_size, result, result_size, 1, 1);
}

size_t mp_pool_failures(
	const struct mp_pool *pool, struct mp_pool_failure *failures, size_t room)
{
	if (mp_pool_check_owner(pool->owner) != MP_OK)
		return 0;
	return mp_failures_copy(&pool->failures, failures, room);
}
