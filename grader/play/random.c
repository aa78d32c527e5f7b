/* SPDX-License-Identifier: MIT */
#include "play/random.h"

uint64_t random_next(uint64_t *state)
{
	uint64_t mixed = *state += 0x9e3779b97f4a7c15u;

	mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
	mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
	return mixed ^ (mixed >> 31);
}

/* Draws that would favour the first numbers are thrown away. */
long random_between(uint64_t *state, long low, long high)
{
	uint64_t span = (uint64_t)high - (uint64_t)low + 1;
	uint64_t excess = span ? (UINT64_MAX % span + 1) % span : 0;
	uint64_t drawn = random_next(state);

	while (span && drawn > UINT64_MAX - excess)
		drawn = random_next(state);
	return (long)((uint64_t)low + (span ? drawn % span : drawn));
}

uint64_t random_seed_for(uint64_t seed, const char *text)
{
	uint64_t state = seed;

	for (; *text; text++) {
		state ^= (unsigned char)*text;
		state = random_next(&state);
	}
	return state;
}
