/* SPDX-License-Identifier: MIT */
/*
 * Classic litmus tests on sequentially consistent atomics: none of the forbidden outcomes
 * can be seen. TEST 0: store buffering, 1: load buffering, 2: message passing, 3: two
 * writers seen in opposite orders by two readers. The buggy programs forbid an outcome
 * that sequential consistency allows.
 */
#include "../tasks.h"
#include <stdatomic.h>

#ifndef TEST
#define TEST 0
#endif

struct state {
	atomic_int x;
	atomic_int y;
	int seen[4];
};

static void run(void *shared, int number)
{
	struct state *s = shared;
	atomic_int *one = number % 2 ? &s->y : &s->x;
	atomic_int *other = number % 2 ? &s->x : &s->y;

	switch (TEST * 4 + number) {
	case 0:
	case 1:
		atomic_store(one, 1);
		s->seen[number] = atomic_load(other);
		break;
	case 4:
	case 5:
		s->seen[number] = atomic_load(one);
		atomic_store(other, 1);
		break;
	case 8:
		atomic_store(&s->x, 1);
		atomic_store(&s->y, 1);
		break;
	case 9:
		s->seen[0] = atomic_load(&s->y);
		s->seen[1] = atomic_load(&s->x);
		break;
	case 12:
	case 13:
		atomic_store(one, 1);
		break;
	case 14:
		s->seen[0] = atomic_load(&s->x);
		s->seen[1] = atomic_load(&s->y);
		break;
	case 15:
		s->seen[2] = atomic_load(&s->y);
		s->seen[3] = atomic_load(&s->x);
		break;
	}
}

static int forbidden(const int *seen)
{
#ifdef CORRECT
	static const int outcomes[4][4] = {
		{0, 0, 0, 0}, {1, 1, 0, 0}, {1, 0, 0, 0}, {1, 0, 1, 0}};
#else
	static const int outcomes[4][4] = {
		{1, 1, 0, 0}, {0, 1, 0, 0}, {0, 1, 0, 0}, {1, 1, 1, 0}};
#endif

	for (int i = 0; i < 4; i++)
		if (seen[i] != outcomes[TEST][i])
			return 0;
	return 1;
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	for (int i = 0; i < (TEST == 3 ? 4 : 2); i++)
		tasks_start(run, s, i);
	tasks_join();
	assert(!forbidden(s->seen));
	tasks_free(s, sizeof(*s));
	return 0;
}
