/* Claims chunks with an atomic addition in place of the lock, and counts the results. */
#include "pool_map.h"

#include <stdatomic.h>
#include <stdlib.h>

struct job {
	atomic_size_t next;
	atomic_size_t done;
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
		size_t first = atomic_fetch_add(&job->next, job->chunk);
		if (first >= job->count)
			break;
		size_t last = first + job->chunk;
		if (last > job->count)
			last = job->count;
		for (size_t i = first; i < last; i++)
			job->results[i] = job->function(job->items[i]);
		atomic_fetch_add(&job->done, last - first);
	}
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

	struct mp_process *processes = calloc((size_t)workers, sizeof(*processes));
	int status = processes ? 0 : -1;
	for (int i = 0; processes && i < workers; i++)
		if (mp_process_start(&processes[i], worker, job) != MP_OK)
			status = -1;

	for (int i = 0; processes && i < workers; i++)
		mp_process_join(&processes[i]);
	if (atomic_load(&job->done) != count)
		status = -1;

	free(processes);
	mp_shared_free(job);
	return status;
}
