#include "ring.h"

bool ring_try_put(struct ring *ring, long value)
{
	uint16_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
	uint16_t head = atomic_load_explicit(&ring->head, memory_order_acquire);
	if ((uint16_t)(tail - head) == ring->capacity)
		return false;
	ring->slots[tail % 8] = value;
	atomic_store_explicit(&ring->tail, tail + 1, memory_order_release);
	return true;
}

bool ring_try_get(struct ring *ring, long *value)
{
	uint16_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
	uint16_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
	if (head == tail)
		return false;
	*value = ring->slots[head % 8];
	atomic_store_explicit(&ring->head, head + 1, memory_order_release);
	return true;
}
