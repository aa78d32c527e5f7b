/* fails waiting_for_the_lock_costs_nothing: tries the lock in a loop in place of waiting for it */
#include "buffer.h"

void buffer_put(struct buffer *buffer, long item)
{
	mp_semaphore_acquire(&buffer->free);
	while (mp_lock_try_acquire(&buffer->lock) != MP_OK)
		continue;
	buffer->items[(buffer->first + buffer->count) % buffer->capacity] = item;
	buffer->count++;
	mp_lock_release(&buffer->lock);
	mp_semaphore_release(&buffer->filled);
}

long buffer_get(struct buffer *buffer)
{
	mp_semaphore_acquire(&buffer->filled);
	while (mp_lock_try_acquire(&buffer->lock) != MP_OK)
		continue;
	long item = buffer->items[buffer->first];
	buffer->first = (buffer->first + 1) % buffer->capacity;
	buffer->count--;
	mp_lock_release(&buffer->lock);
	mp_semaphore_release(&buffer->free);
	return item;
}
