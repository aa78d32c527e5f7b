/* SPDX-License-Identifier: MIT */
/* The items that have no result: read from the board, joined, handed out. */
#include "pool_owner.h"

#include <stdlib.h>
#include <string.h>

void mp_failures_read(struct failures *failures, const struct job *job)
{
	uint64_t room = job->count < POOL_FAILURES ? job->count : POOL_FAILURES;
	uint64_t written = atomic_load(&job->failed);
	uint64_t i;

	if (written == 0)
		return;
	failures->counted = written;
	failures->list = calloc(room, sizeof(*failures->list));
	for (i = 0; i < room && i < written; i++) {
		const struct failure *failure = &job->failures[i];
		uint64_t count = atomic_load(&failure->count);

		if (count == 0)
			failures->counted--;
		else if (failures->list)
			failures->list[failures->kept++] =
				(struct mp_pool_failure){.index = failure->index,
					.count = count,
					.code = failure->code};
	}
}

void mp_failures_add(struct failures *all, const struct failures *some, size_t first)
{
	struct mp_pool_failure *list;
	size_t i;

	all->counted += some->counted;
	if (some->kept == 0)
		return;
	list = realloc(all->list, (all->kept + some->kept) * sizeof(*list));
	if (list == NULL)
		return;
	all->list = list;
	for (i = 0; i < some->kept; i++) {
		list[all->kept] = some->list[i];
		list[all->kept++].index += first;
	}
}

size_t mp_failures_copy(
	const struct failures *failures, struct mp_pool_failure *list, size_t room)
{
	size_t kept = failures->kept < room ? failures->kept : room;

	if (kept > 0)
		memcpy(list, failures->list, kept * sizeof(*list));
	return failures->counted;
}

void mp_failures_forget(struct failures *failures)
{
	free(failures->list);
	*failures = (struct failures){0};
}
