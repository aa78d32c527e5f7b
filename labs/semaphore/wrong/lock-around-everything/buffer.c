/* fails waits_without_the_lock: holds the lock from the first line of each function to the last */
#include "buffer.h"

void buffer_put(struct buffer *buffer, long item)
{
	mp_lock_acquire(&buffer->lock);
	mp_semaphore_acquire(&buffer->free);
	buffer->items[(buffer->first + buffer->count) % buffer->capacity] = item;
	buffer->count++;
	mp_semaphore_release(&buffer->filled);
	mp_lock_release(&buffer->lock);
}

long buffer_get(struct buffer *buffer)
{
	mp_lock_acquire(&buffer->lock);
	mp_semaphore_acquire(&buffer->filled);
	long item = buffer->items[buffer->first];
	buffer->first = (buffer->first + 1) % buffer->capacity;
	buffer->count--;
	mp_semaphore_release(&buffer->free);
	mp_lock_release(&buffer->lock);
	return item;
}
