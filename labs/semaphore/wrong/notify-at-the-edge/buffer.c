/* fails nobody_waits_for_ever: put wakes one who waits only if the buffer was empty, though several may wait */
#include "buffer.h"

void buffer_put(struct buffer *buffer, long item)
{
	mp_lock_acquire(&buffer->lock);
	while (buffer->count == buffer->capacity)
		mp_condition_wait(&buffer->not_full, &buffer->lock);
	buffer->items[(buffer->first + buffer->count) % buffer->capacity] = item;
	buffer->count++;
	if (buffer->count == 1)
		mp_condition_notify(&buffer->not_empty, &buffer->lock, 1);
	mp_lock_release(&buffer->lock);
}

long buffer_get(struct buffer *buffer)
{
	mp_lock_acquire(&buffer->lock);
	while (buffer->count == 0)
		mp_condition_wait(&buffer->not_empty, &buffer->lock);
	long item = buffer->items[buffer->first];
	buffer->first = (buffer->first + 1) % buffer->capacity;
	buffer->count--;
	if (buffer->count == buffer->capacity - 1)
		mp_condition_notify(&buffer->not_full, &buffer->lock, 1);
	mp_lock_release(&buffer->lock);
	return item;
}
