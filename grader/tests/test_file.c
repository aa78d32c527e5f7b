/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "base/temporary.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static size_t entries_of(const char *path)
{
	DIR *folder = opendir(path);
	size_t count = 0;

	ck_assert_ptr_nonnull(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count - 2;
}

START_TEST(a_file_comes_back_as_it_was_written)
{
	struct error error;
	char *path = scratch_path("same/bytes");
	const char bytes[] = "a\0b\xff\n";
	size_t size = 0;

	file_put(path, "");
	ck_assert_int_eq(file_replace(path, bytes, sizeof(bytes), &error), 0);
	char *read = file_read(path, 100, &size, &error);
	ck_assert_uint_eq(size, sizeof(bytes));
	ck_assert_mem_eq(read, bytes, size);
	ck_assert_int_eq(read[size], 0);
	free(read);
	free(path);
}
END_TEST

START_TEST(a_file_that_is_too_large_is_not_read)
{
	struct error error;
	char *path = scratch_path("large");

	file_put(path, "12345");
	char *fits = file_read(path, 5, NULL, &error);
	ck_assert_str_eq(fits, "12345");
	ck_assert_ptr_null(file_read(path, 4, NULL, &error));
	expect_holds(error.message, path);
	ck_assert_ptr_null(file_read("/dev/zero", 1 << 20, NULL, &error));
	ck_assert_ptr_null(file_read(scratch, 1 << 20, NULL, &error));
	ck_assert_ptr_null(file_read("/nowhere/at/all", 1 << 20, NULL, &error));
	expect_holds(error.message, "No such file");
	free(fits);
	free(path);
}
END_TEST

START_TEST(a_link_or_a_device_is_not_replaced)
{
	struct error error;
	char *target = scratch_path("kept");
	char *link_path = scratch_path("link");

	file_put(target, "kept");
	ck_assert_int_eq(symlink(target, link_path), 0);
	ck_assert_int_eq(file_replace(link_path, "new", 3, &error), -1);
	expect_holds(error.message, "no regular file");
	ck_assert_int_eq(file_replace("/dev/null", "new", 3, &error), -1);
	char *text = file_get(target);
	ck_assert_str_eq(text, "kept");
	free(text);
	free(link_path);
	free(target);
}
END_TEST

START_TEST(a_failed_replacement_leaves_nothing)
{
	struct error error;
	char *folder = scratch_path("full");
	char *path = scratch_path("full/file");

	file_put(path, "old");
	pid_t pid = fork();
	if (pid == 0) {
		/* Larger files end in an error where nobody catches the signal. */
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){2, 2});
		_exit(file_replace(path, "newer", 5, &error) == -1 ? 0 : 1);
	}
	int status = 0;
	waitpid(pid, &status, 0);
	ck_assert_int_eq(status, 0);
	char *text = file_get(path);
	ck_assert_str_eq(text, "old");
	ck_assert_uint_eq(entries_of(folder), 1);
	free(text);
	free(path);
	free(folder);
}
END_TEST

START_TEST(readers_never_see_a_part)
{
	struct error error;
	char *path = scratch_path("atomic");
	char *big[2];

	for (int i = 0; i < 2; i++) {
		big[i] = memory_new(100001, 1);
		memset(big[i], 'a' + i, 100000);
	}
	file_put(path, big[0]);
	pid_t pid = fork();
	if (pid == 0) {
		for (int i = 0; i < 50; i++)
			file_replace(path, big[i % 2], 100000, &error);
		_exit(0);
	}
	while (waitpid(pid, NULL, WNOHANG) == 0) {
		char *text = file_get(path);
		ck_assert(strcmp(text, big[0]) == 0 || strcmp(text, big[1]) == 0);
		free(text);
	}
	free(big[0]);
	free(big[1]);
	free(path);
}
END_TEST

START_TEST(a_folder_is_made_with_those_above_it)
{
	struct error error;
	char *deep = scratch_path("a/b/c");
	char *file = scratch_path("a/file");
	char *below_file = scratch_path("a/file/c");

	ck_assert_int_eq(folder_make(deep, &error), 0);
	ck_assert_int_eq(folder_make(deep, &error), 0);
	ck_assert(path_is_folder(deep));
	file_put(file, "");
	ck_assert_int_eq(folder_make(file, &error), -1);
	expect_holds(error.message, "not a folder");
	ck_assert_int_eq(folder_make(below_file, &error), -1);
	free(below_file);
	free(file);
	free(deep);
}
END_TEST

START_TEST(removing_a_folder_follows_no_link)
{
	struct error error;
	char *kept = scratch_path("outside/kept");
	char *outside = scratch_path("outside");
	char *gone = scratch_path("gone");
	char *way_out = scratch_path("gone/way-out");
	char *inner = scratch_path("gone/inner/file");

	file_put(kept, "kept");
	file_put(inner, "");
	ck_assert_int_eq(symlink(outside, way_out), 0);
	ck_assert_int_eq(folder_remove(gone, &error), 0);
	ck_assert(!path_is_folder(gone));
	ck_assert(path_is_file(kept));
	ck_assert_int_eq(folder_remove(gone, &error), 0);
	free(inner);
	free(way_out);
	free(gone);
	free(outside);
	free(kept);
}
END_TEST

START_TEST(copying_a_folder_refuses_what_is_neither_file_nor_folder)
{
	struct error error;
	char *from = scratch_path("from");
	char *to = scratch_path("to");
	char *file = scratch_path("from/x/y");
	char *copied = scratch_path("to/x/y");
	char *fifo = scratch_path("from/x/fifo");

	file_put(file, "text");
	ck_assert_int_eq(folder_copy(from, to, &error), 0);
	char *text = file_get(copied);
	ck_assert_str_eq(text, "text");
	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	ck_assert_int_eq(folder_copy(from, to, &error), -1);
	expect_holds(error.message, "fifo");
	free(text);
	free(fifo);
	free(copied);
	free(file);
	free(to);
	free(from);
}
END_TEST

/* The kernel copies within a file system only: /dev/shm is one of its own. */
START_TEST(a_file_is_copied_from_one_file_system_to_another)
{
	struct error error = {""};
	char *from = text_format("/dev/shm/interlock-copy-%d", (int)getpid());
	char *to = scratch_path("copied");
	size_t size = 300000, copied = 0;
	char *bytes = memory_new(size, 1);

	for (size_t i = 0; i < size; i++)
		bytes[i] = (char)(i * 31 % 251);
	ck_assert_int_eq(file_replace(from, bytes, size, &error), 0);
	int status = file_copy(from, to, &error);
	unlink(from);
	ck_assert_msg(status == 0, "%s", error.message);
	char *text = file_read(to, size, &copied, &error);
	ck_assert_ptr_nonnull(text);
	ck_assert_uint_eq(copied, size);
	ck_assert_mem_eq(text, bytes, size);
	free(text);
	free(bytes);
	free(to);
	free(from);
}
END_TEST

START_TEST(temporary_folders_are_private_and_where_tmpdir_says)
{
	struct error error;
	struct stat status;
	char *folder = folder_make_temporary(&error);

	ck_assert_ptr_nonnull(folder);
	ck_assert_int_eq(strncmp(folder, scratch, strlen(scratch)), 0);
	ck_assert_int_eq(stat(folder, &status), 0);
	ck_assert_uint_eq(status.st_mode & 0777, 0700);
	setenv("TMPDIR", "/nowhere/at/all", 1);
	ck_assert_ptr_null(folder_make_temporary(&error));
	expect_holds(error.message, "/nowhere/at/all");
	free(folder);
}
END_TEST

/* Makes a temporary folder in a child, which says so and waits for `stay` to close. */
static pid_t start_owner(int *stay)
{
	struct error error;
	int ready[2], held[2];

	ck_assert_int_eq(pipe(ready) || pipe(held), 0);
	pid_t pid = fork();
	if (pid == 0) {
		char byte = folder_make_temporary(&error) ? 'x' : 0;
		close(held[1]);
		(void)!write(ready[1], &byte, 1);
		(void)!read(held[0], &byte, 1);
		_exit(0); /* as one that is killed: it removes nothing */
	}
	char made = 0;
	ck_assert_int_eq(read(ready[0], &made, 1), 1);
	ck_assert_int_eq(made, 'x');
	close(ready[0]);
	close(ready[1]);
	close(held[0]);
	*stay = held[1];
	return pid;
}

START_TEST(what_a_dead_process_left_is_swept_and_nothing_else)
{
	struct error error;
	int stay = -1;
	char *parent = path_join(scratch, "swept");
	char *others = path_join(parent, "interlock-others/file");

	file_put(others, "not ours: it has no lock");
	ck_assert_int_eq(setenv("TMPDIR", parent, 1), 0);
	pid_t pid = start_owner(&stay);
	char *first = folder_make_temporary(&error);
	ck_assert_msg(first != NULL, "%s", error.message);
	ck_assert_uint_eq(entries_of(parent), 3); /* the living one's, ours, others' */
	close(stay);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	pid = start_owner(&stay); /* has its parent's, and sweeps nothing */
	close(stay);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	ck_assert_uint_eq(entries_of(parent), 3);
	char *slash = text_format("%s/", parent);
	ck_assert_int_eq(setenv("TMPDIR", slash, 1), 0);
	char *second = folder_make_temporary(&error);
	ck_assert_msg(second != NULL, "%s", error.message);
	ck_assert_uint_eq(entries_of(parent), 3); /* the dead one's is gone */
	ck_assert(path_is_folder(first));
	ck_assert(path_is_file(others));
	free(second);
	free(slash);
	free(first);
	free(others);
	free(parent);
}
END_TEST

static const TTest *const *const tests[] = {
	&what_a_dead_process_left_is_swept_and_nothing_else,
	&a_file_comes_back_as_it_was_written,
	&a_file_that_is_too_large_is_not_read,
	&a_link_or_a_device_is_not_replaced,
	&a_failed_replacement_leaves_nothing,
	&readers_never_see_a_part,
	&a_folder_is_made_with_those_above_it,
	&removing_a_folder_follows_no_link,
	&copying_a_folder_refuses_what_is_neither_file_nor_folder,
	&a_file_is_copied_from_one_file_system_to_another,
	&temporary_folders_are_private_and_where_tmpdir_says,
};
SUITE_MAIN("file", tests)
