/* SPDX-License-Identifier: MIT */
/*
 * What is written where in control groups of version 2, on a tree of ordinary files: few
 * machines have their memory controller there. A folder made below the tree gets the files
 * that the kernel would put into it.
 */
#include "sandbox/cgroup.h"
#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/syscall.h>

static char *tree; /* NULL: folders are folders */

/* In place of the C library's, also for what is linked into this program. */
int mkdir(const char *path, mode_t mode)
{
	static const char *const files[] = {"cgroup.procs", "cgroup.controllers",
		"cgroup.subtree_control", "memory.max", "memory.swap.max",
		"memory.oom.group", "memory.events"};

	if (syscall(SYS_mkdirat, AT_FDCWD, path, mode))
		return -1;
	for (size_t i = 0; tree && strncmp(path, tree, strlen(tree)) == 0 &&
			   i < sizeof(files) / sizeof(*files);
		i++) {
		char *name = path_join(path, files[i]);
		close(open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
		free(name);
	}
	return 0;
}

static void put(const char *folder, const char *file, const char *text)
{
	char *path = path_join(folder, file);

	file_put(path, text);
	free(path);
}

static void expect_text(const char *folder, const char *file, const char *text)
{
	char *path = path_join(folder, file);
	char *found = file_get(path);

	ck_assert_str_eq(found, text);
	free(found);
	free(path);
}

/* Our own group, with these controllers to use and these to give. */
static char *own_group(const char *name, const char *controllers, const char *given)
{
	free(tree);
	tree = scratch_path("%s", name);
	ck_assert_int_eq(mkdir(tree, 0755), 0);
	put(tree, "cgroup.controllers", controllers);
	put(tree, "cgroup.subtree_control", given);
	put(tree, "cgroup.procs", "12\n");
	return text_copy(tree);
}

static void expect_limits(const struct cgroup *group)
{
	ck_assert_int_eq(group->version, 2);
	expect_text(group->path, "memory.max", "1048576");
	expect_text(group->path, "memory.swap.max", "0");
	expect_text(group->path, "memory.oom.group", "1");
}

START_TEST(a_group_is_made_below_one_that_gives_memory)
{
	char *own = own_group("gives", "cpu memory pids\n", "memory pids\n");
	struct cgroup group;

	ck_assert_int_eq(cgroup_create_below(&group, own, 1 << 20), 0);
	ck_assert_int_eq(strncmp(group.path, own, strlen(own)), 0);
	expect_limits(&group);
	expect_text(own, "cgroup.procs", "12\n");
	expect_text(own, "cgroup.subtree_control", "memory pids\n");
	free(own);
}
END_TEST

START_TEST(processes_are_moved_aside_before_memory_is_given)
{
	char *own = own_group("moves", "memory\n", "\n");
	char *home = path_join(own, "interlock-home");
	struct cgroup group;

	ck_assert_int_eq(cgroup_create_below(&group, own, 1 << 20), 0);
	expect_text(home, "cgroup.procs", "12");
	expect_text(own, "cgroup.subtree_control", "+memory");
	expect_limits(&group);
	free(home);
	free(own);
}
END_TEST

START_TEST(who_moved_aside_makes_groups_beside_itself)
{
	char *own = own_group("aside", "memory\n", "memory\n");
	char *home = path_join(own, "interlock-home");
	struct cgroup first, second;

	ck_assert_int_eq(mkdir(home, 0755), 0);
	ck_assert_int_eq(cgroup_create_below(&first, home, 1 << 20), 0);
	ck_assert_int_eq(cgroup_create_below(&second, home, 1 << 20), 0);
	expect_limits(&first);
	expect_limits(&second);
	ck_assert_str_ne(first.path, second.path);
	ck_assert_int_ne(strncmp(first.path, home, strlen(home)), 0);
	free(home);
	free(own);
}
END_TEST

START_TEST(without_the_memory_controller_there_is_no_group)
{
	char *own = own_group("lacks", "cpu memory_recursiveprot pids\n", "\n");
	struct cgroup group;

	ck_assert_int_eq(cgroup_create_below(&group, own, 1 << 20), -1);
	ck_assert_int_eq(errno, ENOTSUP);
	ck_assert_int_eq(group.version, 0);
	free(own);
}
END_TEST

/* Without files, which keep a folder of an ordinary file system from going. */
static char *bare_group(const char *own, const char *name)
{
	char *path = path_join(own, name);

	ck_assert_int_eq((int)syscall(SYS_mkdirat, AT_FDCWD, path, 0755), 0);
	return path;
}

START_TEST(groups_are_swept_once_nobody_holds_their_lock)
{
	char *own = own_group("sweeps", "memory\n", "memory\n");
	char *dead = bare_group(own, "interlock-box-0123456789abcdef");
	char *alive = bare_group(own, "interlock-box-fedcba9876543210");
	char *home = bare_group(own, "interlock-home");
	char *unknown = bare_group(own, "interlock-2147483646-1");
	int fd = open(alive, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct cgroup group;

	/* As of a grader of whom this process knows no number. */
	ck_assert_int_eq(flock(fd, LOCK_EX), 0);
	ck_assert_int_eq(cgroup_create_below(&group, own, 1 << 20), 0);
	ck_assert_int_ne(access(dead, F_OK), 0);
	ck_assert_int_eq(access(alive, F_OK), 0);
	ck_assert_int_eq(access(home, F_OK), 0);
	ck_assert_int_eq(access(unknown, F_OK), 0);
	close(fd);
	cgroup_remove(&group);
	ck_assert_int_eq(cgroup_create_below(&group, own, 1 << 20), 0);
	ck_assert_int_ne(access(alive, F_OK), 0);
	free(unknown);
	free(home);
	free(alive);
	free(dead);
	free(own);
}
END_TEST

/* The second sweeps while the first is there. */
START_TEST(a_group_is_locked_as_long_as_it_is_there)
{
	char *own = own_group("locked", "memory\n", "memory\n");
	struct cgroup first, second;

	ck_assert_int_eq(cgroup_create_below(&first, own, 1 << 20), 0);
	int fd = open(first.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ne(flock(fd, LOCK_EX | LOCK_NB), 0);
	ck_assert_int_eq(cgroup_create_below(&second, own, 1 << 20), 0);
	ck_assert_int_eq(access(first.path, F_OK), 0);
	close(fd);
	free(own);
}
END_TEST

START_TEST(a_kill_for_want_of_memory_is_seen)
{
	char *own = own_group("kills", "memory\n", "memory\n");
	struct cgroup group;

	ck_assert_int_eq(cgroup_create_below(&group, own, 1 << 20), 0);
	put(group.path, "memory.events", "low 0\nmax 7\noom 1\noom_kill 0\n");
	ck_assert(!cgroup_ran_out(&group));
	put(group.path, "memory.events",
		"low 0\nmax 7\noom 1\noom_kill 2\noom_group_kill 1\n");
	ck_assert(cgroup_ran_out(&group));
	free(own);
}
END_TEST

static const TTest *const *const tests[] = {
	&a_group_is_made_below_one_that_gives_memory,
	&processes_are_moved_aside_before_memory_is_given,
	&who_moved_aside_makes_groups_beside_itself,
	&without_the_memory_controller_there_is_no_group,
	&groups_are_swept_once_nobody_holds_their_lock,
	&a_group_is_locked_as_long_as_it_is_there,
	&a_kill_for_want_of_memory_is_seen,
};
SUITE_MAIN("sandbox control groups", tests)
