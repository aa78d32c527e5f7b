/* SPDX-License-Identifier: MIT */
/*
 * A local of main whose address a thread is given: main goes on to use it by name, and the
 * thread by its pointer. The buggy version does not wait for the thread before.
 */
#include <alloca.h>
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#define STRUCT 0
#define ARRAY 1
#define ALLOCA 2
#define VARIABLE 3 /* an array of variable length */
#define PASSED 4   /* by value, to a function */
#define KEPT 5	   /* its address lies in another variable */

struct work {
	int before;
	int count;
	long behind[3];
};

static int count_of(struct work work)
{
	return work.count;
}

static void *add(void *argument)
{
	++*(int *)argument;
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;
	(void)argv;
#if KIND == STRUCT || KIND == PASSED || KIND == KEPT
	struct work work = {0};
#define COUNT work.count
#elif KIND == ARRAY
	int counts[4] = {0};
#define COUNT counts[2]
#elif KIND == ALLOCA
	int *counts = alloca((size_t)argc * sizeof(*counts));
	counts[0] = 0;
#define COUNT counts[0]
#else
	int counts[argc + 3];
	counts[2] = 0;
#define COUNT counts[2]
#endif
	int *argument = &COUNT;
	if (pthread_create(&thread, NULL, add, argument))
		return 2;
#ifdef CORRECT
	pthread_join(thread, NULL);
#endif
	(void)count_of;
#if KIND == PASSED
	int seen = count_of(work);
	work.before = seen;
	assert(seen == 1);
#else
	COUNT += 2;
#endif
#ifndef CORRECT
	pthread_join(thread, NULL);
#endif
#if KIND != PASSED
	assert(COUNT == 3);
#endif
	return 0;
}
