/* fails nobody_waits_for_ever: get wakes the producers when the buffer has become empty, once for all */
#include "buffer.h"

void buffer_put(struct buffer *buffer, long item)
{
	mp_lock_acquire(&buffer->lock);
	while (buffer->count == buffer->capacity)
		mp_condition_wait(&buffer->not_full, &buffer->lock);
	buffer->items[(buffer->first + buffer->count) % buffer->capacity] = item;
	buffer->count++;
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
	if (buffer->count == 0)
		mp_condition_notify_all(&buffer->not_full, &buffer->lock);
	mp_lock_release(&buffer->lock);
	return item;
}
