/* SPDX-License-Identifier: MIT */
/*
 * A control group that holds the memory of one box, in version 2 where a subtree was
 * delegated to us, in version 1 as root.
 *
 *	struct cgroup group = {0};
 *	if (cgroup_create(&group, 1 << 30, &error) == 0)
 *		... a child calls cgroup_enter(&group), its children are born there ...
 *	if (cgroup_ran_out(&group)) ...
 *	cgroup_remove(&group);
 *
 * Groups are made below our own, so that what limits us limits the box as well.
 */
#ifndef INTERLOCK_SANDBOX_CGROUP_H
#define INTERLOCK_SANDBOX_CGROUP_H

#include "base/error.h"

#include <stdbool.h>

struct cgroup {
	int version; /* 1 or 2; 0: there is none */
	char path[512];
	int lock; /* a descriptor of the path, locked as long as its owner lives */
};

/* Makes a group that can hold memory_bytes, swap included. */
int cgroup_create(struct cgroup *group, long long memory_bytes, struct error *error);

/* In version 2, below the group with that folder or, if that is where we moved ourselves, beside
 * it. The folder's processes are moved aside where it has no memory controller to give yet.
 * -1 with errno; cgroup_remove() is due then, too. */
int cgroup_create_below(struct cgroup *group, const char *own, long long memory_bytes);

/*
 * In a child of one thread: 0 when the calling process is in the group. In version 2 that
 * is a new child of the caller's parent, whose number the old process writes to pid_fd
 * before it exits. Moving a process by its number, the ordinary way, waits for every
 * other processor (12 ms here); these two ways do not. -1 with errno.
 */
int cgroup_enter(const struct cgroup *group, int pid_fd);

/* Whether the kernel had to kill for want of memory in the group. */
bool cgroup_ran_out(const struct cgroup *group);

/* Removes the group, which must be empty. Legal on a zeroed one. */
void cgroup_remove(struct cgroup *group);

#endif
