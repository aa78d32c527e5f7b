/* fails nothing_is_lost_or_doubled: waits for a permission outside the lock when there is none, and then takes another one inside: one is lost each time it had to wait */
#include "buffer.h"

void buffer_put(struct buffer *buffer, long item)
{
	if (mp_semaphore_try_acquire(&buffer->free) != MP_OK) {
		mp_semaphore_acquire(&buffer->free);
		mp_semaphore_release(&buffer->free);
	}
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
