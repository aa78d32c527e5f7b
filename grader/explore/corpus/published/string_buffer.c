/* SPDX-License-Identifier: MIT */
/*
 * A class library's string buffer: append asks the other buffer for its length and then
 * for its characters, each under that buffer's lock; between the two it may shrink.
 */
#include "../tasks.h"
#include <string.h>

#define SIZE 16

struct buffer {
	pthread_mutex_t lock;
	int length;
	char text[SIZE];
};

struct state {
	struct buffer from;
	struct buffer to;
};

static void append(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	pthread_mutex_lock(&s->to.lock);
	pthread_mutex_lock(&s->from.lock);
	int length = s->from.length;
#ifndef CORRECT
	pthread_mutex_unlock(&s->from.lock);
	pthread_mutex_lock(&s->from.lock);
#endif
	assert(length <= s->from.length);
	memcpy(s->to.text + s->to.length, s->from.text, (size_t)length);
	s->to.length += length;
	pthread_mutex_unlock(&s->from.lock);
	pthread_mutex_unlock(&s->to.lock);
}

static void erase(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	pthread_mutex_lock(&s->from.lock);
	s->from.length = 0;
	pthread_mutex_unlock(&s->from.lock);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->from.lock);
	tasks_mutex(&s->to.lock);
	strcpy(s->from.text, "abc");
	s->from.length = 3;
	tasks_start(append, s, 0);
	tasks_start(erase, s, 1);
	tasks_join();
	pthread_mutex_destroy(&s->from.lock);
	pthread_mutex_destroy(&s->to.lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
