/* SPDX-License-Identifier: MIT */
#ifndef MP_SHARED_H
#define MP_SHARED_H

/*
 * Memory that the caller shares with every process it starts later: a write by one is
 * seen by all. It is anonymous, so nothing is left in the file system, whatever
 * happens.
 *
 *	int *counter = mp_shared_new(sizeof(*counter));
 *	mp_process_start(&child, add_one, counter);
 *	mp_process_join(&child);
 *	printf("%d\n", *counter);
 *	mp_shared_free(counter);
 *
 * Any thread may make these calls; not for signal handlers. The child of a fork has all of its
 * parent's shared memory, at the same addresses.
 */

#include <mp/language.h>
#include <stddef.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

/*
 * Zeroed shared memory at an address that is a multiple of 64 (a cache line). NULL if
 * bytes is 0 or the system has no memory. Processes that run already do not see it. See
 * mmap(2), MAP_SHARED. Each call maps whole pages: for many small things use an mp_arena.
 */
void *mp_shared_new(size_t bytes) MP_MUST_USE;

/*
 * Unmaps it in the calling process; the others keep theirs. Any process that has it may
 * call it, once. NULL is allowed. MP_BUSY, and nothing happens, while the calling thread
 * holds a lock that lies in it: release it first. (The explore build leaves it to the
 * explorer to tell.) What other processes hold in it stays theirs.
 */
int mp_shared_free(void *memory);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
