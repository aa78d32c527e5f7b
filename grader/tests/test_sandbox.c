/* SPDX-License-Identifier: MIT */
/*
 * Each claim is checked in every tier that works here, and in the trusted mode where it
 * makes sense. The programs are functions of this file, which the box runs in place of an
 * executable; what they attack are files and processes that the test itself made.
 */
#include "sandbox/box.h"
#include "sandbox/host.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FIRST_TIER BOX_TIER_A
#define AFTER_LAST_TIER BOX_TIER_D

static char folder[256];

static void folder_make(void)
{
	const char *base = getenv("TMPDIR");

	snprintf(folder, sizeof(folder), "%.200s/test-sandbox-XXXXXX",
		base ? base : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chmod(folder, 0755), 0);
}

static void folder_remove(void)
{
	char command[300];

	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0); /* NOLINT(cert-env33-c): a fixed command */
}

static void file_write(const char *name, const char *text)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "we");
	ck_assert_ptr_nonnull(file);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_int_eq(chmod(path, 0644), 0);
}

/* A tier that does not work here is no failure: the probe is what says so. */
static bool works(int tier)
{
	struct error error;

	return box_tier_works((enum box_tier)tier, &error);
}

static struct box_result run(struct box_options options)
{
	struct error error = {""};
	struct box_result result;

	ck_assert_msg(box_run(&options, &result, &error) == 0, "tier %s: %s",
		box_tier_name(options.tier), error.message);
	return result;
}

static struct box_status run_function(int tier, int (*function)(void *), void *argument,
	struct box_limits limits, unsigned without)
{
	struct box_options options = {.tier = (enum box_tier)tier,
		.function = function,
		.argument = argument,
		.limits = limits,
		.work_dir = folder,
		.without = without};
	struct box_result result = run(options);
	struct box_status status = result.status;

	box_result_release(&result);
	return status;
}

static const struct box_limits PATIENT = {.wall_ms = 60000};

/* Compiling and running. */

START_TEST(some_tier_works_here)
{
	struct error error = {""};

	ck_assert_msg(box_probe(&error) < BOX_TIER_D, "%s", error.message);
}
END_TEST

START_TEST(a_program_is_compiled_and_run_with_its_output_and_exit_code)
{
	const char *const compile[] = {"/usr/bin/gcc", "-o", "hello", "hello.c", NULL};
	const char *const hello[] = {"./hello", NULL};
	struct box_result result;

	file_write("hello.c",
		"#include <stdio.h>\nint main(void) { puts(\"hello\"); return 7; }\n");
	for (int tier = FIRST_TIER; tier <= AFTER_LAST_TIER; tier++) {
		bool trusted = tier == AFTER_LAST_TIER;
		struct box_options options = {.tier = (enum box_tier)tier,
			.trusted = trusted,
			.argv = compile,
			.work_dir = folder};

		if (!trusted && !works(tier))
			continue;
		result = run(options);
		ck_assert_str_eq(result.output, "");
		ck_assert_int_eq(result.status.code, 0);
		box_result_release(&result);
		options.argv = hello;
		options.work_read_only = true;
		result = run(options);
		ck_assert_str_eq(result.output, "hello\n");
		ck_assert(!result.status.signalled);
		ck_assert_int_eq(result.status.code, 7);
		box_result_release(&result);
	}
}
END_TEST

START_TEST(a_program_that_cannot_be_executed_is_an_error_that_names_it)
{
	const char *const argv[] = {"./missing", NULL};
	struct box_options options = {.argv = argv, .work_dir = folder};
	struct error error = {""};
	struct box box;

	for (int tier = FIRST_TIER; tier < AFTER_LAST_TIER; tier++) {
		options.tier = (enum box_tier)tier;
		if (!works(tier))
			continue;
		ck_assert_int_eq(box_start(&box, &options, &error), -1);
		ck_assert_ptr_nonnull(strstr(error.message, "./missing"));
		ck_assert_ptr_nonnull(strstr(error.message, "No such file"));
	}
}
END_TEST

START_TEST(without_a_box_only_trusted_programs_start)
{
	const char *const argv[] = {"/bin/true", NULL};
	struct box_options options = {.argv = argv, .tier = BOX_TIER_D};
	struct error error = {""};
	struct box box;

	ck_assert_int_eq(box_start(&box, &options, &error), -1);
	ck_assert_ptr_nonnull(strstr(error.message, "not trusted"));
	options.tier = (enum box_tier)0;
	ck_assert_int_eq(box_start(&box, &options, &error), -1);
}
END_TEST

static int die_by_signal(void *argument)
{
	(void)argument;
	(void)raise(SIGSEGV);
	return 0;
}

START_TEST(a_signal_is_told_from_an_exit_code)
{
	for (int tier = FIRST_TIER; tier < AFTER_LAST_TIER; tier++) {
		struct box_status status;

		if (!works(tier))
			continue;
		status = run_function(tier, die_by_signal, NULL, PATIENT, 0);
		ck_assert(status.signalled);
		ck_assert_int_eq(status.code, SIGSEGV);
		ck_assert_int_eq(status.limit, BOX_LIMIT_NONE);
	}
}
END_TEST

/* What container runtimes do by default. */
static void forbid_namespaces(void)
{
	static const char *const calls[] = {"unshare", "setns", "mount", "umount2",
		"pivot_root", "open_tree", "move_mount", "fsopen", "mount_setattr"};
	const unsigned long namespaces = 0x7e020000;
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	ck_assert_ptr_nonnull(filter);
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		ck_assert_int_eq(seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
					 seccomp_syscall_resolve_name(calls[i]), 0),
			0);
	for (unsigned long flag = 1; flag < namespaces; flag <<= 1)
		if (flag & namespaces)
			ck_assert_int_eq(seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
						 SCMP_SYS(clone), 1,
						 SCMP_A0(SCMP_CMP_MASKED_EQ, flag, flag)),
				0);
	ck_assert_int_eq(
		seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0), 0);
	ck_assert_int_eq(seccomp_load(filter), 0);
	seccomp_release(filter);
}

/* Runs in a process of its own, which keeps the filter. */
START_TEST(where_namespaces_are_forbidden_tier_c_is_found_and_works)
{
	const char *const argv[] = {"/bin/sh", "-c", "echo boxed", NULL};
	struct box_options options = {.argv = argv};
	struct error error = {""};
	struct box_result result;
	struct host host;

	if (!works(BOX_TIER_C))
		return;
	forbid_namespaces();
	options.tier = box_probe(&error);
	ck_assert_int_eq(options.tier, BOX_TIER_C);
	host_look(&host);
	ck_assert(host.filtered);
	ck_assert_str_ne(host_advice(host.obstacle), "");
	result = run(options);
	ck_assert_str_eq(result.output, "boxed\n");
	box_result_release(&result);
}
END_TEST

START_TEST(the_environment_makes_a_tier_weaker_and_never_stronger)
{
	struct error error = {""};
	enum box_tier best = box_probe(&error);

	ck_assert_int_eq(setenv("INTERLOCK_TIER", "C", 1), 0);
	ck_assert_int_ge(box_probe(&error), BOX_TIER_C);
	ck_assert_int_eq(setenv("INTERLOCK_TIER", "D", 1), 0);
	ck_assert_int_eq(box_probe(&error), BOX_TIER_D);
	ck_assert_str_ne(error.message, "");
	ck_assert_int_eq(setenv("INTERLOCK_TIER", "A", 1), 0);
	ck_assert_int_eq(box_probe(&error), best);
}
END_TEST

/* What the box hides. */

static int open_it(void *path)
{
	return open(path, O_RDONLY | O_CLOEXEC) >= 0;
}

static int write_it(void *path)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);

	return fd >= 0 && write(fd, "x", 1) == 1;
}

START_TEST(a_file_of_the_host_cannot_be_opened)
{
	char canary[300];

	snprintf(canary, sizeof(canary), "%s-canary", folder);
	ck_assert_int_ge(open(canary, O_CREAT | O_WRONLY | O_CLOEXEC, 0666), 0);
	ck_assert_int_eq(chmod(canary, 0666), 0);
	for (int tier = FIRST_TIER; tier < AFTER_LAST_TIER; tier++) {
		const unsigned walls = BOX_LAYER_FILES | BOX_LAYER_LANDLOCK;

		if (!works(tier))
			continue;
		ck_assert_int_eq(run_function(tier, open_it, canary, PATIENT, 0).code, 0);
		/* One wall holds without the other, and nothing holds without both. */
		if (tier != BOX_TIER_C)
			ck_assert_int_eq(run_function(tier, open_it, canary, PATIENT,
						 BOX_LAYER_LANDLOCK)
						 .code,
				0);
		ck_assert_int_eq(
			run_function(tier, open_it, canary, PATIENT, walls).code, 1);
	}
	ck_assert_int_eq(unlink(canary), 0);
}
END_TEST

START_TEST(a_read_only_bind_cannot_be_written)
{
	char path[300];
	struct stat status;

	file_write("bound", "");
	snprintf(path, sizeof(path), "%s/bound", folder);
	ck_assert_int_eq(chmod(path, 0666), 0);
	for (int tier = FIRST_TIER; tier < AFTER_LAST_TIER; tier++) {
		struct box_bind bind = {path, false};
		struct box_options options = {.tier = (enum box_tier)tier,
			.function = open_it,
			.argument = path,
			.binds = &bind,
			.bind_count = 1};
		struct box_result result;

		if (!works(tier))
			continue;
		result = run(options);
		ck_assert_int_eq(result.status.code, 1);
		box_result_release(&result);
		options.function = write_it;
		result = run(options);
		ck_assert_int_eq(result.status.code, 0);
		box_result_release(&result);
		bind.writable = true;
		result = run(options);
		ck_assert_int_eq(result.status.code, 1);
		box_result_release(&result);
	}
	ck_assert_int_eq(stat(path, &status), 0);
	(void)unlink(path);
}
END_TEST

START_TEST(a_descriptor_that_was_not_handed_in_is_closed)
{
	int fd;

	file_write("secret", "secret");
	fd = open(folder, O_RDONLY | O_DIRECTORY); /* NOLINT: inherited on purpose */
	ck_assert_int_ge(fd, 0);
	for (int tier = FIRST_TIER; tier < AFTER_LAST_TIER; tier++) {
		const char *const argv[] = {
			"/bin/sh", "-c", "ls /proc/self/fd | wc -l", NULL};
		struct box_options options = {.tier = (enum box_tier)tier, .argv = argv};
		struct box_result result;

		if (!works(tier))
			continue;
		result = run(options);
		ck_assert_str_eq(
			result.output, "4\n"); /* 0, 1, 2 and the listed folder */
		box_result_release(&result);
		options.without = BOX_LAYER_DESCRIPTORS;
		result = run(options);
		ck_assert_str_ne(result.output, "4\n");
		box_result_release(&result);
	}
	(void)close(fd);
}
END_TEST

START_TEST(a_descriptor_that_was_handed_in_has_its_number)
{
	for (int tier = FIRST_TIER; tier < AFTER_LAST_TIER; tier++) {
		const char *const argv[] = {
			"/bin/sh", "-c", "cat <&5; echo to seven >&7", NULL};
		int in[2], out[2];
		struct box_fd fds[2];
		struct box_options options = {.tier = (enum box_tier)tier,
			.argv = argv,
			.fds = fds,
			.fd_count = 2};
		struct box_result result;
		char text[32] = "";

		if (!works(tier))
			continue;
		ck_assert_int_eq(pipe2(in, O_CLOEXEC), 0);
		ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
		fds[0] = (struct box_fd){in[0], 5};
		fds[1] = (struct box_fd){out[1], 7};
		ck_assert_int_eq(write(in[1], "to five\n", 8), 8);
		(void)close(in[1]);
		result = run(options);
		ck_assert_str_eq(result.output, "to five\n");
		ck_assert_int_eq(read(out[0], text, sizeof(text) - 1), 9);
		ck_assert_str_eq(text, "to seven\n");
		box_result_release(&result);
		(void)close(in[0]);
		(void)close(out[0]);
		(void)close(out[1]);
	}
}
END_TEST

START_TEST(the_environment_is_ours)
{
	const char *const argv[] = {"/usr/bin/env", NULL};
	const char *const extra[] = {"GIVEN=yes", NULL};

	ck_assert_int_eq(setenv("SECRET_TOKEN", "leaked", 1), 0);
	for (int tier = FIRST_TIER; tier < AFTER_LAST_TIER; tier++) {
		struct box_options options = {
			.tier = (enum box_tier)tier, .argv = argv, .environment = extra};
		struct box_result result;

		if (!works(tier))
			continue;
		result = run(options);
		ck_assert_ptr_null(strstr(result.output, "SECRET_TOKEN"));
		ck_assert_ptr_nonnull(strstr(result.output, "GIVEN=yes\n"));
		box_result_release(&result);
		options.without = BOX_LAYER_ENVIRONMENT;
		result = run(options);
		ck_assert_ptr_nonnull(strstr(result.output, "SECRET_TOKEN=leaked"));
		box_result_release(&result);
	}
}
END_TEST

/* Limits. */

static int sleep_long(void *argument)
{
	(void)argument;
	(void)sleep(300);
	return 0;
}

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

/* A file that grows while any process of the box lives would show a survivor. */
static int leave_a_daemon(void *argument)
{
	pid_t child = fork();

	(void)argument;
	if (child == 0) {
		(void)setsid();
		if (fork() == 0)
			for (int i = 0; i < 6000; i++) {
				(void)write(3, "x", 1);
				(void)usleep(10000);
			}
		_exit(0);
	}
	(void)waitpid(child, NULL, 0);
	return 0;
}

static bool pipe_is_held(int fd)
{
	char bytes[4096];
	ssize_t length;

	do
		length = read(fd, bytes, sizeof(bytes));
	while (length > 0);
	return length < 0 && errno == EAGAIN;
}

static void pipe_to_box(int ends[2], struct box_fd *fd)
{
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	ck_assert_int_eq(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	*fd = (struct box_fd){ends[1], 3};
}

START_TEST(nothing_outlives_the_program)
{
	for (int tier = FIRST_TIER; tier <= AFTER_LAST_TIER; tier++) {
		int ends[2];
		struct box_fd fd;
		struct box_options options = {.tier = (enum box_tier)tier,
			.trusted = tier == AFTER_LAST_TIER,
			.function = leave_a_daemon,
			.fds = &fd,
			.fd_count = 1};
		struct box_result result;

		if (!options.trusted && !works(tier))
			continue;
		pipe_to_box(ends, &fd);
		result = run(options);
		box_result_release(&result);
		(void)close(ends[1]);
		ck_assert(!pipe_is_held(ends[0]));
		(void)close(ends[0]);
	}
}
END_TEST

START_TEST(a_killed_box_is_dead_when_the_call_returns)
{
	for (int tier = FIRST_TIER; tier <= AFTER_LAST_TIER; tier++) {
		int ends[2];
		struct box_fd fd;
		struct box_options options = {.tier = (enum box_tier)tier,
			.trusted = tier == AFTER_LAST_TIER,
			.function = sleep_long,
			.fds = &fd,
			.fd_count = 1};
		struct error error = {""};
		struct box box;

		if (!options.trusted && !works(tier))
			continue;
		pipe_to_box(ends, &fd);
		ck_assert_msg(
			box_start(&box, &options, &error) == 0, "%s", error.message);
		(void)close(ends[1]);
		ck_assert(pipe_is_held(ends[0]));
		box_kill(&box);
		ck_assert(!pipe_is_held(ends[0]));
		box_release(&box);
		(void)close(ends[0]);
	}
}
END_TEST

/* Starts a box, says so and waits to be killed. */
static _Noreturn void be_a_grader(const struct box_options *options, int started_fd)
{
	struct error error;
	struct box box;

	if (box_start(&box, options, &error) == 0)
		(void)write(started_fd, "s", 1);
	for (;;)
		(void)pause();
}

static bool ends_within(int fd, int seconds)
{
	const struct timespec moment = {.tv_nsec = 5000000};

	for (int i = 0; i < seconds * 200; i++) {
		if (!pipe_is_held(fd))
			return true;
		(void)nanosleep(&moment, NULL);
	}
	return false;
}

START_TEST(a_box_dies_with_its_grader)
{
	for (int tier = FIRST_TIER; tier <= AFTER_LAST_TIER; tier++) {
		int ends[2], started[2];
		struct box_fd fd;
		struct box_options options = {.tier = (enum box_tier)tier,
			.trusted = tier == AFTER_LAST_TIER,
			.function = sleep_long,
			.fds = &fd,
			.fd_count = 1};
		char byte;
		pid_t grader;

		if (!options.trusted && !works(tier))
			continue;
		pipe_to_box(ends, &fd);
		ck_assert_int_eq(pipe2(started, O_CLOEXEC), 0);
		grader = fork();
		if (grader == 0)
			be_a_grader(&options, started[1]);
		(void)close(ends[1]);
		ck_assert_int_eq(read(started[0], &byte, 1), 1);
		ck_assert(pipe_is_held(ends[0]));
		ck_assert_int_eq(kill(grader, SIGKILL), 0);
		ck_assert_int_eq(waitpid(grader, NULL, 0), grader);
		ck_assert_msg(
			ends_within(ends[0], 30), "tier %s", box_tier_name(options.tier));
		(void)close(ends[0]);
		(void)close(started[0]);
		(void)close(started[1]);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sandbox");
	TCase *box = tcase_create("box");
	SRunner *runner;
	int failed;

	tcase_add_unchecked_fixture(box, folder_make, folder_remove);
	tcase_set_timeout(box, 300);
	tcase_add_test(box, some_tier_works_here);
	tcase_add_test(box, a_program_is_compiled_and_run_with_its_output_and_exit_code);
	tcase_add_test(box, a_program_that_cannot_be_executed_is_an_error_that_names_it);
	tcase_add_test(box, without_a_box_only_trusted_programs_start);
	tcase_add_test(box, a_signal_is_told_from_an_exit_code);
	tcase_add_test(box, where_namespaces_are_forbidden_tier_c_is_found_and_works);
	tcase_add_test(box, the_environment_makes_a_tier_weaker_and_never_stronger);
	tcase_add_test(box, a_file_of_the_host_cannot_be_opened);
	tcase_add_test(box, a_read_only_bind_cannot_be_written);
	tcase_add_test(box, a_descriptor_that_was_not_handed_in_is_closed);
	tcase_add_test(box, a_descriptor_that_was_handed_in_has_its_number);
	tcase_add_test(box, the_environment_is_ours);
	tcase_add_test(box, wall_time_is_bounded);
	tcase_add_test(box, processor_time_is_bounded);
	tcase_add_test(box, memory_is_bounded_private_and_shared);
	tcase_add_test(box, output_is_bounded);
	tcase_add_test(box, processes_are_bounded_and_end_with_the_box);
	tcase_add_test(box, a_process_enters_a_group_of_version_2_as_a_sibling);
	tcase_add_test(box, nothing_outlives_the_program);
	tcase_add_test(box, a_killed_box_is_dead_when_the_call_returns);
	tcase_add_test(box, a_box_dies_with_its_grader);
	suite_add_tcase(suite, box);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
