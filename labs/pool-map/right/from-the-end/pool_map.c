/* Hands the chunks out from the end of the list; each worker says that it is done. */
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
	char done[]; /* a place for each worker */
};

struct worker {
	struct mp_process process;
	struct job *job;
	char *done;
};

static int worker(void *argument)
{
	const struct worker *self = argument;
	struct job *job = self->job;
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
	*self->done = 1;
	return 0;
}

int pool_map(int workers, long (*function)(long item), const long *items, long *results,
	size_t count, size_t chunk)
{
	struct job *job = mp_shared_new(sizeof(*job) + (size_t)workers);
	if (!job)
		return -1;
	job->count = count;
	job->chunk = chunk;
	job->next = (count + chunk - 1) / chunk * chunk;
	job->function = function;
	job->items = items;
	job->results = results;

	struct worker *all = calloc((size_t)workers, sizeof(*all));
	int status = all ? 0 : -1;
	for (int i = 0; all && i < workers; i++) {
		all[i].job = job;
		all[i].done = &job->done[i];
		mp_process_start(&all[i].process, worker, &all[i]);
	}
	for (int i = 0; all && i < workers; i++) {
		mp_process_join(&all[i].process);
		if (!job->done[i])
			status = -1;
	}

	free(all);
	mp_shared_free(job);
	return status;
}
