/* SPDX-License-Identifier: MIT */
/*
 * A text is copied into shared memory, which gcc makes a few stores of; the other task looks
 * at its first and its last character. The buggy version takes no lock and sees half of it.
 */
#include "../tasks.h"

#include <string.h>

struct state {
	pthread_mutex_t lock;
	char text[16];
};

static void use(void *shared, int number)
{
	struct state *s = shared;

#ifdef CORRECT
	pthread_mutex_lock(&s->lock);
#endif
	if (number)
		strcpy(s->text, "the answer");
	else
		assert(s->text[0] ? s->text[9] : !s->text[9]);
#ifdef CORRECT
	pthread_mutex_unlock(&s->lock);
#endif
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_start(use, s, 0);
	tasks_start(use, s, 1);
	tasks_join();
	tasks_free(s, sizeof(*s));
	return 0;
}
