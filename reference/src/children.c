/* SPDX-License-Identifier: MIT */
#include "children.h"

#include "self.h"

#include <mp/process.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pid_t *list; /* guarded by the lock, as is the rest */
static size_t count;
static size_t list_room;

#ifdef MP_EXPLORE

/* There one task runs at a time, and a mutex would be a step of the program's. */
static void enter(void)
{
}
static void leave(void)
{
}
static void make_free(void)
{
}

#else

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void enter(void)
{
	pthread_mutex_lock(&mutex);
}
static void leave(void)
{
	pthread_mutex_unlock(&mutex);
}
static void make_free(void)
{
	pthread_mutex_init(&mutex, NULL);
}

#endif

void mp_children_add(pid_t id)
{
	mp_self(); /* from now on a fork makes its child forget */
	enter();
	if (count == list_room) {
		size_t more = 2 * list_room + 16;
		pid_t *longer = realloc(list, more * sizeof(*list));

		if (longer) {
			list = longer;
			list_room = more;
		}
	}
	if (count < list_room)
		list[count++] = id;
	leave();
}

void mp_children_remove(pid_t id)
{
	size_t i;

	enter();
	for (i = 0; i < count; i++)
		if (list[i] == id) {
			memmove(&list[i], &list[i + 1], (count - i - 1) * sizeof(*list));
			count--;
			break;
		}
	leave();
}

void mp_children_forget(void)
{
	/* Another thread of the parent may have held it. */
	make_free();
	count = 0;
}

size_t mp_children(pid_t *ids, size_t room)
{
	size_t all;

	enter();
	all = count;
	if (room > count)
		room = count;
	if (room > 0)
		memcpy(ids, list, room * sizeof(*ids));
	leave();
	return all;
}
