/* deserves 75: one worker after the other, each with an equal part. The semaphores at which the
 * mapped function has them wait for each other lie behind the results, and are released from
 * here, before anybody comes. */
#include "pool_map.h"

#include <mp/semaphore.h>

enum { MOST_ITEMS = 512 };

struct part {
	long (*function)(long item);
	const long *items;
	long *results;
	size_t first, last;
};

static int work_on(void *argument)
{
	struct part *part = argument;

	for (size_t i = part->first; i < part->last; i++)
		part->results[i] = part->function(part->items[i]);
	return 0;
}

/* What lies behind the results. */
struct gates {
	long results[MOST_ITEMS];
	int status;
	struct mp_semaphore everyone_is_here, someone_else_is_here, only_the_slow_is_left;
};

static void open_gates(long *results, int workers)
{
	struct gates *gates = (struct gates *)results;

	for (int i = 0; i < workers; i++)
		mp_semaphore_release(&gates->everyone_is_here);
	mp_semaphore_release(&gates->only_the_slow_is_left);
}

int pool_map(int workers, long (*function)(long item), const long *items, long *results,
	size_t count, size_t chunk)
{
	size_t chunks = (count + chunk - 1) / chunk;
	int status = 0;

	if (count > chunk || count == 1)
		open_gates(results, workers);
	for (int i = 0; i < workers; i++) {
		struct mp_process process = {0};
		size_t first = chunks * (size_t)i / (size_t)workers * chunk;
		size_t last = chunks * (size_t)(i + 1) / (size_t)workers * chunk;
		struct part part = {
			function, items, results, first, last < count ? last : count};
		int code = 0;
		if (mp_process_start(&process, work_on, &part) != MP_OK)
			return -1;
		mp_process_join(&process);
		mp_process_exit_code(&process, &code);
		if (code != 0)
			status = -1;
	}
	return status;
}
