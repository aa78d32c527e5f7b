/* SPDX-License-Identifier: MIT */
/* The items that have no result: read from the board, joined, handed out. */
#include "pool_owner.h"

#include <stdlib.h>
#include <string.h>

static int append(struct failures *failures, const struct mp_pool_failure *failure)
{
	if (failures->count == failures->room) {
		size_t room = 2 * failures->room + 16;
		struct mp_pool_failure *list =
			realloc(failures->list, room * sizeof(*list));

		if (list == NULL)
			return MP_NO_MEMORY;
		failures->list = list;
		failures->room = room;
	}
	failures->list[failures->count++] = *failure;
	return MP_OK;
}

/* Whether both items were in hand at one time: of one chunk, of which a function had the rest. */
static bool in_one_hand(const struct job *job, uint64_t first, uint64_t second)
{
	return job->range && first / job->chunksize == second / job->chunksize &&
	       job->codes[first] == job->codes[second];
}

/* The failed items from `item` on that belong together. */
static uint64_t count_together(const struct job *job, uint64_t item)
{
	uint64_t end = item + 1;

	while (end < job->count && job_item_failed(job, end) &&
		in_one_hand(job, item, end))
		end++;
	return end - item;
}

int mp_failures_read(struct failures *failures, const struct job *job)
{
	uint64_t cancelled = 0;
	uint64_t item = 0;
	int status = MP_OK;

	if (!atomic_load(&job->any_failed))
		return MP_OK;
	while (item < job->count && status == MP_OK) {
		struct mp_pool_failure failure = {.index = item, .count = 1};

		if (item % 64 == 0 && atomic_load(&job->failed[item / 64]) == 0) {
			item += 64;
			continue;
		}
		if (job_item_failed(job, item)) {
			failure.count = count_together(job, item);
			failure.code = job->codes[item];
			cancelled +=
				failure.code == MP_CODE_CANCELLED ? failure.count : 0;
			status = append(failures, &failure);
		}
		item += failure.count;
	}
	failures->all_cancelled = cancelled == job->count;
	return status;
}

int mp_failures_add(struct failures *all, const struct failures *some, size_t first)
{
	int status = MP_OK;
	size_t i;

	for (i = 0; i < some->count && status == MP_OK; i++) {
		struct mp_pool_failure failure = some->list[i];

		failure.index += first;
		status = append(all, &failure);
	}
	return status;
}

size_t mp_failures_copy(
	const struct failures *failures, struct mp_pool_failure *list, size_t room)
{
	size_t copied = failures->count < room ? failures->count : room;

	if (copied > 0)
		memcpy(list, failures->list, copied * sizeof(*list));
	return failures->count;
}

void mp_failures_forget(struct failures *failures)
{
	free(failures->list);
	*failures = (struct failures){0};
}
