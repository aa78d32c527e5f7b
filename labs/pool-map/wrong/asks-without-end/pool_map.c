/* fails waiting_costs_nothing: asks whether a worker is alive, without a rest */
#include "pool_map.h"

#include <sched.h>
#include <stdlib.h>

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
		size_t first = job->next;
		job->next += job->chunk;
		mp_lock_release(&job->lock);
		if (first >= job->count)
			break;
		size_t last = first + job->chunk;
		if (last > job->count)
			last = job->count;
		for (size_t i = first; i < last; i++)
			job->results[i] = job->function(job->items[i]);
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

	for (int i = 0; processes && i < workers; i++) {
		int code = 1;
		while (mp_process_is_alive(&processes[i]))
			sched_yield();
		mp_process_join(&processes[i]);
		if (mp_process_exit_code(&processes[i], &code) != MP_OK || code != 0)
			status = -1;
	}

	free(processes);
	mp_shared_free(job);
	return status;
}
