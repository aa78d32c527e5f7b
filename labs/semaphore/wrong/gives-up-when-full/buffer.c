/* fails waits_when_full: put drops the item when the buffer is full */
#include "buffer.h"

void buffer_put(struct buffer *buffer, long item)
{
	if (mp_semaphore_try_acquire(&buffer->free) != MP_OK)
		return;
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
	buffer->first = (buffer->first + 1) % buffer->capacity;
	buffer->count--;
	mp_lock_release(&buffer->lock);
	mp_semaphore_release(&buffer->free);
	return item;
}
