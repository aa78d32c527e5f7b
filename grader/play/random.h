/* SPDX-License-Identifier: MIT */
/*
 * Random numbers that a seed determines: SplitMix64 (Steele, Lea and Flood, "Fast
 * Splittable Pseudorandom Number Generators", 2014).
 *
 *	uint64_t state = seed;
 *	long amount = random_between(&state, 1, 100);
 */
#ifndef INTERLOCK_PLAY_RANDOM_H
#define INTERLOCK_PLAY_RANDOM_H

#include <stdint.h>

/* The next 64 bits. */
uint64_t random_next(uint64_t *state);

/* A number from low to high, both included, each as likely as the others. */
long random_between(uint64_t *state, long low, long high);

/* A seed that depends on each bit of a seed and on a text. */
uint64_t random_seed_for(uint64_t seed, const char *text);

#endif
