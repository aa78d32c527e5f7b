/* SPDX-License-Identifier: MIT */
/* Two threads, each with a coroutine of its own on a stack that it has allocated. */
#include "../tasks.h"

#include <ucontext.h>

enum { STACK = 1 << 16, TURNS = 2 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int count;
static __thread ucontext_t outside, inside;

static void body(void)
{
	for (int i = 0; i < TURNS; i++) {
#ifdef CORRECT
		pthread_mutex_lock(&mutex);
		count++;
		pthread_mutex_unlock(&mutex);
#else
		count++;
#endif
		swapcontext(&inside, &outside);
	}
}

static void *run(void *argument)
{
	char *stack = malloc(STACK);

	getcontext(&inside);
	inside.uc_stack.ss_sp = stack;
	inside.uc_stack.ss_size = STACK;
	inside.uc_link = &outside;
	makecontext(&inside, body, 0);
	for (int i = 0; i < TURNS; i++)
		swapcontext(&outside, &inside);
	free(stack);
	return argument;
}

int main(void)
{
	pthread_t thread;

	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
	pthread_create(&thread, NULL, run, NULL);
	run(NULL);
	pthread_join(thread, NULL);
	assert(count == 2 * TURNS);
	return 0;
}
