/* SPDX-License-Identifier: MIT */
/*
 * What Docker and Podman refuse by default to programs in their containers, as far as it
 * matters here: moby's profiles/seccomp/default.json, without CAP_SYS_ADMIN.
 *
 *	if (fork() == 0) {
 *		container_enter();
 *		execv(...);
 */
#ifndef INTERLOCK_TESTS_CONTAINER_H
#define INTERLOCK_TESTS_CONTAINER_H

#include <check.h>
#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/personality.h>

static inline void container_refuse(scmp_filter_ctx filter, const char *name)
{
	int number = seccomp_syscall_resolve_name(name);

	if (number >= 0)
		ck_assert_int_eq(
			seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), number, 0), 0);
}

static inline void container_enter(void)
{
	static const char *const calls[] = {"unshare", "setns", "mount", "umount2",
		"pivot_root", "open_tree", "move_mount", "fsopen", "fsmount",
		"mount_setattr", "keyctl", "add_key", "request_key", "userfaultfd",
		"perf_event_open", "bpf", "kcmp", "open_by_handle_at"};
	static const unsigned long namespaces[] = {CLONE_NEWNS, CLONE_NEWCGROUP,
		CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET};
	/* all but Linux's own, with or without 16-bit numbers of users, and asking */
	static const unsigned long personas[] = {ADDR_NO_RANDOMIZE, ADDR_COMPAT_LAYOUT,
		ADDR_NO_RANDOMIZE | ADDR_COMPAT_LAYOUT, READ_IMPLIES_EXEC};
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	ck_assert_ptr_nonnull(filter);
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		container_refuse(filter, calls[i]);
	for (size_t i = 0; i < sizeof(namespaces) / sizeof(*namespaces); i++)
		ck_assert_int_eq(seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
					 SCMP_SYS(clone), 1,
					 SCMP_A0(SCMP_CMP_MASKED_EQ, namespaces[i],
						 namespaces[i])),
			0);
	for (size_t i = 0; i < sizeof(personas) / sizeof(*personas); i++)
		ck_assert_int_eq(seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
					 SCMP_SYS(personality), 1,
					 SCMP_A0(SCMP_CMP_EQ, personas[i])),
			0);
	ck_assert_int_eq(
		seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0), 0);
	ck_assert_int_eq(seccomp_load(filter), 0);
	seccomp_release(filter);
}

#endif
