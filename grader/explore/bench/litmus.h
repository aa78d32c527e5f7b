/* SPDX-License-Identifier: MIT */
/*
 * Litmus programs, and all that RC11 lets them end with: an oracle for the explorer that
 * shares nothing with it. It tries every choice of what is read from where and every order of
 * stores against the axioms of Lahav, Vafeiadis, Kang, Hur and Dreyer, "Repairing sequential
 * consistency in C/C++11", PLDI 2017.
 *
 *	struct litmus litmus = {0};
 *	litmus_add(&litmus, "Wx1r Ry-r");	one task: store x = 1, load y
 *	litmus_add(&litmus, "Wy1r Rx-r");
 *	litmus_enumerate(&litmus, &outcomes);
 *
 * An operation is a kind (W store, R load, U fetch_add 1, C and D strong and weak
 * compare-and-swap from 0 to the value, F fence), a location (x, y, z), a value, and an order
 * (r relaxed, a acquire, l release, b both, s sequentially consistent). corpus/detectors/
 * litmus.c runs the same words.
 */
#ifndef INTERLOCK_EXPLORE_BENCH_LITMUS_H
#define INTERLOCK_EXPLORE_BENCH_LITMUS_H

#include <stdbool.h>
#include <stdint.h>

enum {
	LITMUS_TASKS = 4,
	LITMUS_OPERATIONS = 5, /* of a task */
	LITMUS_LOCATIONS = 3,
	LITMUS_EVENTS = 20, /* with the first value of each location */
	LITMUS_OUTCOMES = 1 << 10,
};

struct litmus_operation {
	char kind, order;
	int where, value;
};

struct litmus {
	int tasks;
	int lengths[LITMUS_TASKS];
	struct litmus_operation operations[LITMUS_TASKS][LITMUS_OPERATIONS];
};

/* Each is all values read, in the order of tasks and operations, two bits each, and then the
 * last value of each location. */
struct litmus_outcomes {
	uint32_t keys[LITMUS_OUTCOMES];
	int count;
};

/* False if the words are none, or too many. */
bool litmus_add(struct litmus *litmus, const char *words);

void litmus_enumerate(const struct litmus *litmus, struct litmus_outcomes *outcomes);

void litmus_outcome_add(struct litmus_outcomes *outcomes, uint32_t key);
bool litmus_outcome_is(const struct litmus_outcomes *outcomes, uint32_t key);

#endif
