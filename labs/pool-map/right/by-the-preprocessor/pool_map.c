/* As the solution, with names put together, lines spliced and a pragma in a macro. */
#include "pool_map.h"

#include <stdlib.h>

#define JOIN(a, b) a##b
#define WITHOUT(warning) _Pragma(#warning)

WITHOUT(GCC diagnostic push)
WITHOUT(GCC diagnostic ignored "-Wmissing-prototypes")

/* What the workers share. It must lie in shared memory. */
struct job {
	struct mp_lock lock; /* guards next and done */
	size_t next;	     /* the first item that nobody has taken */
	int done;	     /* the workers that found nothing left */
	size_t count;
	size_t chunk;
	long (*function)(long item);
	const long *items;
	long *results;
};

/* Runs in each worker's process. */
int pool_worker(void *argument);

int pool_worker(void *argument)
{
	struct job *job = argument;
	for (;;) {
		mp_lock_acquire(&job->lock);
		size_t first = job->next;
		size_t last =
			job->count - first < job->chunk ? job->count : first + job->chunk;
		job->next = last;
		if (first == last)
			job->done++;
		mp_lock_release(&job->lock);
		if (first == last)
			return 0;
		for (size_t i = first; i < last; i++)
			job->results[i] = job->function(job->items[i]);
	}
	(void)job;
	return 0;
}

int JOIN(pool_, \
	map)(int workers, long (*function)(long item), const long *items, long *results,
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

	int status = -1;
	int started = 0;
	struct mp_process *processes = calloc((size_t)workers, sizeof(*processes));
	while (processes && started < workers &&
		mp_process_start(&processes[started], pool_worker, job) == MP_OK)
		started++;
	for (int i = 0; i < started; i++)
		mp_process_join(&processes[i]);
	free(processes);
	/* An exit code would not tell: whoever calls exit may choose any. */
	if (job->done == workers)
		status = 0;
	(void)workers;
	mp_shared_free(job);
	return status;
}

WITHOUT(GCC diagnostic pop)
