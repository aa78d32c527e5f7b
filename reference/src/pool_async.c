/* SPDX-License-Identifier: MIT */
/* Work that its caller does not wait for, and the handle by which it asks later. */
#include "futex.h"
#include "pool_owner.h"

#include <string.h>

struct mp_result *mp_pool_map_async(struct mp_pool *pool, mp_pool_function *function,
	const void *items, size_t item_size, size_t result_size, ptrdiff_t count,
	ptrdiff_t chunksize, int *status)
{
	const struct work work = {.function = function,
		.items = items,
		.item_size = item_size,
		.result_size = result_size,
		.count = count,
		.chunksize = chunksize};
	struct mp_result *result = NULL;
	int code = mp_pool_submit(pool, &work, &result);

	if (status)
		*status = code;
	return result;
}

struct mp_result *mp_pool_apply_async(struct mp_pool *pool, mp_pool_function *function,
	const void *argument, size_t argument_size, size_t result_size, int *status)
{
	return mp_pool_map_async(
		pool, function, argument, argument_size, result_size, 1, 1, status);
}

bool mp_result_ready(struct mp_result *result)
{
	return mp_pool_check_owner(result->owner) == MP_OK && mp_result_look(result);
}

static int wait_for(struct mp_result *result, const struct timespec *deadline)
{
	int status = mp_pool_check_owner(result->owner);

	return status == MP_OK ? mp_result_await(result, deadline) : status;
}

int mp_result_wait(struct mp_result *result)
{
	return wait_for(result, NULL);
}

int mp_result_wait_timeout(struct mp_result *result, long timeout_ms)
{
	struct timespec deadline = mp_deadline_after(timeout_ms);

	return wait_for(result, &deadline);
}

static int get(struct mp_result *result, void *results, const struct timespec *deadline)
{
	int status = wait_for(result, deadline);

	if (status != MP_OK)
		return status;
	if ((result->status == MP_OK || result->status == MP_ITEM_FAILED) &&
		result->result_bytes > 0) {
		if (results == NULL)
			return MP_INVALID;
		memcpy(results, result->copied_results, result->result_bytes);
	}
	return result->status;
}

int mp_result_get(struct mp_result *result, void *results)
{
	return get(result, results, NULL);
}

int mp_result_get_timeout(struct mp_result *result, void *results, long timeout_ms)
{
	struct timespec deadline = mp_deadline_after(timeout_ms);

	return get(result, results, &deadline);
}

int mp_result_cancel(struct mp_result *result)
{
	int status = mp_pool_check_owner(result->owner);

	if (status != MP_OK)
		return status;
	if (mp_result_look(result) || !result->on_board)
		return MP_BUSY;
	return mp_job_cancel(result->job, result->pool->processes) ? MP_OK : MP_BUSY;
}

size_t mp_result_failures(
	const struct mp_result *result, struct mp_pool_failure *failures, size_t room)
{
	if (mp_pool_check_owner(result->owner) != MP_OK)
		return 0;
	return mp_failures_copy(&result->failures, failures, room);
}

void mp_result_free(struct mp_result *result)
{
	if (result && mp_pool_check_owner(result->owner) == MP_OK)
		mp_result_discard(result);
}
