/* SPDX-License-Identifier: MIT */
/*
 * Landlock, by its system calls: the only thing that keeps files apart in tier C, a
 * second wall in A and B. The constants are ours since Debian 12's headers stop at ABI 2.
 */
#include "sandbox/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	FS_EXECUTE = 1 << 0,
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_REMOVE_DIR = 1 << 4,
	FS_REMOVE_FILE = 1 << 5,
	FS_MAKE_CHAR = 1 << 6,
	FS_MAKE_DIR = 1 << 7,
	FS_MAKE_REG = 1 << 8,
	FS_MAKE_SOCK = 1 << 9,
	FS_MAKE_FIFO = 1 << 10,
	FS_MAKE_BLOCK = 1 << 11,
	FS_MAKE_SYM = 1 << 12,
	FS_REFER = 1 << 13,	/* ABI 2 */
	FS_TRUNCATE = 1 << 14,	/* ABI 3 */
	FS_IOCTL_DEV = 1 << 15, /* ABI 5 */
	NET_TCP = 3,		/* ABI 4: bind and connect */
	SCOPES = 3,		/* ABI 6: abstract sockets and signals */

	LOOK = FS_READ_FILE | FS_READ_DIR,
	RUN = LOOK | FS_EXECUTE,
	CHANGE = FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_DIR |
		 FS_MAKE_REG | FS_MAKE_SYM | FS_MAKE_FIFO | FS_REFER | FS_TRUNCATE,
	OF_A_FILE = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE,
};

struct ruleset {
	uint64_t files, network, scoped;
};

struct beneath {
	uint64_t allowed;
	int32_t parent_fd;
} __attribute__((packed));

#define RULE_PATH_BENEATH 1
#define GET_VERSION 1

int landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, GET_VERSION);

	return abi > 0 ? (int)abi : 0;
}

/* Every right that this kernel knows: what no rule gives back is denied. */
static uint64_t rights_handled(int abi)
{
	if (abi >= 5)
		return FS_IOCTL_DEV * 2 - 1;
	if (abi >= 3)
		return FS_TRUNCATE * 2 - 1;
	return abi == 2 ? FS_REFER * 2 - 1 : FS_MAKE_SYM * 2 - 1;
}

static int allow(int ruleset_fd, int fd, uint64_t rights, int abi)
{
	struct beneath rule = {.allowed = rights & rights_handled(abi), .parent_fd = fd};

	return (int)syscall(
		SYS_landlock_add_rule, ruleset_fd, RULE_PATH_BENEATH, &rule, 0);
}

static int allow_path(int ruleset_fd, const char *path, uint64_t rights, int abi)
{
	int fd = open(path, O_PATH | O_CLOEXEC), result;

	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	result = allow(ruleset_fd, fd, rights, abi);
	(void)close(fd);
	return result;
}

/* In a root of our own everything may be looked at, since only what is needed is there.
 */
static int allow_own_root(int ruleset_fd, const struct plan *plan)
{
	int abi = plan->landlock_abi;
	size_t i;

	if (allow_path(ruleset_fd, "/", RUN, abi) ||
		allow_path(ruleset_fd, "/scratch", LOOK | CHANGE, abi) ||
		allow_path(ruleset_fd, "/dev", LOOK | FS_WRITE_FILE | FS_TRUNCATE, abi))
		return -1;
	for (i = 0; i < plan->tree_count; i++) {
		const struct plan_tree *tree = &plan->trees[i];
		uint64_t rights = RUN | CHANGE;
		char path[4096] = "/";

		if (!tree->writable)
			continue;
		strncat(path, tree->inside, sizeof(path) - 2);
		if (tree->kind == PLAN_FILE)
			rights &= OF_A_FILE;
		if (allow_path(ruleset_fd, path, rights, abi))
			return -1;
	}
	return 0;
}

static int allow_trees_of_host(int ruleset_fd, const struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->tree_count; i++) {
		const struct plan_tree *tree = &plan->trees[i];
		uint64_t rights = LOOK;

		if (tree->executable)
			rights |= FS_EXECUTE;
		if (tree->writable)
			rights |= CHANGE;
		if (tree->device)
			rights |= FS_WRITE_FILE | FS_TRUNCATE;
		if (tree->kind == PLAN_FILE)
			rights &= OF_A_FILE;
		/* A link was followed when it was opened, and may name a file or folder.
		 */
		if (tree->kind == PLAN_LINK &&
			allow(ruleset_fd, tree->fd, rights, plan->landlock_abi) == 0)
			continue;
		if (tree->kind == PLAN_LINK)
			rights &= OF_A_FILE;
		if (allow(ruleset_fd, tree->fd, rights, plan->landlock_abi))
			return -1;
	}
	/* The files of an ordinary user's own programs lie there too; those of a user who
	 * is nobody else are removed when the box ends. */
	if (plan->drop &&
		allow_path(ruleset_fd, "/dev/shm", LOOK | CHANGE, plan->landlock_abi))
		return -1;
	return allow_path(ruleset_fd, "/proc", LOOK, plan->landlock_abi);
}

int landlock_prepare(const struct plan *plan)
{
	struct ruleset ruleset = {.files = rights_handled(plan->landlock_abi)};
	int ruleset_fd;

	if (plan->landlock_abi >= 4)
		ruleset.network = NET_TCP;
	if (plan->landlock_abi >= 6)
		ruleset.scoped = SCOPES;
	ruleset_fd =
		(int)syscall(SYS_landlock_create_ruleset, &ruleset, sizeof(ruleset), 0);
	if (ruleset_fd < 0)
		plan_fail(plan, "making the Landlock ruleset");
	if (plan->own_root ? allow_own_root(ruleset_fd, plan)
			   : allow_trees_of_host(ruleset_fd, plan))
		plan_fail(plan, "adding a Landlock rule");
	return ruleset_fd;
}

void landlock_enter(const struct plan *plan, int ruleset_fd)
{
	if (syscall(SYS_landlock_restrict_self, ruleset_fd, 0))
		plan_fail(plan, "entering Landlock");
	(void)close(ruleset_fd);
}
