/* SPDX-License-Identifier: MIT */
/*
 * Two bit-fields of one word, each of which only one task writes. To write one is to read the
 * word and to write all of it, so the buggy version, which takes no lock, loses one.
 */
#include "../tasks.h"

struct state {
	pthread_mutex_t lock;
	unsigned first : 4;
	unsigned second : 4;
};

static void set(void *shared, int number)
{
	struct state *s = shared;

#ifdef CORRECT
	pthread_mutex_lock(&s->lock);
#endif
	if (number)
		s->first = 1;
	else
		s->second = 1;
#ifdef CORRECT
	pthread_mutex_unlock(&s->lock);
#endif
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_start(set, s, 0);
	tasks_start(set, s, 1);
	tasks_join();
	assert(s->first == 1 && s->second == 1);
	tasks_free(s, sizeof(*s));
	return 0;
}
