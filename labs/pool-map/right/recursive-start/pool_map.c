/* Starts worker n + 1 from worker n's caller by recursion, and keeps each process on the
 * stack. */
#include "pool_map.h"

struct job {
	struct mp_lock lock; /* guards next and at_the_end */
	size_t next;
	int at_the_end;
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
		if (first >= job->count)
			job->at_the_end++;
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

/* Starts the workers that are still wanted, and waits for them in the opposite order. */
static int run(struct job *job, int wanted)
{
	struct mp_process process = {0};
	if (wanted == 0)
		return 0;
	if (mp_process_start(&process, worker, job) != MP_OK)
		return -1;
	int status = run(job, wanted - 1);
	mp_process_join(&process);
	return status;
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

	int status = run(job, workers);
	if (job->at_the_end != workers)
		status = -1;
	mp_shared_free(job);
	return status;
}
