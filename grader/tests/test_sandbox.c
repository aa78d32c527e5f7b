/* SPDX-License-Identifier: MIT */
/*
 * What a program in the box can do and what it cannot see, in every tier that works here and
 * in the trusted mode where it makes sense.
 */
#include "boxed.h"
#include "container.h"
#include "sandbox/host.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* Two processes and two threads count by a mutex in named shared memory, in turns that a named
 * semaphore gives; without an argument memory and semaphore have no name. */
static const char TOOLS[] =
	"#include <fcntl.h>\n#include <pthread.h>\n#include <semaphore.h>\n"
	"#include <sys/mman.h>\n#include <sys/wait.h>\n#include <unistd.h>\n"
	"static struct shared { pthread_mutex_t mutex; sem_t turn; long count; } "
	"*shared;\n"
	"static sem_t *turn;\n"
	"static void *count(void *nothing)\n{\n"
	"\tfor (int i = 0; i < 100; i++) {\n"
	"\t\tpthread_mutex_lock(&shared->mutex);\n\t\tshared->count++;\n"
	"\t\tpthread_mutex_unlock(&shared->mutex);\n\t}\n\treturn nothing;\n}\n"
	"int main(int argc, char **argv)\n{\n\t(void)argv;\n"
	"\tint fd = argc > 1 ? shm_open(\"/boxed\", O_CREAT | O_RDWR, 0600) : -1;\n"
	"\tif (argc > 1 && (fd < 0 || ftruncate(fd, 4096))) return 2;\n"
	"\tshared = mmap(0, 4096, PROT_READ | PROT_WRITE,\n"
	"\t\tMAP_SHARED | (argc > 1 ? 0 : MAP_ANONYMOUS), fd, 0);\n"
	"\tif (shared == MAP_FAILED) return 3;\n"
	"\tturn = argc > 1 ? sem_open(\"/boxed\", O_CREAT, 0600, 0) : &shared->turn;\n"
	"\tif (turn == SEM_FAILED || (argc == 1 && sem_init(turn, 1, 0))) return 4;\n"
	"\tpthread_mutexattr_t kind;\n\tpthread_mutexattr_init(&kind);\n"
	"\tif (pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED) ||\n"
	"\t\tpthread_mutex_init(&shared->mutex, &kind)) return 5;\n"
	"\tpid_t child = fork();\n"
	"\tif (child == 0) { count(0); sem_post(turn); _exit(0); }\n"
	"\tif (child < 0 || sem_wait(turn)) return 6;\n"
	"\tpthread_t threads[2];\n"
	"\tfor (int i = 0; i < 2; i++)\n"
	"\t\tif (pthread_create(&threads[i], 0, count, 0)) return 7;\n"
	"\tfor (int i = 0; i < 2; i++) pthread_join(threads[i], 0);\n"
	"\twaitpid(child, 0, 0);\n"
	"\treturn shared->count == 300 ? 42 : 8;\n}\n";

/* The compiler's own option, or none. */
static void compile_tools(const char *name, const char *option)
{
	char source[300], output[300];

	file_write("tools.c", TOOLS);
	snprintf(source, sizeof(source), "%s/tools.c", folder);
	snprintf(output, sizeof(output), "%s/%s", folder, name);
	const char *const argv[] = {
		"/usr/bin/gcc", "-g", "-pthread", "-o", output, source, option, NULL};
	struct box_result result =
		run((struct box_options){.argv = argv, .trusted = true});
	ck_assert_msg(result.status.code == 0, "%s", result.output);
	box_result_release(&result);
}

START_TEST(what_labs_and_their_tools_need_works_in_the_box)
{
	struct host host;

	host_look(&host);
	compile_tools("plain", NULL);
	compile_tools("tsan", "-fsanitize=thread");
	for (int tier = FIRST_TIER; tier < AFTER_LAST_TIER; tier++) {
		/* Of an ordinary user, /dev/shm in tier C holds other files as well. */
		const char *named = tier < BOX_TIER_C || host.root ? "named" : NULL;
		const char *const plain[] = {"./plain", named, NULL};
		const char *const tsan[] = {"./tsan", named, NULL};
		const char *const helgrind[] = {
			"/usr/bin/valgrind", "--tool=helgrind", "./plain", named, NULL};
		const char *const *const programs[] = {plain, tsan, helgrind};

		for (int i = 0; works(tier) && i < 3; i++) {
			struct box_result result =
				run((struct box_options){.argv = programs[i],
					.work_dir = folder,
					.work_read_only = true,
					.limits = {.wall_ms = 300000, .cpu_seconds = 100},
					.tier = (enum box_tier)tier});
			ck_assert_msg(result.status.code == 42, "tier %s, %s: %d\n%s",
				box_tier_name((enum box_tier)tier), programs[i][0],
				result.status.code, result.output);
			if (i == 2)
				ck_assert_ptr_nonnull(
					strstr(result.output, "ERROR SUMMARY"));
			box_result_release(&result);
		}
	}
}
END_TEST

/* Whether memory that was written becomes code: all at once, or later. */
static int make_code(void *nothing)
{
	enum { SIZE = 4096, ANONYMOUS = MAP_PRIVATE | MAP_ANONYMOUS };
	void *at_once =
		mmap(NULL, SIZE, PROT_READ | PROT_WRITE | PROT_EXEC, ANONYMOUS, -1, 0);
	void *later = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, ANONYMOUS, -1, 0);

	(void)nothing;
	if (later == MAP_FAILED)
		return 3;
	return (at_once != MAP_FAILED) +
	       (mprotect(later, SIZE, PROT_READ | PROT_EXEC) == 0);
}

START_TEST(where_code_is_fixed_no_memory_becomes_executable)
{
	const char *const hello[] = {"/bin/true", NULL};

	for (int tier = FIRST_TIER; tier < AFTER_LAST_TIER; tier++) {
		struct box_options options = {.tier = (enum box_tier)tier,
			.work_dir = folder,
			.function = make_code};
		if (!works(tier))
			continue;
		struct box_result result = run(options);
		ck_assert_int_eq(result.status.code, 2);
		box_result_release(&result);
		options.fixed_code = true;
		result = run(options);
		ck_assert_int_eq(result.status.code, 0);
		box_result_release(&result);
		/* The loader brings in a program and its libraries. */
		options.function = NULL;
		options.argv = hello;
		result = run(options);
		ck_assert_int_eq(result.status.code, 0);
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
	container_enter();
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

static const TTest *const *const tests[] = {
	&some_tier_works_here,
	&a_program_is_compiled_and_run_with_its_output_and_exit_code,
	&what_labs_and_their_tools_need_works_in_the_box,
	&where_code_is_fixed_no_memory_becomes_executable,
	&a_program_that_cannot_be_executed_is_an_error_that_names_it,
	&without_a_box_only_trusted_programs_start,
	&a_signal_is_told_from_an_exit_code,
	&where_namespaces_are_forbidden_tier_c_is_found_and_works,
	&the_environment_makes_a_tier_weaker_and_never_stronger,
	&a_file_of_the_host_cannot_be_opened,
	&a_read_only_bind_cannot_be_written,
	&a_descriptor_that_was_not_handed_in_is_closed,
	&a_descriptor_that_was_handed_in_has_its_number,
	&the_environment_is_ours,
};

int main(void)
{
	return boxed_suite("sandbox", tests, sizeof(tests) / sizeof(*tests));
}
