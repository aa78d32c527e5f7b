/* SPDX-License-Identifier: MIT */
/*
 * The steps that a process takes on its way into the box, in the order they are taken.
 * Each ends the process through plan_fail() when it cannot be done; none allocates.
 *
 *	keeper_run(plan);	drop, clone the namespaces, then in the new PID 1:
 *	    root_build(plan);		the box's own file tree
 *	    program_run(plan);		in the child: limits, Landlock, seccomp, exec
 *	    keeper_watch(...);		in PID 1: reap, watch, report
 */
#ifndef INTERLOCK_SANDBOX_INSIDE_H
#define INTERLOCK_SANDBOX_INSIDE_H

#include "sandbox/plan.h"

/* The first child of the grader; what it does next depends on the tier. */
_Noreturn void keeper_run(struct plan *plan);

/* Supervises the program until it has ended or a limit ends it, and reports. */
_Noreturn void keeper_watch(const struct plan *plan, pid_t program);

/* Opens every tree that is not open yet, makes the box's root and moves into it. */
void root_build(struct plan *plan);

/* open_tree() on every tree; for root, before it drops. Leaves -1 where it cannot. */
void root_open_trees(struct plan *plan);

/* From a fresh child of the keeper to the program. */
_Noreturn void program_run(const struct plan *plan, pid_t keeper);

/* The ruleset of the plan as a descriptor; then this process and its children under it.
 */
int landlock_prepare(const struct plan *plan);
void landlock_enter(const struct plan *plan, int ruleset_fd);

/* ABI of Landlock here, 0 if there is none. */
int landlock_abi(void);

/* The system-call filter as a BPF program, to be freed with free(program->filter). */
int seccomp_make(struct sock_fprog *program, bool fixed_code, struct error *error);

/*
 * Bytes of memory held by every process of the box, each shared page counted once
 * (approximately); stops counting at enough. -1 if /proc cannot be read.
 */
long long memory_in_use(pid_t keeper, long long enough);

/* Kills every descendant of this process and reaps it; for tiers without a PID
 * namespace. */
void processes_end(const struct plan *plan);

/* Removes what the box's user, whom nobody else is, left in the host's /dev/shm. */
void shared_memory_remove(const struct plan *plan);

/* Bytes in the folder and below, links not followed, at most about enough. */
long long disk_in_use(int folder_fd, long long enough);

/* Bytes of files on the folder's device that the keeper's descendants hold open without a name;
 * 0 where it is no folder. */
long long disk_nameless(pid_t keeper, int folder_fd);

#endif
