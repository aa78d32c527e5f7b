/* SPDX-License-Identifier: MIT */
#include "children.h"

#include "self.h"

#include <mp/process.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* guards the rest */
static pid_t *list;
static size_t count;
static size_t list_room;

void mp_children_add(pid_t id)
{
	mp_self(); /* from now on a fork makes its child forget */
	pthread_mutex_lock(&mutex);
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
	pthread_mutex_unlock(&mutex);
}

void mp_children_remove(pid_t id)
{
	size_t i;

	pthread_mutex_lock(&mutex);
	for (i = 0; i < count; i++)
		if (list[i] == id) {
			memmove(&list[i], &list[i + 1], (count - i - 1) * sizeof(*list));
			count--;
			break;
		}
	pthread_mutex_unlock(&mutex);
}

void mp_children_forget(void)
{
	/* Another thread of the parent may have held it. */
	pthread_mutex_init(&mutex, NULL);
	count = 0;
}

size_t mp_children(pid_t *ids, size_t room)
{
	size_t all;

	pthread_mutex_lock(&mutex);
	all = count;
	if (room > count)
		room = count;
	if (room > 0)
		memcpy(ids, list, room * sizeof(*ids));
	pthread_mutex_unlock(&mutex);
	return all;
}
