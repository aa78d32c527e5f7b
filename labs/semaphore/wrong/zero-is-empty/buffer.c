/* fails keeps_the_order: a place that holds 0 is a free one */
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
	while (buffer->items[buffer->first] == 0)
		mp_condition_wait(&buffer->not_empty, &buffer->lock);
	long item = buffer->items[buffer->first];
	buffer->items[buffer->first] = 0;
	buffer->first = (buffer->first + 1) % buffer->capacity;
	buffer->count--;
	mp_condition_notify(&buffer->not_full, &buffer->lock, 1);
	mp_lock_release(&buffer->lock);
	return item;
}
