/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/player.h>

#include <sched.h>
#include <stddef.h>

static int alone(void *argument)
{
	struct work *work = argument;
	struct ring *ring = &work->rings[0];

	for (long i = 0; i < work->calls_count; i++) {
		struct call *call = &work->calls[i];
		if (call->puts)
			call->returned = ring_try_put(ring, call->value);
		else
			call->returned = ring_try_get(ring, &call->value);
	}
	return 0;
}

/* The ring is filled and emptied, again and again. */
static int endless(void *argument)
{
	struct work *work = argument;
	struct ring *ring = &work->rings[0];

	for (long i = 0; i < work->rounds && !work->failed_in; i += ring->capacity) {
		bool right = true;
		for (long j = i; j < i + ring->capacity; j++)
			right &= ring_try_put(ring, work->first + j);
		right &= !ring_try_put(ring, 0);
		for (long j = i; j < i + ring->capacity; j++) {
			long value = 0;
			right &= ring_try_get(ring, &value) && value == work->first + j;
		}
		if (!right)
			work->failed_in = i + 1;
	}
	return 0;
}

static int producer(void *argument)
{
	struct work *work = argument;

	for (long i = 0; i < work->count; i++)
		while (!ring_try_put(&work->rings[0], work->values[i]))
			sched_yield();
	return 0;
}

static int consumer(void *argument)
{
	struct work *work = argument;

	for (long i = 0; i < work->count; i++)
		while (!ring_try_get(&work->rings[0], &work->received[i]))
			sched_yield();
	long value;
	work->one_more = ring_try_get(&work->rings[0], &value);
	return 0;
}

/* Each is the producer of one ring and the consumer of the other. */
static void put_and_look(struct work *work, int own)
{
	long value;

	ring_try_put(&work->rings[own], own);
	work->found[own] = ring_try_get(&work->rings[1 - own], &value);
}

static int first_looks(void *argument)
{
	put_and_look(argument, 0);
	return 0;
}

static int second_looks(void *argument)
{
	put_and_look(argument, 1);
	return 0;
}

const struct player_entry player_entries[] = {
	{"alone", alone},
	{"endless", endless},
	{"producer", producer},
	{"consumer", consumer},
	{"first_looks", first_looks},
	{"second_looks", second_looks},
	{NULL, NULL},
};
