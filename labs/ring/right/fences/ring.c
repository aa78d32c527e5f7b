#include "ring.h"

static uint16_t next(const struct ring *ring, uint16_t index)
{
	index++;
	if (index == 2 * ring->capacity)
		index = 0;
	return index;
}

bool ring_try_put(struct ring *ring, long value)
{
	uint16_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
	uint16_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
	atomic_thread_fence(memory_order_acquire);
	if (tail != head && tail % ring->capacity == head % ring->capacity)
		return false;
	ring->slots[tail % ring->capacity] = value;
	atomic_thread_fence(memory_order_release);
	atomic_store_explicit(&ring->tail, next(ring, tail), memory_order_relaxed);
	return true;
}

bool ring_try_get(struct ring *ring, long *value)
{
	uint16_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
	uint16_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
	if (head == tail)
		return false;
	atomic_thread_fence(memory_order_acquire);
	*value = ring->slots[head % ring->capacity];
	atomic_thread_fence(memory_order_release);
	atomic_store_explicit(&ring->head, next(ring, head), memory_order_relaxed);
	return true;
}
