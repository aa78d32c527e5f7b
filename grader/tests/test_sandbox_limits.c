/* SPDX-License-Identifier: MIT */
/*
 * What a box bounds: time, memory, output and processes. Each of the programs is bounded by
 * itself, too.
 */
#include "boxed.h"
#include "sandbox/cgroup.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

START_TEST(wall_time_is_bounded)
{
	const struct box_limits limits = {.wall_ms = 100};

	for (int tier = FIRST_TIER; tier < AFTER_LAST_TIER; tier++)
		if (works(tier))
			ck_assert_int_eq(
				run_function(tier, sleep_long, NULL, limits, 0).limit,
				BOX_LIMIT_WALL);
}
END_TEST

static int spin(void *argument)
{
	for (volatile unsigned *count = argument;;)
		(*count)++;
	return 0;
}

START_TEST(processor_time_is_bounded)
{
	const struct box_limits limits = {.cpu_seconds = 1, .wall_ms = 60000};
	unsigned count = 0;

	for (int tier = FIRST_TIER; tier < AFTER_LAST_TIER; tier++)
		if (works(tier))
			ck_assert_int_eq(
				run_function(tier, spin, &count, limits, 0).limit,
				BOX_LIMIT_CPU);
}
END_TEST

/* Bounded by itself: 256 MB, and then it waits to be noticed. */
static int fill_memory(void *argument)
{
	const size_t step = 4 << 20;
	bool shared = argument != NULL;

	for (int i = 0; i < 64; i++) {
		char *memory = mmap(NULL, step, PROT_READ | PROT_WRITE,
			MAP_ANONYMOUS | (shared ? MAP_SHARED : MAP_PRIVATE), -1, 0);

		if (memory == MAP_FAILED)
			return 3;
		memset(memory, 1, step);
	}
	(void)sleep(2);
	return 0;
}

START_TEST(memory_is_bounded_private_and_shared)
{
	const struct box_limits limits = {.memory_bytes = 64 << 20, .wall_ms = 60000};

	for (int tier = FIRST_TIER; tier < AFTER_LAST_TIER; tier++) {
		if (!works(tier))
			continue;
		ck_assert_int_eq(run_function(tier, fill_memory, NULL, limits, 0).limit,
			BOX_LIMIT_MEMORY);
		ck_assert_int_eq(run_function(tier, fill_memory, folder, limits, 0).limit,
			BOX_LIMIT_MEMORY);
		ck_assert_int_eq(
			run_function(tier, fill_memory, NULL, limits, BOX_LAYER_MEMORY)
				.limit,
			BOX_LIMIT_NONE);
	}
}
END_TEST

/* Bounded by itself: 48 MB. */
static int flood_output(void *argument)
{
	static const char block[1 << 16];

	(void)argument;
	for (int i = 0; i < 768; i++)
		if (write(STDOUT_FILENO, block, sizeof(block)) < 0)
			return 2;
	(void)sleep(2);
	return 0;
}

START_TEST(output_is_bounded)
{
	const struct box_limits limits = {.output_bytes = 1000, .wall_ms = 60000};

	for (int tier = FIRST_TIER; tier < AFTER_LAST_TIER; tier++) {
		struct box_options options = {.tier = (enum box_tier)tier,
			.function = flood_output,
			.limits = limits};
		struct box_result result;

		if (!works(tier))
			continue;
		result = run(options);
		ck_assert_int_eq(result.status.limit, BOX_LIMIT_OUTPUT);
		ck_assert_uint_eq(result.length, 1000);
		box_result_release(&result);
	}
}
END_TEST

/* Bounded by itself: 60 children that only sleep. */
static int fork_many(void *argument)
{
	int made = 0;

	(void)argument;
	for (int i = 0; i < 60; i++) {
		pid_t child = fork();

		if (child == 0) {
			(void)sleep(60);
			_exit(0);
		}
		made += child > 0;
	}
	return made > 40;
}

START_TEST(processes_are_bounded_and_end_with_the_box)
{
	const struct box_limits limits = {.processes = 30, .wall_ms = 60000};

	for (int tier = FIRST_TIER; tier < AFTER_LAST_TIER; tier++) {
		if (!works(tier))
			continue;
		ck_assert_int_eq(run_function(tier, fork_many, NULL, limits, 0).code, 0);
		ck_assert_int_eq(
			run_function(tier, fork_many, NULL, limits, BOX_LAYER_RLIMITS)
				.code,
			1);
	}
}
END_TEST

/*
 * Version 2 here, if it is mounted at all, may lack the memory controller: what is tried is
 * the way in, which needs none.
 */
START_TEST(a_process_enters_a_group_of_version_2_as_a_sibling)
{
	static const char *const roots[] = {"/sys/fs/cgroup/unified", "/sys/fs/cgroup"};
	struct cgroup group = {.version = 2};
	int ends[2], status = -1;
	pid_t child, pid = 0;
	char own[600] = "";

	for (int i = 0; i < 2 && !group.path[0]; i++) {
		snprintf(group.path, sizeof(group.path), "%s/cgroup.procs", roots[i]);
		if (access(group.path, F_OK)) {
			group.path[0] = '\0';
			continue;
		}
		snprintf(group.path, sizeof(group.path), "%s/interlock-%d-test", roots[i],
			(int)getpid());
		if (mkdir(group.path, 0755))
			group.path[0] = '\0';
	}
	if (!group.path[0])
		return; /* not root, or no version 2 */
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	child = fork();
	if (child == 0) {
		FILE *file;

		if (cgroup_enter(&group, ends[1]))
			_exit(1);
		file = fopen("/proc/self/cgroup", "re");
		while (file && fgets(own, sizeof(own), file))
			if (strncmp(own, "0::", 3) == 0 && strstr(own, "-test"))
				_exit(42);
		_exit(2);
	}
	ck_assert_int_eq(read(ends[0], &pid, sizeof(pid)), sizeof(pid));
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(WEXITSTATUS(status), 0);
	ck_assert_int_eq(
		waitpid(pid, &status, 0), pid); /* our child, not our grandchild */
	ck_assert_int_eq(WEXITSTATUS(status), 42);
	cgroup_remove(&group);
	ck_assert_str_eq(group.path, "");
}
END_TEST

static const TTest *const *const tests[] = {
	&wall_time_is_bounded,
	&processor_time_is_bounded,
	&memory_is_bounded_private_and_shared,
	&output_is_bounded,
	&processes_are_bounded_and_end_with_the_box,
	&a_process_enters_a_group_of_version_2_as_a_sibling,
};

int main(void)
{
	return boxed_suite("sandbox limits", tests, sizeof(tests) / sizeof(*tests));
}
