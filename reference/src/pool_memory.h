/* SPDX-License-Identifier: MIT */
#ifndef MP_SRC_POOL_MEMORY_H
#define MP_SRC_POOL_MEMORY_H

/*
 * The shared memory that a pool lends to its jobs. It is mapped before the workers
 * start, far larger than needed: pages cost nothing until they are used. Only the owner
 * takes and gives, and its notes are private, so that no worker can damage them.
 *
 *	struct extent *extent = mp_memory_take(&memory, bytes);
 *	memcpy(extent->address, items, bytes);
 *	mp_memory_give(&memory, extent);
 */

#include <stdbool.h>
#include <stddef.h>

struct extent {
	char *address; /* a multiple of 64 */
	size_t bytes;
	struct extent *next;	 /* the next lower one that is taken */
	struct extent *previous; /* the next higher one; NULL: the top of the memory */
};

struct memory {
	char *base;
	size_t bytes;
	struct extent *first; /* the highest */
	struct extent *rover; /* the search for a gap begins below it; NULL: at the top */
};

/* -1: not even the smallest mapping was to be had. */
int mp_memory_init(struct memory *memory);

/* Not initialised. NULL: no gap is as large. */
struct extent *mp_memory_take(struct memory *memory, size_t bytes);
void mp_memory_give(struct memory *memory, struct extent *extent);

/* The largest extent that could be taken now. */
size_t mp_memory_largest(const struct memory *memory);

/* Unmaps it and frees all extents. */
void mp_memory_release(struct memory *memory);

#endif
