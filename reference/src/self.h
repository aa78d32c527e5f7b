/* SPDX-License-Identifier: MIT */
#ifndef MP_SRC_SELF_H
#define MP_SRC_SELF_H

/*
 * Who the caller is: its kernel thread id, which is what stands in a lock word, and the
 * list of locks that the kernel will look through when the caller dies
 * (set_robust_list(2)).
 *
 *	struct mp_self *self = mp_self();
 *	if ((word & FUTEX_TID_MASK) == self->id)
 *		return MP_DEADLOCK;
 */

#include <linux/futex.h>
#include <stdbool.h>
#include <stddef.h>

struct mp_self {
	unsigned id; /* 0: not filled in yet, or forgotten by a fork */
	struct robust_list_head *robust; /* NULL in the explore build */
	bool daemon;			 /* started with mp_process_start_daemon */
};

extern _Thread_local struct mp_self mp_self_of_thread;

/* Fills in the calling thread's entry. */
void mp_self_find(void);

/* Whether the calling thread holds a lock that lies in this memory. Not known when exploring. */
bool mp_self_holds_within(const void *memory, size_t bytes);

static inline struct mp_self *mp_self(void)
{
	if (__builtin_expect(mp_self_of_thread.id == 0, 0))
		mp_self_find();
	return &mp_self_of_thread;
}

#endif
