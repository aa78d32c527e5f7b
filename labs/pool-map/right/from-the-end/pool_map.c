/* Hands the chunks out from the end of the list. */
#include "pool_map.h"

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
		if (job->next > 0)
			job->next -= job->chunk;
		mp_lock_release(&job->lock);
		if (first == 0)
			break;
		first -= job->chunk;
		for (size_t i = first; i < first + job->chunk && i < job->count; i++)
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
	job->next = (count + chunk - 1) / chunk * chunk;
	job->function = function;
	job->items = items;
	job->results = results;

	struct mp_process *processes = calloc((size_t)workers, sizeof(*processes));
	int status = processes ? 0 : -1;
	for (int i = 0; processes && i < workers; i++)
		if (mp_process_start(&processes[i], worker, job) != MP_OK)
			status = -1;

	int codes = 0;
	for (int i = 0; processes && i < workers; i++) {
		int code = 0;
		mp_process_join(&processes[i]);
		mp_process_exit_code(&processes[i], &code);
		codes |= code;
	}
	if (codes != 0)
		status = -1;

	free(processes);
	mp_shared_free(job);
	return status;
}
