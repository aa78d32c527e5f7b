/* SPDX-License-Identifier: MIT */
/*
 * Which tier works here is found by trying: a small battery runs inside a box of each
 * tier and looks for what must be there and what must not. Versions and sysctls lie:
 * containers, AppArmor rules and nested seccomp filters all change what a kernel can do.
 */
#include "sandbox/box.h"
#include "sandbox/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const NAMES[] = {"?", "A", "B", "C", "D"};

const char *box_tier_name(enum box_tier tier)
{
	return tier >= BOX_TIER_A && tier <= BOX_TIER_D ? NAMES[tier] : NAMES[0];
}

const char *box_tier_meaning(enum box_tier tier)
{
	static const char *const MEANINGS[] = {
		"no tier",
		"namespaces, a file tree of its own, Landlock, seccomp, memory held by a "
		"cgroup",
		"namespaces, a file tree of its own, Landlock, seccomp, memory watched",
		"DEGRADED: Landlock and seccomp on the host's file tree; no namespaces, "
		"so names of files and processes of the host can be seen",
		"NONE: nothing here can confine a program; other people's code is "
		"refused",
	};

	return MEANINGS[tier >= BOX_TIER_A && tier <= BOX_TIER_D ? (int)tier : 0];
}

static void *thread_main(void *argument)
{
	*(int *)argument = 1;
	return NULL;
}

/* What labs need: fork, wait, shared memory and threads. */
static bool tools_work(void)
{
	int *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = -1, ran = 0;
	pthread_t thread;
	pid_t child;

	if (shared == MAP_FAILED)
		return false;
	child = fork();
	if (child == 0) {
		*shared = 7;
		_exit(*shared);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || *shared != 7)
		return false;
	(void)munmap(shared, sizeof(*shared));
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 7)
		return false;
	return pthread_create(&thread, NULL, thread_main, &ran) == 0 &&
	       pthread_join(thread, NULL) == 0 && ran == 1;
}

/* What the battery's exit code says; the first that holds. */
enum {
	BATTERY_PASSED = 40,
	BATTERY_TOOLS,
	BATTERY_ROOT,
	BATTERY_FILES,
	BATTERY_NETWORK,
	BATTERY_PTRACE,
	BATTERY_NAMESPACES,
};

static const char *const FINDINGS[] = {
	"passed",
	"fork, shared memory or threads do not work in it",
	"it runs as root",
	"a file of the host can be opened in it",
	"it can make a network socket",
	"it can trace processes",
	"it can make namespaces",
};

/* Runs in the box. The file is one that the caller can read and the box must not. */
static int battery(void *canary)
{
	if (!tools_work())
		return BATTERY_TOOLS;
	if (geteuid() == 0)
		return BATTERY_ROOT;
	if (open(canary, O_RDONLY | O_CLOEXEC) >= 0)
		return BATTERY_FILES;
	if (socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0)
		return BATTERY_NETWORK;
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0)
		return BATTERY_PTRACE;
	if (unshare(CLONE_NEWUSER) == 0)
		return BATTERY_NAMESPACES;
	return BATTERY_PASSED;
}

static int battery_run(enum box_tier tier, char *canary, struct error *error)
{
	struct box_options options = {.tier = tier,
		.function = battery,
		.argument = canary,
		.limits = {.wall_ms = 30000}};
	struct box_result result;
	int code;

	if (box_run(&options, &result, error))
		return -1;
	code = result.status.code;
	box_result_release(&result);
	if (result.status.signalled || code < BATTERY_PASSED || code > BATTERY_NAMESPACES)
		return error_set(error, "its battery broke off (%d)", code);
	if (code != BATTERY_PASSED)
		return error_set(error, "%s", FINDINGS[code - BATTERY_PASSED]);
	return 0;
}

bool box_tier_works(enum box_tier tier, struct error *error)
{
	const char *folder = getenv("TMPDIR");
	char canary[4096];
	int fd, result;

	if (tier == BOX_TIER_D)
		return true;
	if (tier == BOX_TIER_C && landlock_abi() == 0) {
		error_set(error, "this kernel has no Landlock");
		return false;
	}
	if (!folder || folder[0] != '/')
		folder = "/tmp";
	if (snprintf(canary, sizeof(canary), "%s/interlock-canary-XXXXXX", folder) >=
		(int)sizeof(canary)) {
		error_set(error, "TMPDIR is too long");
		return false;
	}
	fd = mkstemp(canary);
	if (fd < 0) {
		error_system(error, "making a file in %s", folder);
		return false;
	}
	(void)fchmod(fd, 0644);
	(void)close(fd);
	result = battery_run(tier, canary, error);
	(void)unlink(canary);
	return result == 0;
}

static enum box_tier weakest_allowed(void)
{
	const char *asked = getenv("INTERLOCK_TIER");

	for (int tier = BOX_TIER_A; asked && tier <= BOX_TIER_D; tier++)
		if (strcmp(asked, NAMES[tier]) == 0)
			return (enum box_tier)tier;
	return BOX_TIER_A;
}

enum box_tier box_probe(struct error *error)
{
	struct error reason = {""};
	int tier;

	for (tier = weakest_allowed(); tier < BOX_TIER_D; tier++)
		if (box_tier_works((enum box_tier)tier, &reason))
			return (enum box_tier)tier;
	*error = reason;
	if (!error->message[0])
		error_set(error, "INTERLOCK_TIER asks for no box");
	return BOX_TIER_D;
}
