/* SPDX-License-Identifier: MIT */
/*
 * A count in a struct of SIZE bytes that is handed to a function by value and comes back as
 * its result: compilers announce neither the copy that is passed nor the one that is stored.
 * The function is called by its name, by a pointer, or with the struct among variable
 * arguments. The buggy version takes no lock, so that updates are lost.
 */
#include "../tasks.h"

#include <stdarg.h>

#ifndef SIZE
#define SIZE 4
#endif

struct count {
	unsigned char bytes[SIZE];
};

struct state {
	pthread_mutex_t lock;
	struct count count;
};

static struct count plus(struct count count, int amount)
{
	count.bytes[0] = (unsigned char)(count.bytes[0] + amount);
	count.bytes[SIZE - 1] = count.bytes[0];
	return count;
}

#ifdef VARIABLE
static struct count add(int amount, ...)
{
	va_list arguments;

	va_start(arguments, amount);
	struct count count = va_arg(arguments, struct count);
	va_end(arguments);
	return plus(count, amount);
}
#define ADDED(count) add(1, count)
#elif defined(POINTER)
static struct count (*add)(struct count, int) = plus;
#define ADDED(count) add(count, 1)
#else
#define ADDED(count) plus(count, 1)
#endif

static void update(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
#ifdef CORRECT
	pthread_mutex_lock(&s->lock);
#endif
	s->count = ADDED(s->count);
#ifdef CORRECT
	pthread_mutex_unlock(&s->lock);
#endif
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_start(update, s, 0);
	tasks_start(update, s, 1);
	tasks_join();
	assert(s->count.bytes[0] == 2);
	tasks_free(s, sizeof(*s));
	return 0;
}
