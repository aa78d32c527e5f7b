/* fails lock_is_free_afterwards: at the end of the array get returns with the lock held */
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
	long item = buffer->items[buffer->first];
	buffer->count--;
	mp_semaphore_release(&buffer->free);
	if (++buffer->first == buffer->capacity) {
		buffer->first = 0;
		return item;
	}
	mp_lock_release(&buffer->lock);
	return item;
}
