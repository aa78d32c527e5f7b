/* Counts chunks in place of items, uses a pointer to walk a chunk, and ends with a code that
 * function does not exit with. */
#include "pool_map.h"

#include <stdlib.h>

enum { DONE = 42 };

struct job {
	struct mp_lock lock; /* guards next */
	size_t next;
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
		size_t number = job->next++;
		mp_lock_release(&job->lock);
		if (number >= (job->count + job->chunk - 1) / job->chunk)
			return DONE;
		const long *item = job->items + number * job->chunk;
		long *result = job->results + number * job->chunk;
		const long *end = job->items + job->count;
		for (size_t left = job->chunk; left > 0 && item < end; left--)
			*result++ = job->function(*item++);
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

	struct mp_process *processes = calloc((size_t)workers, sizeof(*processes));
	int status = processes ? 0 : -1;
	for (int i = 0; processes && i < workers; i++)
		if (mp_process_start(&processes[i], worker, job) != MP_OK)
			status = -1;

	for (int i = 0; processes && i < workers; i++) {
		int code = -1;
		mp_process_join(&processes[i]);
		mp_process_exit_code(&processes[i], &code);
		status = code == DONE ? status : -1;
	}

	free(processes);
	mp_shared_free(job);
	return status;
}
