#include "ring.h"

static uint16_t step(const struct ring *ring, uint16_t place)
{
	return place == ring->capacity ? 0 : (uint16_t)(place + 1);
}

/* The other side's index is looked at only when the last one that was seen does not do. */
bool ring_try_put(struct ring *ring, long value)
{
	uint16_t place = atomic_load_explicit(&ring->tail, memory_order_relaxed);
	uint16_t after = step(ring, place);
	if (after == ring->seen_head)
		ring->seen_head = atomic_load_explicit(&ring->head, memory_order_acquire);
	if (after == ring->seen_head)
		return false;
	ring->slots[place] = value;
	atomic_store_explicit(&ring->tail, after, memory_order_release);
	return true;
}

bool ring_try_get(struct ring *ring, long *value)
{
	uint16_t place = atomic_load_explicit(&ring->head, memory_order_relaxed);
	if (place == ring->seen_tail)
		ring->seen_tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
	if (place == ring->seen_tail)
		return false;
	*value = ring->slots[place];
	atomic_store_explicit(&ring->head, step(ring, place), memory_order_release);
	return true;
}
