/* SPDX-License-Identifier: MIT */
/*
 * What this host gives a sandbox, for people who want a better one.
 *
 *	struct host host;
 *	host_look(&host);
 *	printf("Landlock ABI %d\n", host.landlock_abi);
 */
#ifndef INTERLOCK_SANDBOX_HOST_H
#define INTERLOCK_SANDBOX_HOST_H

#include "base/error.h"

#include <stdbool.h>

/* Who forbids user namespaces to ordinary users, as far as can be told. */
enum host_obstacle {
	HOST_NO_OBSTACLE,
	HOST_SYSCTL, /* kernel.unprivileged_userns_clone or user.max_user_namespaces is 0 */
	HOST_APPARMOR,	/* kernel.apparmor_restrict_unprivileged_userns is 1: Ubuntu */
	HOST_CONTAINER, /* we are in a container, whose runtime filters system calls */
};

struct host {
	bool root;
	bool filtered;	    /* a seccomp filter is on this process already */
	int landlock_abi;   /* 0: none */
	int cgroup_version; /* of the memory cgroup that can be made; 0: none */
	struct error cgroup_reason;
	enum host_obstacle obstacle;
};

void host_look(struct host *host);

/* What to do about an obstacle, in a few lines; "" for none. */
const char *host_advice(enum host_obstacle obstacle);

#endif
