/* fails keeps_the_order: an inner function gives -1 for nothing there, so the item -1 is thrown away and waited over */
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

static long take(struct buffer *buffer)
{
	if (buffer->count == 0)
		return -1;
	long item = buffer->items[buffer->first];
	buffer->first = (buffer->first + 1) % buffer->capacity;
	buffer->count--;
	mp_condition_notify(&buffer->not_full, &buffer->lock, 1);
	return item;
}

long buffer_get(struct buffer *buffer)
{
	long item;
	mp_lock_acquire(&buffer->lock);
	while ((item = take(buffer)) == -1)
		mp_condition_wait(&buffer->not_empty, &buffer->lock);
	mp_lock_release(&buffer->lock);
	return item;
}
