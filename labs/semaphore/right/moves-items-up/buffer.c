/* Keeps the oldest item at place 0 and moves the others up. */
#include "buffer.h"

void buffer_put(struct buffer *buffer, long item)
{
	mp_semaphore_acquire(&buffer->free);
	mp_lock_acquire(&buffer->lock);
	buffer->items[buffer->count] = item;
	buffer->count++;
	mp_lock_release(&buffer->lock);
	mp_semaphore_release(&buffer->filled);
}

long buffer_get(struct buffer *buffer)
{
	mp_semaphore_acquire(&buffer->filled);
	mp_lock_acquire(&buffer->lock);
	long item = buffer->items[0];
	for (int i = 1; i < buffer->count; i++)
		buffer->items[i - 1] = buffer->items[i];
	buffer->count -= 1;
	mp_lock_release(&buffer->lock);
	mp_semaphore_release(&buffer->free);
	return item;
}
