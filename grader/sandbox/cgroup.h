/* SPDX-License-Identifier: MIT */
/*
 * A control group that holds the memory of one box, in version 2 where a subtree was
 * delegated to us, in version 1 as root.
 *
 *	struct cgroup group = {0};
 *	if (cgroup_create(&group, 1 << 30, &error) == 0 && cgroup_add(&group, pid) == 0)
 *		... after pid and its children ended ...
 *	if (cgroup_ran_out(&group)) ...
 *	cgroup_remove(&group);
 *
 * Groups are made below our own, so that what limits us limits the box as well.
 */
#ifndef INTERLOCK_SANDBOX_CGROUP_H
#define INTERLOCK_SANDBOX_CGROUP_H

#include "base/error.h"

#include <stdbool.h>
#include <sys/types.h>

struct cgroup {
	int version; /* 1 or 2; 0: there is none */
	char path[512];
};

/* Makes a group that can hold memory_bytes, swap included. */
int cgroup_create(struct cgroup *group, long long memory_bytes, struct error *error);

/* Puts a process into the group; its children are born there. -1 with errno. */
int cgroup_add(const struct cgroup *group, pid_t pid);

/* Whether the kernel had to kill for want of memory in the group. */
bool cgroup_ran_out(const struct cgroup *group);

/* Removes the group, which must be empty. Legal on a zeroed one. */
void cgroup_remove(struct cgroup *group);

#endif
