/* SPDX-License-Identifier: MIT */
/*
 * Everything that the box's processes need, worked out before the first fork: after it
 * they allocate nothing and call only what is safe between fork and exec.
 *
 *	struct plan plan;
 *	plan_init(&plan, options);
 *	if (plan_make(&plan, &error) == 0)
 *		... fork; the child calls keeper_run(&plan) ...
 *	plan_release(&plan);
 */
#ifndef INTERLOCK_SANDBOX_PLAN_H
#define INTERLOCK_SANDBOX_PLAN_H

#include "sandbox/box.h"

#include <linux/filter.h>
#include <sys/uio.h>

enum plan_kind { PLAN_FOLDER, PLAN_FILE, PLAN_LINK };

/* A piece of the host's file tree that the box sees. */
struct plan_tree {
	char *path;   /* on the host */
	char *inside; /* relative to the box's root */
	char *target; /* of a symbolic link */
	enum plan_kind kind;
	bool writable, executable, device;
	int fd; /* open_tree() of it, or O_PATH in tier C */
};

/* Written to start_fd by whoever fails before the program runs. */
struct plan_failure {
	int error; /* errno */
	char step[120];
};

/* Written to report_fd by the keeper when the program has ended. */
struct plan_report {
	int status; /* as wait() gives it */
	enum box_limit limit;
	long cpu_ms;
};

struct plan {
	const struct box_options *options;
	struct box_limits limits;
	unsigned layers;
	bool confined; /* tiers A and B: namespaces */
	bool own_root; /* and a file tree of its own */
	bool drop;
	uid_t uid; /* of the box, on the host */
	gid_t gid;
	char uid_map[64], gid_map[64], tmpfs_options[96];
	char **argv, **environment;
	struct plan_tree *trees;
	size_t tree_count;
	const struct plan_tree *work; /* or NULL */
	/* TMPDIR where there is no root of its own, "" elsewhere; removed when the box ends. */
	char scratch[256];
	int landlock_abi;	     /* 0: this kernel has none */
	struct sock_fprog filter;    /* len 0: none */
	const struct cgroup *cgroup; /* or NULL */
	unsigned nproc;		     /* RLIMIT_NPROC */
	int null_fd, start_fd, report_fd, go_fd, output_fd, keeper_fd;
};

/* Decides what is in force; legal to release from here on. */
void plan_init(struct plan *plan, const struct box_options *options);
int plan_make(struct plan *plan, struct error *error);
void plan_release(struct plan *plan);

/* Whether a layer is in force. */
bool plan_has(const struct plan *plan, enum box_layer layer);

/* Writes what failed, with errno, to start_fd and ends the process. */
_Noreturn void plan_fail(const struct plan *plan, const char *step);

#endif
