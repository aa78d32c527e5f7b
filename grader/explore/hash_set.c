/* SPDX-License-Identifier: MIT */
#include "explore/hash_set.h"

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
static uint64_t value_of(uint64_t hash)
{
	return control_mix(hash + 1) | 1;
}

static void grow(struct hash_set *set)
{
	uint32_t room = set->room ? 2 * set->room : 64;
	uint64_t *places = memory_new(room, sizeof *places);
	for (uint32_t i = 0; i < set->room; i++)
		if (set->places[i])
			*place_of(places, room, set->places[i]) = set->places[i];
	free(set->places);
	set->places = places;
	set->room = room;
}

void hash_set_add(struct hash_set *set, uint64_t hash)
{
	if (2 * set->count >= set->room)
		grow(set);
	uint64_t value = value_of(hash);
	uint64_t *place = place_of(set->places, set->room, value);
	set->count += !*place;
	*place = value;
}

bool hash_set_has(const struct hash_set *set, uint64_t hash)
{
	return set->room && *place_of(set->places, set->room, value_of(hash));
}

void hash_set_clear(struct hash_set *set)
{
	if (set->room)
		memset(set->places, 0, set->room * sizeof *set->places);
	set->count = 0;
}

void hash_set_release(struct hash_set *set)
{
	free(set->places);
	*set = (struct hash_set){0};
}
