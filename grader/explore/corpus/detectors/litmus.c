/* SPDX-License-Identifier: MIT */
/*
 * Runs a litmus program that is given as arguments, a task each (explore/bench/litmus.h says
 * how). The last atomic store is of a key of all values read and left behind. Built with -DFORK
 * it runs processes, else threads.
 */
#include "../tasks.h"

#include <stdatomic.h>
#include <string.h>

enum { TASKS = 4, OPERATIONS = 5, LOCATIONS = 3 };

struct state {
	atomic_int at[LOCATIONS];
	int read[TASKS][OPERATIONS];
	atomic_uint outcome;
};

static char **programs;

static memory_order order_of(char letter)
{
	switch (letter) {
	case 'a':
		return memory_order_acquire;
	case 'l':
		return memory_order_release;
	case 'b':
		return memory_order_acq_rel;
	case 's':
		return memory_order_seq_cst;
	default:
		return memory_order_relaxed;
	}
}

static memory_order order_of_failure(char letter)
{
	return order_of(letter == 'b' ? 'a' : letter == 'l' ? 'r' : letter);
}

static int operate(struct state *s, const char *word)
{
	atomic_int *at = word[0] == 'F' ? NULL : &s->at[word[1] - 'x'];
	memory_order order = order_of(word[3]);
	int value = word[2] - '0', found = 0;

	switch (word[0]) {
	case 'W':
		atomic_store_explicit(at, value, order);
		break;
	case 'R':
		return atomic_load_explicit(at, order);
	case 'U':
		return atomic_fetch_add_explicit(at, 1, order);
	case 'C':
		atomic_compare_exchange_strong_explicit(
			at, &found, value, order, order_of_failure(word[3]));
		return found;
	case 'D':
		atomic_compare_exchange_weak_explicit(
			at, &found, value, order, order_of_failure(word[3]));
		return found;
	default:
		atomic_thread_fence(order);
	}
	return -1;
}

static void run(void *shared, int number)
{
	struct state *s = shared;
	const char *word = programs[number];

	for (int i = 0; *word; i++) {
		s->read[number][i] = operate(s, word);
		word += word[4] == ' ' ? 5 : 4;
	}
}

int main(int argc, char **argv)
{
	struct state *s = tasks_share(sizeof(*s));
	unsigned key = 0;

	programs = argv + 1;
	for (int i = 0; i < TASKS; i++)
		for (int k = 0; k < OPERATIONS; k++)
			s->read[i][k] = -1;
	for (int i = 0; i + 1 < argc; i++)
		tasks_start(run, s, i);
	tasks_join();
	for (int i = 0; i < TASKS; i++)
		for (int k = 0; k < OPERATIONS; k++)
			if (s->read[i][k] >= 0)
				key = key * 4 + (unsigned)s->read[i][k] % 4;
	for (int i = 0; i < LOCATIONS; i++)
		key = key * 4 + (unsigned)atomic_load(&s->at[i]) % 4;
	atomic_store(&s->outcome, key);
	tasks_free(s, sizeof(*s));
	return 0;
}
