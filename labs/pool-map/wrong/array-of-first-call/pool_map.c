/* fails finishes: keeps the array of the first call, whose workers may have been fewer */
#include "pool_map.h"

#include <stdlib.h>

struct job {
	struct mp_lock lock; /* guards next and done */
	size_t next;
	int done; /* the workers that found nothing left */
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
	job->function = function;
	job->items = items;
	job->results = results;

	int started = 0;
	static struct mp_process *processes;
	if (!processes)
		processes = calloc((size_t)workers, sizeof(*processes));
	while (processes && started < workers &&
		mp_process_start(&processes[started], worker, job) == MP_OK)
		started++;
	for (int i = 0; i < started; i++)
		mp_process_join(&processes[i]);
	int status = job->done == workers ? 0 : -1;
	mp_shared_free(job);
	return status;
}
