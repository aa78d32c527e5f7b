/* The critical section is a helper of its own, and the semaphores are released inside it. */
#include "buffer.h"

static void enter(struct buffer *buffer, struct mp_semaphore *permission)
{
	mp_semaphore_acquire(permission);
	mp_lock_acquire(&buffer->lock);
}

static void leave(struct buffer *buffer, struct mp_semaphore *other)
{
	mp_semaphore_release(other);
	mp_lock_release(&buffer->lock);
}

void buffer_put(struct buffer *buffer, long item)
{
	enter(buffer, &buffer->free);
	int place = buffer->first + buffer->count++;
	if (place >= buffer->capacity)
		place -= buffer->capacity;
	buffer->items[place] = item;
	leave(buffer, &buffer->filled);
}

long buffer_get(struct buffer *buffer)
{
	enter(buffer, &buffer->filled);
	const long item = buffer->items[buffer->first++];
	if (buffer->first == buffer->capacity)
		buffer->first = 0;
	--buffer->count;
	leave(buffer, &buffer->free);
	return item;
}
