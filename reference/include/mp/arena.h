/* SPDX-License-Identifier: MIT */
#ifndef MP_ARENA_H
#define MP_ARENA_H

/*
 * A heap in shared memory: mapped once, before the processes start; then any of them takes and
 * gives blocks, which all of them see at the same address.
 *
 *	struct mp_arena *arena = mp_arena_new(1 << 20, NULL);
 *	struct node *node = mp_arena_take(arena, sizeof(*node));   in any process
 *	list->first = node;                                        pointers are good in all of them
 *	mp_arena_give(arena, node);                                in any other
 *	mp_arena_free(arena);
 *
 * Any process or thread that shares it may take and give; not for signal handlers.
 *
 * A process killed in the middle leaves the arena whole; blocks that it had are still taken.
 */

#include <mp/language.h>
#include <mp/status.h>
#include <stddef.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

struct mp_arena;

/* Room for blocks of `bytes` in all. NULL and *status (unless NULL): MP_INVALID, MP_NO_MEMORY. */
struct mp_arena *mp_arena_new(ptrdiff_t bytes, int *status) MP_MUST_USE;

/* Unmaps it in the calling process: as mp_shared_free, also MP_BUSY. NULL is allowed. */
int mp_arena_free(struct mp_arena *arena);

/* Zeroed, at a multiple of 64, so that no two blocks share a cache line. NULL: no room, or 0 bytes. */
void *mp_arena_take(struct mp_arena *arena, size_t bytes) MP_MUST_USE;

/*
 * MP_INVALID if it is no block that is taken: given twice, or not of this arena. MP_BUSY if the
 * calling thread holds a lock that lies in it. NULL is allowed.
 */
int mp_arena_give(struct mp_arena *arena, void *block);

/* Bytes taken at this moment, each block rounded up to a multiple of 64. */
size_t mp_arena_used(struct mp_arena *arena);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
