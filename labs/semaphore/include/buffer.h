/* SPDX-License-Identifier: MIT */
/*
 * A bounded buffer in shared memory: producers put items in, consumers get them out.
 *
 *	struct buffer *buffer = mp_shared_new(sizeof(*buffer));
 *	buffer_init(buffer, 8);
 *	buffer_put(buffer, 4711);
 *	printf("%ld\n", buffer_get(buffer));
 */
#ifndef BUFFER_H
#define BUFFER_H

#include <mp/condition.h>
#include <mp/lock.h>
#include <mp/semaphore.h>

enum { BUFFER_MOST = 16 };

/* There are two ways to wait here, semaphores and conditions. Use what you need. */
struct buffer {
	int capacity; /* from 1 to BUFFER_MOST; fixed */
	int first;    /* index of the oldest item; 0 at first */
	int count;    /* items that are in; 0 at first */
	long items[BUFFER_MOST];
	struct mp_lock lock;
	struct mp_semaphore free;   /* `capacity` permissions at first */
	struct mp_semaphore filled; /* no permission at first */
	struct mp_condition not_full;
	struct mp_condition not_empty;
};

/* Makes an empty buffer for `capacity` items. It is given. */
static inline void buffer_init(struct buffer *buffer, int capacity)
{
	*buffer = (struct buffer){.capacity = capacity};
	mp_lock_init(&buffer->lock);
	mp_semaphore_init(&buffer->free, capacity);
	mp_semaphore_init(&buffer->filled, 0);
	mp_condition_init(&buffer->not_full);
	mp_condition_init(&buffer->not_empty);
}

/* Puts an item behind those that are in; if the buffer is full, sleeps until it is not. */
void buffer_put(struct buffer *buffer, long item);

/* Takes the oldest item out; if there is none, sleeps until there is one. */
long buffer_get(struct buffer *buffer);

#endif
