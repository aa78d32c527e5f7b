/* fails idle_workers_take_more: takes smaller pieces near the end */
#include "pool_map.h"

#include <stdlib.h>

struct job {
	struct mp_lock lock; /* guards next and done */
	size_t next;
	int done; /* the workers that found nothing left */
	size_t count;
	size_t chunk;
	size_t workers;
	long (*function)(long item);
	const long *items;
	long *results;
};

static int worker(void *argument)
{
	struct job *job = argument;
	for (;;) {
		mp_lock_acquire(&job->lock);
		size_t first = job->next;
		size_t left = job->count - first;
		size_t fair = (left + job->workers - 1) / job->workers;
		size_t size = fair < job->chunk ? fair : job->chunk;
		job->next += size;
		if (size == 0)
			job->done++;
		mp_lock_release(&job->lock);
		if (size == 0)
			return 0;
		for (size_t i = first; i < first + size; i++)
			job->results[i] = job->function(job->items[i]);
	}
}

int pool_map(int workers, long (*function)(long item), const long *items, long *results,
	size_t count, size_t chunk)
{
	struct job *job = mp_shared_new(sizeof(*job));
	if (!job)
		return -1;
	job->count = count;
	job->chunk = chunk;
	job->workers = (size_t)workers;
	job->function = function;
	job->items = items;
	job->results = results;

	int started = 0;
	struct mp_process *processes = calloc((size_t)workers, sizeof(*processes));
	while (processes && started < workers &&
		mp_process_start(&processes[started], worker, job) == MP_OK)
		started++;
	for (int i = 0; i < started; i++)
		mp_process_join(&processes[i]);
	free(processes);
	int status = job->done == workers ? 0 : -1;
	mp_shared_free(job);
	return status;
}
