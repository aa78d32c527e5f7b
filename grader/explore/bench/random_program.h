/* SPDX-License-Identifier: MIT */
/*
 * Small random programs, and all that they can do: an oracle for the explorer that shares
 * nothing with it.
 *
 *	struct random_program program;
 *	struct outcomes outcomes;
 *	random_program_draw(&program, 7);
 *	random_program_enumerate(&program, &outcomes);
 *	char *text = random_program_text(&program);
 *
 * Tasks work on plain and atomic variables, locks and a semaphore. The text is a C program
 * whose main computes a key of everything that is left at the end, as the enumeration
 * does, and asserts that it is not FORBIDDEN.
 */
#ifndef INTERLOCK_EXPLORE_BENCH_RANDOM_PROGRAM_H
#define INTERLOCK_EXPLORE_BENCH_RANDOM_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	RANDOM_TASKS = 3,
	RANDOM_OPERATIONS = 20, /* of a task, at most */
	RANDOM_PLAIN = 2,
	RANDOM_ATOMIC = 1,
	RANDOM_LOCKS = 2,
};

enum random_kind {
	RANDOM_READ,   /* register = plain[where] */
	RANDOM_WRITE,  /* plain[where] = register + amount */
	RANDOM_UPDATE, /* plain[where] += amount, which is a read and a write */
	RANDOM_FETCH,  /* register = what atomic[where] was; atomic[where] += amount */
	RANDOM_LOCK,
	RANDOM_UNLOCK,
	RANDOM_WAIT,
	RANDOM_POST,
};

struct random_operation {
	enum random_kind kind;
	int where;
	int amount;
};

struct random_program {
	int tasks;
	int lengths[RANDOM_TASKS];
	struct random_operation operations[RANDOM_TASKS][RANDOM_OPERATIONS];
	int semaphore; /* its first value */
};

struct outcomes {
	uint32_t *keys; /* of all states that the program can end in, ascending */
	size_t count;
	bool deadlock; /* some interleaving has no end */
};

/* The program of that seed, always the same. */
void random_program_draw(struct random_program *program, uint64_t seed);

/* Its C source, to be freed by the caller. */
char *random_program_text(const struct random_program *program);

/* Follows every interleaving. The caller releases the outcomes. */
void random_program_enumerate(
	const struct random_program *program, struct outcomes *outcomes);
void outcomes_release(struct outcomes *outcomes);
bool outcomes_have(const struct outcomes *outcomes, uint32_t key);

#endif
