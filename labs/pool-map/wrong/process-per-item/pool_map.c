/* fails workers_do_the_work: starts a process for each item */
#include "pool_map.h"

#include <stdlib.h>

struct job {
	long (*function)(long item);
	const long *items;
	long *results;
};

struct item {
	struct job *job;
	size_t index;
};

static int compute(void *argument)
{
	struct item *item = argument;
	struct job *job = item->job;
	job->results[item->index] = job->function(job->items[item->index]);
	return 0;
}

int pool_map(int workers, long (*function)(long item), const long *items, long *results,
	size_t count, size_t chunk)
{
	(void)workers;
	(void)chunk;
	struct job job = {.function = function, .items = items, .results = results};
	struct mp_process *processes = calloc(count + 1, sizeof(*processes));
	struct item *arguments = calloc(count + 1, sizeof(*arguments));
	int status = processes && arguments ? 0 : -1;
	for (size_t done = 0; status == 0 && done < count;) {
		size_t some = count - done < 16 ? count - done : 16;
		for (size_t i = 0; i < some; i++) {
			arguments[i] = (struct item){&job, done + i};
			processes[i] = (struct mp_process){0};
			if (mp_process_start(&processes[i], compute, &arguments[i]) !=
				MP_OK)
				status = -1;
		}
		for (size_t i = 0; i < some; i++)
			mp_process_join(&processes[i]);
		done += some;
	}
	free(arguments);
	free(processes);
	return status;
}
