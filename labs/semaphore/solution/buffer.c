/* SPDX-License-Identifier: MIT */
#include "buffer.h"

void buffer_put(struct buffer *buffer, long item)
{
	/* BEGIN SOLUTION */
	mp_semaphore_acquire(&buffer->free);
	mp_lock_acquire(&buffer->lock);
	buffer->items[(buffer->first + buffer->count) % buffer->capacity] = item;
	buffer->count++;
	mp_lock_release(&buffer->lock);
	mp_semaphore_release(&buffer->filled);
	/* END SOLUTION */
	(void)buffer;
	(void)item;
}

long buffer_get(struct buffer *buffer)
{
	long item = 0;
	/* BEGIN SOLUTION */
	mp_semaphore_acquire(&buffer->filled);
	mp_lock_acquire(&buffer->lock);
	item = buffer->items[buffer->first];
	buffer->first = (buffer->first + 1) % buffer->capacity;
	buffer->count--;
	mp_lock_release(&buffer->lock);
	mp_semaphore_release(&buffer->free);
	/* END SOLUTION */
	(void)buffer;
	return item;
}
