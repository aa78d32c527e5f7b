/* fails idle_workers_take_more: each worker gets an equal part in advance */
#include "pool_map.h"

#include <stdlib.h>

struct job {
	int workers;
	size_t count;
	size_t chunk;
	long (*function)(long item);
	const long *items;
	long *results;
};

struct part {
	struct job *job;
	size_t number;
};

static int worker(void *argument)
{
	const struct part *part = argument;
	struct job *job = part->job;
	size_t workers = (size_t)job->workers;
	size_t first = job->count * part->number / workers;
	size_t last = job->count * (part->number + 1) / workers;
	for (size_t i = first; i < last; i++)
		job->results[i] = job->function(job->items[i]);
	return 0;
}

int pool_map(int workers, long (*function)(long item), const long *items, long *results,
	size_t count, size_t chunk)
{
	struct job job = {.workers = workers,
		.count = count,
		.chunk = chunk,
		.function = function,
		.items = items,
		.results = results};
	struct mp_process *processes = calloc((size_t)workers, sizeof(*processes));
	struct part *parts = calloc((size_t)workers, sizeof(*parts));
	int status = processes && parts ? 0 : -1;
	for (int i = 0; status == 0 && i < workers; i++) {
		parts[i] = (struct part){&job, (size_t)i};
		if (mp_process_start(&processes[i], worker, &parts[i]) != MP_OK)
			status = -1;
	}
	for (int i = 0; processes && i < workers; i++)
		mp_process_join(&processes[i]);
	free(parts);
	free(processes);
	return status;
}
