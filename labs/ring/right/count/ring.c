#include "ring.h"

static uint16_t after(const struct ring *ring, uint16_t place)
{
	return (uint16_t)((place + 1) % ring->capacity);
}

bool ring_try_put(struct ring *ring, long value)
{
	if (atomic_load_explicit(&ring->count, memory_order_acquire) == ring->capacity)
		return false;
	ring->slots[ring->seen_head] = value;
	ring->seen_head = after(ring, ring->seen_head);
	atomic_fetch_add_explicit(&ring->count, 1, memory_order_release);
	return true;
}

bool ring_try_get(struct ring *ring, long *value)
{
	if (atomic_load_explicit(&ring->count, memory_order_acquire) == 0)
		return false;
	*value = ring->slots[ring->seen_tail];
	ring->seen_tail = after(ring, ring->seen_tail);
	atomic_fetch_sub_explicit(&ring->count, 1, memory_order_release);
	return true;
}
