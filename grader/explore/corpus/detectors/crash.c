/* SPDX-License-Identifier: MIT */
/*
 * A division by what another task may have made zero, and an abort without an assertion.
 * MODE 0: the division, 1: the abort, 2: an exit status that says failure.
 */
#include "../tasks.h"
#include <stdatomic.h>

#ifndef MODE
#define MODE 0
#endif

struct state {
	atomic_int divisor;
	atomic_int quotient;
};

static void clear(void *shared, int number)
{
	struct state *s = shared;

#ifdef CORRECT
	number = 2;
#endif
	atomic_store(&s->divisor, number);
}

static void divide(void *shared, int number)
{
	struct state *s = shared;
	int divisor = atomic_load(&s->divisor);

	if (divisor == 0 && MODE == 1)
		abort();
	if (divisor == 0 && MODE == 2)
		exit(3);
	atomic_store(&s->quotient, number / divisor);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	atomic_init(&s->divisor, 1);
	tasks_start(clear, s, 0);
	tasks_start(divide, s, 10);
	tasks_join();
	tasks_free(s, sizeof(*s));
	return 0;
}
