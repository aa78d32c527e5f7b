/* fails waiting_to_get_costs_nothing: get gives the processor away and comes back at once, again and again */
#include "buffer.h"

#include <sched.h>

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
	while (mp_semaphore_try_acquire(&buffer->filled) != MP_OK)
		sched_yield();
	mp_lock_acquire(&buffer->lock);
	long item = buffer->items[buffer->first];
	buffer->first = (buffer->first + 1) % buffer->capacity;
	buffer->count--;
	mp_lock_release(&buffer->lock);
	mp_semaphore_release(&buffer->free);
	return item;
}
