/* SPDX-License-Identifier: MIT */
#ifndef MP_SRC_CHILDREN_H
#define MP_SRC_CHILDREN_H

/*
 * The list behind mp_children: ids of what this process has started and not joined. Private
 * memory, guarded by a mutex of its own, since any thread may start processes.
 *
 *	mp_children_add(id);
 *	mp_children_remove(id);
 */

#include <sys/types.h>

/* Without memory for it the id is not listed. */
void mp_children_add(pid_t id);
void mp_children_remove(pid_t id);

/* In the child of a fork, which has none. */
void mp_children_forget(void);

#endif
