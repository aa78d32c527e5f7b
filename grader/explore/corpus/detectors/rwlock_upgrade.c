/* SPDX-License-Identifier: MIT */
/*
 * Two readers that both want to become the writer without letting go: each waits for the
 * other to stop reading. The correct ones let go first, and look again.
 */
#include "../tasks.h"

struct state {
	pthread_rwlock_t lock;
	int made;
};

static void make_once(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	pthread_rwlock_rdlock(&s->lock);
	int made = s->made;
#ifdef CORRECT
	pthread_rwlock_unlock(&s->lock);
#endif
	if (!made) {
		pthread_rwlock_wrlock(&s->lock);
		if (!s->made)
			s->made = 1;
#ifdef CORRECT
		pthread_rwlock_unlock(&s->lock);
#endif
	}
#ifndef CORRECT
	pthread_rwlock_unlock(&s->lock);
#endif
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	pthread_rwlockattr_t attributes;
	pthread_rwlockattr_init(&attributes);
	pthread_rwlockattr_setpshared(&attributes, TASKS_SHARED);
	pthread_rwlock_init(&s->lock, &attributes);
	pthread_rwlockattr_destroy(&attributes);
	tasks_start(make_once, s, 0);
	tasks_start(make_once, s, 1);
	tasks_join();
	pthread_rwlock_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
