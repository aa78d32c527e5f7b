/* SPDX-License-Identifier: MIT */
#include "explore/outcomes.h"

#include "base/memory.h"
#include "explore/control.h"

#include <stdlib.h>
#include <string.h>

/* Where it is kept, or has its place. */
static uint64_t *place_of(uint64_t *places, uint32_t room, uint64_t value)
{
	uint32_t slot = (uint32_t)value & (room - 1);
	while (places[slot] && places[slot] != value)
		slot = (slot + 1) & (room - 1);
	return &places[slot];
}

/* None is 0, which means a free place. */
static uint64_t value_of(uint64_t outcome)
{
	return control_mix(outcome + 1) | 1;
}

static void grow(struct outcomes *outcomes)
{
	uint32_t room = outcomes->room ? 2 * outcomes->room : 64;
	uint64_t *places = memory_new(room, sizeof *places);
	for (uint32_t i = 0; i < outcomes->room; i++)
		if (outcomes->places[i])
			*place_of(places, room, outcomes->places[i]) =
				outcomes->places[i];
	free(outcomes->places);
	outcomes->places = places;
	outcomes->room = room;
}

void outcomes_add(struct outcomes *outcomes, uint64_t outcome)
{
	if (2 * outcomes->count >= outcomes->room)
		grow(outcomes);
	uint64_t value = value_of(outcome);
	uint64_t *place = place_of(outcomes->places, outcomes->room, value);
	outcomes->count += !*place;
	*place = value;
}

bool outcomes_have(const struct outcomes *outcomes, uint64_t outcome)
{
	return outcomes->room &&
	       *place_of(outcomes->places, outcomes->room, value_of(outcome));
}

void outcomes_clear(struct outcomes *outcomes)
{
	if (outcomes->room)
		memset(outcomes->places, 0, outcomes->room * sizeof *outcomes->places);
	outcomes->count = 0;
}

void outcomes_release(struct outcomes *outcomes)
{
	free(outcomes->places);
	*outcomes = (struct outcomes){0};
}
