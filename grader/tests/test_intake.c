/* SPDX-License-Identifier: MIT */
/* Each claim is of a submission that the test makes, in a folder of its own. */
#include "suite.h"

#include "intake/intake.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>

static char one_file[] = "a.c";
static char other_file[] = "b.h";
static char *two_files[] = {one_file, other_file};

static const struct lab lab_of_one = {
	.files = two_files, .files_count = 1, .limits = {.file_kb = 4}};
static const struct lab lab_of_two = {
	.files = two_files, .files_count = 2, .limits = {.file_kb = 4}};

static char *submission; /* a folder of this test's own */
static char *target;	 /* where intake puts what it takes */

static void begin(const char *name)
{
	struct error error;

	submission = scratch_path("%s/in", name);
	target = scratch_path("%s/out", name);
	ck_assert_int_eq(folder_make(submission, &error), 0);
	ck_assert_int_eq(folder_make(target, &error), 0);
}

static void put(const char *name, const char *text)
{
	char *path = path_join(submission, name);

	file_put(path, text);
	free(path);
}

static void expect_only(size_t count)
{
	DIR *folder = opendir(target);
	size_t found = 0;

	while (readdir(folder))
		found++;
	closedir(folder);
	ck_assert_uint_eq(found, count + 2);
}

static void expect_taken(const struct lab *lab, const char *path)
{
	struct error error = {""};
	struct intake intake;

	ck_assert_msg(intake_take(&intake, lab, path, target, 0, &error) == 0, "%s",
		error.message);
	ck_assert_msg(!intake.complaint, "%s", intake.complaint);
	ck_assert_uint_eq(intake.file_count, lab->files_count);
	intake_release(&intake);
	expect_only(lab->files_count);
}

/* It is the student's fault, said in words that hold the part; nothing was taken. */
static void expect_complaint(const struct lab *lab, const char *path, const char *part)
{
	struct error error = {""};
	struct intake intake;

	ck_assert_msg(intake_take(&intake, lab, path, target, 0, &error) == 0, "%s",
		error.message);
	ck_assert_msg(intake.complaint != NULL, "%s was taken", path);
	expect_holds(intake.complaint, part);
	intake_release(&intake);
	expect_only(0);
}

START_TEST(the_labs_files_are_taken_and_no_others)
{
	struct error error;
	struct intake intake;

	begin("good");
	put("a.c", "int a;\n");
	put("b.h", "");
	put("Makefile", "all:; false\n");
	ck_assert_int_eq(
		intake_take(&intake, &lab_of_two, submission, target, 0, &error), 0);
	ck_assert_ptr_null(intake.complaint);
	ck_assert_uint_eq(intake.file_count, 2);
	ck_assert_str_eq(intake.files[0].name, "a.c");
	ck_assert_int_eq(intake.files[0].bytes, 7);
	ck_assert_str_eq(intake.files[1].sha256,
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	intake_release(&intake);
	expect_only(2);
	char *path = path_join(target, "a.c");
	char *text = file_get(path);
	ck_assert_str_eq(text, "int a;\n");
	free(text);
	free(path);
}
END_TEST

START_TEST(a_single_file_may_have_any_name)
{
	begin("single");
	put("final version (2).c", "int a;\n");
	char *path = path_join(submission, "final version (2).c");
	expect_taken(&lab_of_one, path);
	free(path);
}
END_TEST

START_TEST(a_single_file_is_not_enough_for_two)
{
	begin("not-enough");
	put("a.c", "");
	char *path = path_join(submission, "a.c");
	expect_complaint(&lab_of_two, path, "2 files");
	free(path);
}
END_TEST

START_TEST(a_missing_file_is_named)
{
	begin("missing");
	put("A.C", "");
	expect_complaint(&lab_of_one, submission, "a.c is missing");
}
END_TEST

START_TEST(a_file_in_another_language_is_told)
{
	begin("language");
	put("a.cpp", "");
	expect_complaint(&lab_of_one, submission,
		"a.c is missing, and a.cpp is C++; this lab is in C: hand in a.c");
	begin("language-2");
	put("a.C", "");
	expect_complaint(&lab_of_one, submission, "a.C is C++");
}
END_TEST

START_TEST(a_path_that_leads_nowhere_is_said_to)
{
	begin("nowhere");
	expect_complaint(&lab_of_one, "/nowhere/at/all", "no such file or folder");
	char *path = path_join(submission, "..");
	char *below_file = path_join(submission, "a.c/b");
	char *empty = text_copy("");
	put("a.c", "");
	expect_complaint(&lab_of_two, below_file, "");
	expect_complaint(&lab_of_one, empty, "");
	expect_complaint(&lab_of_one, path, "a.c is missing");
	free(empty);
	free(below_file);
	free(path);
}
END_TEST

START_TEST(a_symbolic_link_is_refused_wherever_it_leads)
{
	begin("link");
	put("real.c", "int a;\n");
	char *path = path_join(submission, "a.c");
	ck_assert_int_eq(symlink("real.c", path), 0);
	expect_complaint(&lab_of_one, submission, "symbolic link");
	expect_complaint(&lab_of_one, path, "symbolic link");
	unlink(path);
	ck_assert_int_eq(symlink("/etc/passwd", path), 0);
	expect_complaint(&lab_of_one, submission, "symbolic link");
	unlink(path);
	ck_assert_int_eq(symlink("nowhere", path), 0);
	expect_complaint(&lab_of_one, submission, "symbolic link");
	free(path);
}
END_TEST

START_TEST(a_linked_folder_is_refused)
{
	begin("linked-folder");
	put("neighbour/a.c", "int a;\n");
	char *mine = path_join(submission, "mine");
	ck_assert_int_eq(symlink("neighbour", mine), 0);
	expect_complaint(&lab_of_one, mine, "symbolic link");
	free(mine);
}
END_TEST

START_TEST(a_fifo_is_refused_without_waiting_for_a_writer)
{
	begin("fifo");
	char *path = path_join(submission, "a.c");
	ck_assert_int_eq(mkfifo(path, 0644), 0);
	expect_complaint(&lab_of_one, submission, "not a regular file");
	expect_complaint(&lab_of_one, path, "not a regular file");
	free(path);
}
END_TEST

START_TEST(a_device_is_refused)
{
	begin("device");
	char *path = path_join(submission, "a.c");
	/* Making one takes root; everyone has /dev/zero. */
	if (mknod(path, S_IFCHR | 0666, makedev(1, 5)) == 0)
		expect_complaint(&lab_of_one, submission, "");
	expect_complaint(&lab_of_one, "/dev/zero", "not a regular file");
	free(path);
}
END_TEST

START_TEST(a_huge_file_is_refused_unread)
{
	begin("huge");
	put("a.c", "");
	char *path = path_join(submission, "a.c");
	ck_assert_int_eq(truncate(path, 1LL << 30), 0);
	expect_complaint(
		&lab_of_one, submission, "1073741824 bytes; the lab allows 4 KiB");
	ck_assert_int_eq(truncate(path, 4097), 0);
	expect_complaint(&lab_of_one, submission, "4097 bytes");
	ck_assert_int_eq(truncate(path, 4096), 0);
	expect_taken(&lab_of_one, submission);
	free(path);
}
END_TEST

START_TEST(a_hard_link_is_refused)
{
	begin("hard-link");
	put("a.c", "int a;\n");
	char *path = path_join(submission, "a.c");
	char *second = path_join(submission, "second");
	ck_assert_int_eq(link(path, second), 0);
	expect_complaint(&lab_of_one, submission, "2 hard links");
	free(second);
	free(path);
}
END_TEST

START_TEST(a_folder_in_a_files_place_is_refused)
{
	begin("folder");
	put("a.c/inside", "");
	expect_complaint(&lab_of_one, submission, "is a folder");
}
END_TEST

START_TEST(a_file_that_may_not_be_read_is_named)
{
	begin("unreadable");
	put("a.c", "");
	char *path = path_join(submission, "a.c");
	ck_assert_int_eq(chmod(path, 0), 0);
	ck_assert_int_eq(chmod(target, 0777), 0);
	free(path);
	pid_t pid = fork();
	if (pid == 0) {
		/* Root reads everything. */
		if (geteuid() == 0 && setuid(65534))
			_exit(1);
		struct error error;
		struct intake intake;
		int status =
			intake_take(&intake, &lab_of_one, submission, target, 0, &error);
		_exit(status == 0 && intake.complaint &&
					strstr(intake.complaint, "permissions")
				? 0
				: 2);
	}
	int status = 0;
	waitpid(pid, &status, 0);
	ck_assert_int_eq(status, 0);
	expect_only(0);
}
END_TEST

/* The first of two files is good; that the second is not must not leave the first. */
START_TEST(what_is_refused_is_refused_as_a_whole)
{
	begin("whole");
	put("a.c", "int a;\n");
	expect_complaint(&lab_of_two, submission, "b.h is missing");
}
END_TEST

START_TEST(a_target_that_cannot_be_written_is_our_error)
{
	struct error error = {""};
	struct intake intake;

	begin("our-fault");
	put("a.c", "int a;\n");
	ck_assert_int_eq(intake_take(&intake, &lab_of_one, submission, "/nowhere/at/all",
				 0, &error),
		-1);
	expect_holds(error.message, "/nowhere/at/all");
	intake_release(&intake);
}
END_TEST

START_TEST(a_machine_out_of_descriptors_is_no_fault_of_the_students)
{
	struct error error = {""};
	struct intake intake;

	begin("descriptors");
	put("a.c", "int a;\n");
	int last = -1;
	setrlimit(RLIMIT_NOFILE, &(struct rlimit){64, 64});
	for (int fd = dup(0); fd >= 0; fd = dup(0))
		last = fd;
	close(last); /* one is left, for the folder */
	ck_assert_int_eq(
		intake_take(&intake, &lab_of_one, submission, target, 0, &error), -1);
	expect_holds(error.message, "Too many open files");
	intake_release(&intake);
}
END_TEST

START_TEST(a_socket_is_refused)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	begin("socket");
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/a.c", submission);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	expect_complaint(&lab_of_one, submission, "not a regular file");
	close(fd);
}
END_TEST

static const TTest *const *const tests[] = {
	&a_machine_out_of_descriptors_is_no_fault_of_the_students,
	&a_socket_is_refused,
	&the_labs_files_are_taken_and_no_others,
	&a_single_file_may_have_any_name,
	&a_single_file_is_not_enough_for_two,
	&a_missing_file_is_named,
	&a_file_in_another_language_is_told,
	&a_path_that_leads_nowhere_is_said_to,
	&a_symbolic_link_is_refused_wherever_it_leads,
	&a_linked_folder_is_refused,
	&a_fifo_is_refused_without_waiting_for_a_writer,
	&a_device_is_refused,
	&a_huge_file_is_refused_unread,
	&a_hard_link_is_refused,
	&a_folder_in_a_files_place_is_refused,
	&a_file_that_may_not_be_read_is_named,
	&what_is_refused_is_refused_as_a_whole,
	&a_target_that_cannot_be_written_is_our_error,
};
SUITE_MAIN("intake", tests)
