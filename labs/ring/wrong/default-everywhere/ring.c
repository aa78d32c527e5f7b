/* fails orders_no_more: every access is sequentially consistent */
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
	uint16_t tail = atomic_load(&ring->tail);
	uint16_t head = atomic_load(&ring->head);
	if (tail != head && tail % ring->capacity == head % ring->capacity)
		return false;
	ring->slots[tail % ring->capacity] = value;
	atomic_store(&ring->tail, next(ring, tail));
	return true;
}

bool ring_try_get(struct ring *ring, long *value)
{
	uint16_t head = atomic_load(&ring->head);
	uint16_t tail = atomic_load(&ring->tail);
	if (head == tail)
		return false;
	*value = ring->slots[head % ring->capacity];
	atomic_store(&ring->head, next(ring, head));
	return true;
}
