/* SPDX-License-Identifier: MIT */
/*
 * Each execution begins with the same files and the same machine, what it prints is told, and
 * an exploration that is stopped says how far it came.
 */
#include "run.h"

#include "base/file.h"

#include <signal.h>
#include <time.h>

static struct ran explore_text(const char *option, const char *text)
{
	char *path = scratch_path("%d.c", (int)getpid());
	struct error error;
	ck_assert_msg(
		file_replace(path, text, strlen(text), &error) == 0, "%s", error.message);
	struct ran ran = option ? run_interlock("explore", option, path, NULL)
				: run_interlock("explore", path, NULL);
	free(path);
	return ran;
}

/* A program with these headers, whose main is that. */
static struct ran explore_main(const char *option, const char *body)
{
	char *text = text_format("#include <assert.h>\n#include <errno.h>\n"
				 "#include <fcntl.h>\n#include <pthread.h>\n"
				 "#include <stdatomic.h>\n#include <stdio.h>\n"
				 "#include <stdlib.h>\n#include <string.h>\n"
				 "#include <sys/ipc.h>\n#include <sys/stat.h>\n"
				 "#include <sys/sysinfo.h>\n#include <sys/wait.h>\n"
				 "#include <unistd.h>\n%s",
		body);
	struct ran ran = explore_text(option, text);
	free(text);
	return ran;
}

START_TEST(what_one_execution_leaves_in_a_file_the_next_does_not_find)
{
	char *file = scratch_path("%d.left", (int)getpid());
	char *option = text_format("-DFILE_NAME=\"%s\"", file);
	struct ran ran = explore_main(option,
		"int main(void)\n"
		"{\n"
		"	int fd = open(FILE_NAME, O_CREAT | O_EXCL | O_WRONLY, 0600);\n"
		"	assert(fd >= 0 && write(fd, \"x\", 1) == 1);\n"
		"	assert(mkdir(FILE_NAME \".folder\", 0700) == 0);\n"
		"	return 0;\n"
		"}\n");
	ck_assert_msg(ran.code == 0, "%d: %s", ran.code, ran.output);
	ck_assert_int_ne(access(file, F_OK), 0);
	ran_release(&ran);
	free(option);
	free(file);
}
END_TEST

/* Which inode a new file gets is the system's choice, and other servers have a part in it. */
START_TEST(new_files_are_alike_with_one_server_and_with_three)
{
	static const char counts[] =
		"static void count(void)\n"
		"{\n"
		"	int lock, file, number = 0;\n"
		"	while ((lock = open(\"lock\", O_CREAT | O_EXCL, 0600)) < 0)\n"
		"		usleep(1);\n"
		"	file = open(\"count\", O_CREAT | O_RDWR, 0600);\n"
		"	read(file, &number, sizeof number);\n"
		"	number++;\n"
		"	pwrite(file, &number, sizeof number, 0);\n"
		"	close(file);\n"
		"	close(lock);\n"
		"	unlink(\"lock\");\n"
		"}\n"
		"int main(void)\n"
		"{\n"
		"	for (int i = 0; i < 2; i++)\n"
		"		if (!fork()) {\n"
		"			count();\n"
		"			_exit(0);\n"
		"		}\n"
		"	while (wait(NULL) > 0)\n"
		"		;\n"
		"	return 0;\n"
		"}\n";
	struct ran one = explore_main("--jobs=1", counts);
	struct ran three = explore_main("--jobs=3", counts);
	ck_assert_msg(one.code == 0, "%d: %s", one.code, one.output);
	expect_holds(one.output, "complete");
	ck_assert_str_eq(one.output, three.output);
	ran_release(&three);
	ran_release(&one);
}
END_TEST

START_TEST(a_key_is_made_of_a_file_that_the_execution_made)
{
	struct ran ran =
		explore_main(NULL, "int main(void)\n"
				   "{\n"
				   "	close(open(\"key\", O_CREAT, 0600));\n"
				   "	key_t key = ftok(\"key\", 1);\n"
				   "	close(open(\"other\", O_CREAT, 0600));\n"
				   "	unlink(\"other\");\n"
				   "	close(open(\"third\", O_CREAT, 0600));\n"
				   "	assert(key != -1 && ftok(\"key\", 1) == key);\n"
				   "	assert(ftok(\"third\", 1) != key);\n"
				   "	return 0;\n"
				   "}\n");
	ck_assert_msg(ran.code == 0, "%d: %s", ran.code, ran.output);
	ran_release(&ran);
}
END_TEST

/* One that is emptied is another than one whose contents nobody has read. */
START_TEST(a_file_that_was_there_and_is_emptied_is_another_state)
{
	char *file = scratch_path("%d.full", (int)getpid());
	char *option = text_format("-DFILE_NAME=\"%s\"", file);
	struct error error;
	ck_assert_int_eq(file_replace(file, "full", 4, &error), 0);
	struct ran ran =
		explore_main(option, "int main(void)\n"
				     "{\n"
				     "	struct stat status;\n"
				     "	close(open(FILE_NAME, O_RDWR));\n"
				     "	for (int i = 0; i < 2; i++)\n"
				     "		if (!fork()) {\n"
				     "			if (i)\n"
				     "				close(open(FILE_NAME, "
				     "O_TRUNC | O_RDWR));\n"
				     "			_exit(0);\n"
				     "		}\n"
				     "	wait(NULL);\n"
				     "	stat(FILE_NAME, &status);\n"
				     "	wait(NULL);\n"
				     "	assert(status.st_size == 4);\n"
				     "	return 0;\n"
				     "}\n");
	ck_assert_msg(ran.code == 1, "%d: %s", ran.code, ran.output);
	expect_holds(ran.output, "assert");
	ran_release(&ran);
	free(option);
	free(file);
}
END_TEST

START_TEST(the_users_own_files_are_read_and_never_written)
{
	struct error error;
	char *file = scratch_path("%d.own", (int)getpid());
	char *option = text_format("-DFILE_NAME=\"%s\"", file);
	ck_assert_int_eq(file_replace(file, "mine", 4, &error), 0);
	struct ran ran = explore_main(option,
		"int main(void)\n"
		"{\n"
		"	char text[8] = {0};\n"
		"	FILE *file = fopen(FILE_NAME, \"r+\");\n"
		"	assert(fread(text, 1, 4, file) == 4 && !strcmp(text, "
		"\"mine\"));\n"
		"	rewind(file);\n"
		"	fputs(\"ours\", file);\n"
		"	fclose(file);\n"
		"	assert(rename(FILE_NAME, FILE_NAME \".new\") == 0);\n"
		"	assert(access(FILE_NAME, F_OK) < 0 && errno == ENOENT);\n"
		"	int fd = open(FILE_NAME \".new\", O_RDONLY);\n"
		"	assert(read(fd, text, 4) == 4 && !strcmp(text, \"ours\"));\n"
		"	assert(unlink(FILE_NAME \".new\") == 0);\n"
		"	return 0;\n"
		"}\n");
	ck_assert_msg(ran.code == 0, "%d: %s", ran.code, ran.output);
	char *left = file_read(file, 100, NULL, &error);
	ck_assert_ptr_nonnull(left);
	ck_assert_str_eq(left, "mine");
	free(left);
	ran_release(&ran);
	free(option);
	free(file);
}
END_TEST

START_TEST(every_machine_has_two_processors)
{
	struct ran ran = explore_main("-D_GNU_SOURCE",
		"int main(void)\n"
		"{\n"
		"	assert(get_nprocs() == 2);\n"
		"	assert(sysconf(_SC_NPROCESSORS_ONLN) == 2);\n"
		"	return 0;\n"
		"}\n");
	ck_assert_msg(ran.code == 0, "%d: %s", ran.code, ran.output);
	ran_release(&ran);
}
END_TEST

START_TEST(how_a_program_is_used_is_shown_beside_its_status)
{
	struct ran ran = explore_main(NULL, "int main(int argc, char **argv)\n"
					    "{\n"
					    "	if (argc < 3) {\n"
					    "		fprintf(stderr, \"usage: %s "
					    "READERS WRITERS\\n\", argv[0]);\n"
					    "		return 2;\n"
					    "	}\n"
					    "	return 0;\n"
					    "}\n");
	ck_assert_msg(ran.code == 1, "%d: %s", ran.code, ran.output);
	expect_holds(ran.output, "the program ended with status 2");
	expect_holds(ran.output, " READERS WRITERS");
	ran_release(&ran);
}
END_TEST

/* With a pipe as standard input, in which that text stands, and which stays open at first. */
static struct ran explore_with_input(const char *text, bool ends, const char *body)
{
	int pair[2], input = dup(0);
	ck_assert_int_eq(pipe(pair), 0);
	ck_assert_int_eq(write(pair[1], text, strlen(text)), (ssize_t)strlen(text));
	if (ends)
		close(pair[1]);
	fcntl(pair[1], F_SETFD, FD_CLOEXEC);
	dup2(pair[0], 0);
	struct ran ran = explore_main(NULL, body);
	dup2(input, 0);
	close(input);
	close(pair[0]);
	if (!ends)
		close(pair[1]);
	return ran;
}

START_TEST(each_execution_reads_the_same_input)
{
	struct ran ran = explore_with_input("17 4\n", true,
		"static void *work(void *number)\n"
		"{\n"
		"	if (scanf(\"%d\", (int *)number) != 1)\n"
		"		exit(3);\n"
		"	return NULL;\n"
		"}\n"
		"int main(void)\n"
		"{\n"
		"	int a, b;\n"
		"	pthread_t thread;\n"
		"	pthread_create(&thread, NULL, work, &a);\n"
		"	work(&b);\n"
		"	pthread_join(thread, NULL);\n"
		"	assert(a + b == 21);\n"
		"	return 0;\n"
		"}\n");
	ck_assert_msg(ran.code == 0, "%d: %s", ran.code, ran.output);
	ran_release(&ran);
}
END_TEST

START_TEST(a_program_that_reads_no_input_does_not_wait_for_any)
{
	struct ran ran = explore_with_input("", false,
		"int main(void)\n"
		"{\n"
		"	printf(\"nothing is asked\\n\");\n"
		"	return 0;\n"
		"}\n");
	ck_assert_msg(ran.code == 0, "%d: %s", ran.code, ran.output);
	expect_lacks(ran.output, "asked for input");
	ran_release(&ran);
}
END_TEST

static const char printing[] =
	"static atomic_int count;\n"
	"static void *work(void *name)\n"
	"{\n"
	"	if (atomic_fetch_add(&count, 1) == 0)\n"
	"		printf(\"%s is first\\n\", (char *)name);\n"
	"	return NULL;\n"
	"}\n"
	"int main(void)\n"
	"{\n"
	"	pthread_t a, b;\n"
	"	pthread_create(&a, NULL, work, \"a\");\n"
	"	pthread_create(&b, NULL, work, SECOND);\n"
	"	pthread_join(a, NULL);\n"
	"	pthread_join(b, NULL);\n"
	"	return 0;\n"
	"}\n";

START_TEST(different_outputs_are_counted)
{
	struct ran ran = explore_main("-DSECOND=\"b\"", printing);
	ck_assert_msg(ran.code == 0, "%d: %s", ran.code, ran.output);
	expect_holds(ran.output, "printed 2 different outputs");
	ran_release(&ran);

	ran = explore_main("-DSECOND=\"a\"", printing);
	ck_assert_msg(ran.code == 0, "%d: %s", ran.code, ran.output);
	expect_lacks(ran.output, "different outputs");
	ran_release(&ran);
}
END_TEST

START_TEST(a_status_does_not_hide_what_else_is_wrong)
{
	struct ran ran = explore_main(NULL,
		"static int count;\n"
		"static void *work(void *none) { count++; return none; }\n"
		"int main(void)\n"
		"{\n"
		"	pthread_t a;\n"
		"	pthread_create(&a, NULL, work, NULL);\n"
		"	count++;\n"
		"	pthread_join(a, NULL);\n"
		"	return 7;\n"
		"}\n");
	ck_assert_msg(ran.code == 1, "%d: %s", ran.code, ran.output);
	expect_holds(ran.output, "race: ");
	expect_holds(ran.output, "the program ended with status 7");
	ran_release(&ran);
}
END_TEST

START_TEST(two_threads_that_end_the_program_at_once_end_it)
{
	struct ran ran = explore_main(NULL,
		"static void *work(void *none) { exit(0); return none; }\n"
		"int main(void)\n"
		"{\n"
		"	pthread_t a, b;\n"
		"	pthread_create(&a, NULL, work, NULL);\n"
		"	pthread_create(&b, NULL, work, NULL);\n"
		"	pthread_join(a, NULL);\n"
		"	return 0;\n"
		"}\n");
	ck_assert_msg(ran.code == 0, "%d: %s %s", ran.code, ran.output, ran.errors);
	ran_release(&ran);
}
END_TEST

/* More interleavings than anybody waits for. */
static const char many[] =
	"static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;\n"
	"static int order[60], next;\n"
	"static void *work(void *number)\n"
	"{\n"
	"	for (int i = 0; i < 6; i++) {\n"
	"		pthread_mutex_lock(&lock);\n"
	"		order[next++] = *(int *)number;\n"
	"		pthread_mutex_unlock(&lock);\n"
	"	}\n"
	"	return NULL;\n"
	"}\n"
	"int main(void)\n"
	"{\n"
	"	pthread_t threads[8];\n"
	"	int numbers[8];\n"
	"	for (int i = 0; i < 8; i++) {\n"
	"		numbers[i] = i;\n"
	"		pthread_create(&threads[i], NULL, work, &numbers[i]);\n"
	"	}\n"
	"	for (int i = 0; i < 8; i++)\n"
	"		pthread_join(threads[i], NULL);\n"
	"	return 0;\n"
	"}\n";

START_TEST(a_limit_of_time_ends_with_what_was_covered)
{
	struct ran ran = explore_main("--time-limit=2", many);
	ck_assert_msg(ran.code == 2, "%d: %s", ran.code, ran.output);
	expect_holds(ran.output, "nothing found");
	expect_holds(ran.output, "the time is up");
	expect_holds(ran.errors, "not everything was looked at: the time is up");
	ran_release(&ran);
}
END_TEST

START_TEST(a_signal_ends_with_what_was_covered)
{
	static const int signals[] = {SIGINT, SIGTERM};
	char *path = scratch_path("%d.c", (int)getpid());
	char *output = scratch_path("%d.out", (int)getpid());
	char *text = text_format("#include <pthread.h>\n%s", many);
	struct error error;
	ck_assert_int_eq(file_replace(path, text, strlen(text), &error), 0);
	for (int i = 0; i < 2; i++) {
		const char *argv[] = {path_of("interlock"), "explore", path, NULL};
		pid_t pid = run_start(argv, output, output);
		nanosleep(&(struct timespec){.tv_sec = 2}, NULL);
		kill(pid, signals[i]);
		ck_assert_int_eq(run_wait(pid), 2);
		char *printed = file_get(output);
		expect_holds(printed, "it was interrupted");
		free(printed);
	}
	unlink(output);
	free(text);
	free(output);
	free(path);
}
END_TEST

static const TTest *const *const tests[] = {
	&what_one_execution_leaves_in_a_file_the_next_does_not_find,
	&new_files_are_alike_with_one_server_and_with_three,
	&a_key_is_made_of_a_file_that_the_execution_made,
	&a_file_that_was_there_and_is_emptied_is_another_state,
	&the_users_own_files_are_read_and_never_written,
	&every_machine_has_two_processors,
	&how_a_program_is_used_is_shown_beside_its_status,
	&each_execution_reads_the_same_input,
	&a_program_that_reads_no_input_does_not_wait_for_any,
	&different_outputs_are_counted,
	&a_status_does_not_hide_what_else_is_wrong,
	&two_threads_that_end_the_program_at_once_end_it,
	&a_limit_of_time_ends_with_what_was_covered,
	&a_signal_ends_with_what_was_covered,
};
SUITE_MAIN("explore's same start", tests)
