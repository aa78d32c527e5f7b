/* fails waiting_costs_nothing: who finds nothing left asks until all is computed */
#include "pool_map.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

struct job {
	struct mp_lock lock; /* guards next and done */
	size_t next;
	int done; /* the workers that found nothing left */
	atomic_size_t computed;
	size_t count;
	size_t chunk;
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
		size_t size = left < job->chunk ? left : job->chunk;
		job->next += size;
		if (size == 0)
			job->done++;
		mp_lock_release(&job->lock);
		if (size == 0)
			break;
		for (size_t i = first; i < first + size; i++)
			job->results[i] = job->function(job->items[i]);
		atomic_fetch_add(&job->computed, size);
	}
	while (atomic_load(&job->computed) < job->count)
		sched_yield();
	return 0;
}

int pool_map(int workers, long (*function)(long item), const long *items, long *results,
	size_t count, size_t chunk)
{
	struct job *job = mp_shared_new(sizeof(*job));
	if (!job)
		return -1;
	job->count = count;
	job->chunk = chunk;
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
