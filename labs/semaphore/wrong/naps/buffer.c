/* fails waiting_to_put_costs_nothing: sleeps for a millisecond and looks again */
#include "buffer.h"

#include <time.h>

static const struct timespec moment = {0, 1000000};

void buffer_put(struct buffer *buffer, long item)
{
	mp_lock_acquire(&buffer->lock);
	while (buffer->count == buffer->capacity) {
		mp_lock_release(&buffer->lock);
		nanosleep(&moment, NULL);
		mp_lock_acquire(&buffer->lock);
	}
	buffer->items[(buffer->first + buffer->count) % buffer->capacity] = item;
	buffer->count++;
	mp_lock_release(&buffer->lock);
}

long buffer_get(struct buffer *buffer)
{
	mp_lock_acquire(&buffer->lock);
	while (buffer->count == 0) {
		mp_lock_release(&buffer->lock);
		nanosleep(&moment, NULL);
		mp_lock_acquire(&buffer->lock);
	}
	long item = buffer->items[buffer->first];
	buffer->first = (buffer->first + 1) % buffer->capacity;
	buffer->count--;
	mp_lock_release(&buffer->lock);
	return item;
}
