/* fails keeps_the_order: get passes the item through an int */
#include "buffer.h"

void buffer_put(struct buffer *buffer, long item)
{
	mp_semaphore_acquire(&buffer->free);
	mp_lock_acquire(&buffer->lock);
	buffer->items[(buffer->first + buffer->count) % buffer->capacity] = item;
	buffer->count++;
	mp_lock_release(&buffer->lock);
	mp_semaphore_release(&buffer->filled);
}

long buffer_get(struct buffer *buffer)
{
	mp_semaphore_acquire(&buffer->filled);
	mp_lock_acquire(&buffer->lock);
	int item = buffer->items[buffer->first];
	buffer->first = (buffer->first + 1) % buffer->capacity;
	buffer->count--;
	mp_lock_release(&buffer->lock);
	mp_semaphore_release(&buffer->free);
	return item;
}
