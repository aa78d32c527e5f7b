/* As the solution, with names put together, lines spliced and a pragma in a macro. */
#include "buffer.h"

#define JOIN(a, b) a##b
#define WITHOUT(warning) _Pragma(#warning)

WITHOUT(GCC diagnostic push)
WITHOUT(GCC diagnostic ignored "-Wmissing-prototypes")

void JOIN(buffer_, \
	put)(struct buffer *buffer, long item)
{
	mp_semaphore_acquire(&buffer->free);
	mp_lock_acquire(&buffer->lock);
	buffer->items[(buffer->first + buffer->count) % buffer->capacity] = item;
	buffer->count++;
	mp_lock_release(&buffer->lock);
	mp_semaphore_release(&buffer->filled);
	(void)buffer;
	(void)item;
}

long JOIN(buffer_, \
	get)(struct buffer *buffer)
{
	long item = 0;
	mp_semaphore_acquire(&buffer->filled);
	mp_lock_acquire(&buffer->lock);
	item = buffer->items[buffer->first];
	buffer->first = (buffer->first + 1) % buffer->capacity;
	buffer->count--;
	mp_lock_release(&buffer->lock);
	mp_semaphore_release(&buffer->free);
	(void)buffer;
	return item;
}

WITHOUT(GCC diagnostic pop)
