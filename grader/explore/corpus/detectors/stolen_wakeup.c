/* SPDX-License-Identifier: MIT */
/*
 * "if" where "while" belongs: a consumer that was woken finds that another one, who came
 * later, has already taken the item.
 */
#include "../tasks.h"

struct state {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int items;
};

static void produce(void *shared, int items)
{
	struct state *s = shared;

	for (int i = 0; i < items; i++) {
		pthread_mutex_lock(&s->lock);
		s->items++;
		pthread_cond_signal(&s->changed);
		pthread_mutex_unlock(&s->lock);
	}
}

static void consume(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	pthread_mutex_lock(&s->lock);
#ifdef CORRECT
	while (s->items == 0)
#else
	if (s->items == 0)
#endif
		pthread_cond_wait(&s->changed, &s->lock);
	assert(s->items > 0);
	s->items--;
	pthread_mutex_unlock(&s->lock);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_condition(&s->changed);
	tasks_start(consume, s, 0);
	tasks_start(produce, s, 2);
	tasks_start(consume, s, 1);
	tasks_join();
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
