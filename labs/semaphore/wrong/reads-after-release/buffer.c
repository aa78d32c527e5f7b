/* fails nothing_is_lost_or_doubled: get reads its item when it has let go of the lock: with two consumers a place is given free that another one still reads */
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
	int place = buffer->first;
	buffer->first = (buffer->first + 1) % buffer->capacity;
	buffer->count--;
	mp_lock_release(&buffer->lock);
	long item = buffer->items[place];
	mp_semaphore_release(&buffer->free);
	return item;
}
