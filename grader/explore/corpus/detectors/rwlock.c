/* SPDX-License-Identifier: MIT */
/*
 * A value under a reader-writer lock. The buggy writer only locks for reading, so two
 * writers can be inside at once.
 */
#include "../tasks.h"

struct state {
	pthread_rwlock_t lock;
	int value;
};

static void write_value(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
#ifdef CORRECT
	pthread_rwlock_wrlock(&s->lock);
#else
	pthread_rwlock_rdlock(&s->lock);
#endif
	s->value++;
	pthread_rwlock_unlock(&s->lock);
}

static void read_value(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	pthread_rwlock_rdlock(&s->lock);
	int value = s->value;
	assert(s->value == value);
	pthread_rwlock_unlock(&s->lock);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));
	pthread_rwlockattr_t attributes;

	pthread_rwlockattr_init(&attributes);
	pthread_rwlockattr_setpshared(&attributes, TASKS_SHARED);
	pthread_rwlock_init(&s->lock, &attributes);
	pthread_rwlockattr_destroy(&attributes);
	tasks_start(write_value, s, 0);
	tasks_start(write_value, s, 1);
	tasks_start(read_value, s, 2);
	tasks_join();
	assert(s->value == 2);
	pthread_rwlock_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
