/* SPDX-License-Identifier: MIT */
/* The real program on a class of a tiny lab. */
#include "run.h"
#include "tiny.h"

#include "batch/progress.h"
#include "score/result.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>

#define HEADER "#include \"work.h\"\n"
#define RIGHT HEADER "long work(long n) { return 2 * n; }\n"
#define WRONG HEADER "long work(long n) { return n; }\n"
#define SLOW                                                                             \
	HEADER "#include <time.h>\nlong work(long n)\n{\n"                               \
	       "\tnanosleep(&(struct timespec){0, 200000000}, 0);\n\treturn 2 * n;\n}\n"

static void put(const char *class, const char *student, const char *source)
{
	char *path = text_format("%s/%s/work.c", class, student);

	file_put(path, source);
	free(path);
}

/* A class of right, wrong and refused submissions. */
static char *mixed_class(const char *name)
{
	char *class = scratch_path("%s", name);
	char *single = path_join(class, "judy.c");
	char *empty = path_join(class, "eve/README");
	char *hidden = path_join(class, ".hidden/work.c");

	put(class, "alice", RIGHT);
	put(class, "bob", WRONG);
	put(class, "carol", "no C\n");
	put(class, "junit.xml", RIGHT);
	put(class, "mallory \x1b[31m", RIGHT);
	file_put(single, RIGHT);
	file_put(empty, "");
	file_put(hidden, RIGHT);
	free(hidden);
	free(empty);
	free(single);
	return class;
}

/* "10 of 10" and so on from result.json of the submission. */
static struct result *stored(const char *out, const char *student)
{
	struct error error = {""};
	char *path = text_format("%s/%s/result.json", out, student);
	struct result *result = result_read(path, &error);

	ck_assert_msg(result != NULL, "%s", error.message);
	free(path);
	return result;
}

static void expect_points(const char *out, const char *student, long points)
{
	struct result *result = stored(out, student);

	ck_assert_msg(result->points == points, "%s has %ld", student, result->points);
	result_free(result);
}

START_TEST(a_class_is_graded_and_reported)
{
	char *lab = tiny_lab("mixed-lab");
	char *class = mixed_class("mixed");
	char *out = scratch_path("mixed-out");
	struct ran ran =
		run_interlock("batch", lab, class, "-o", out, "--jobs", "2", NULL);

	ck_assert_msg(ran.code == 0, "%d: %s%s", ran.code, ran.output, ran.errors);
	expect_points(out, "alice", 10);
	expect_points(out, "bob", 1);
	expect_points(out, "carol", 0);
	expect_points(out, "eve", 0);
	expect_points(out, "judy.c", 10);
	expect_points(out, "junit.xml%", 10);
	expect_holds(ran.output, "alice");
	expect_lacks(ran.output, "\x1b");
	expect_lacks(ran.output, "hidden");
	static const char *const files[] = {"class.txt", "junit.xml", "junit-strict.xml",
		"alice/report.txt", "alice/junit.xml", "alice/junit-strict.xml"};
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char *path = path_join(out, files[i]);
		ck_assert_msg(path_is_file(path), "%s", path);
		free(path);
	}
	ran_release(&ran);
	free(out);
	free(class);
	free(lab);
}
END_TEST

START_TEST(two_jobs_at_once_give_the_verdicts_of_one)
{
	static const char *const students[] = {
		"alice", "bob", "carol", "eve", "judy.c", "junit.xml%"};
	char *lab = tiny_lab("jobs-lab");
	char *class = mixed_class("jobs");
	char *one = scratch_path("jobs-one");
	char *four = scratch_path("jobs-four");
	struct ran ran = run_interlock(
		"batch", lab, class, "-o", one, "-j", "1", "--seed", "abc", NULL);

	ck_assert_int_eq(ran.code, 0);
	ran_release(&ran);
	ran = run_interlock(
		"batch", lab, class, "-o", four, "-j", "4", "--seed", "abc", NULL);
	ck_assert_int_eq(ran.code, 0);
	ran_release(&ran);
	for (size_t i = 0; i < sizeof(students) / sizeof(*students); i++) {
		struct result *a = stored(one, students[i]);
		struct result *b = stored(four, students[i]);
		ck_assert_int_eq(a->points, b->points);
		for (size_t j = 0; j < a->criterion_count; j++)
			ck_assert_int_eq(a->criteria[j].verdict, b->criteria[j].verdict);
		result_free(a);
		result_free(b);
	}
	free(four);
	free(one);
	free(class);
	free(lab);
}
END_TEST

START_TEST(a_linked_folder_of_another_student_earns_nothing)
{
	char *lab = tiny_lab("link-lab");
	char *class = scratch_path("link");
	char *out = scratch_path("link-out");
	char *thief = scratch_path("link/thief");

	put(class, "alice", RIGHT);
	ck_assert_int_eq(symlink("alice", thief), 0);
	struct ran ran = run_interlock("batch", lab, class, "-o", out, NULL);
	ck_assert_int_eq(ran.code, 0);
	expect_points(out, "alice", 10);
	expect_points(out, "thief", 0);
	ran_release(&ran);
	free(thief);
	free(out);
	free(class);
	free(lab);
}
END_TEST

START_TEST(an_empty_or_missing_class_is_our_error)
{
	struct error error = {""};
	char *empty = scratch_path("empty-class");
	char *lab = tiny_lab("empty-lab");

	ck_assert_int_eq(folder_make(empty, &error), 0);
	struct ran ran = run_interlock("batch", lab, empty, "-o", empty, NULL);
	ck_assert_int_eq(ran.code, 2);
	expect_holds(ran.errors, "no submissions");
	ran_release(&ran);
	ran = run_interlock("batch", lab, "/nowhere/at/all", "-o", empty, NULL);
	ck_assert_int_eq(ran.code, 2);
	expect_holds(ran.errors, "/nowhere/at/all");
	ran_release(&ran);
	free(lab);
	free(empty);
}
END_TEST

static size_t count_entries(const char *path, const char *part)
{
	DIR *folder = opendir(path);
	struct dirent *entry = NULL;
	size_t count = 0;

	while (folder && (entry = readdir(folder)))
		count += strstr(entry->d_name, part) != NULL;
	if (folder)
		closedir(folder);
	return count;
}

static void nap_ms(long ms)
{
	nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

struct running {
	pid_t pid;
	char *out;
	char *temporary; /* its TMPDIR */
	int students;
};

/* A batch of submissions of which each takes 4 s and more, in which one is done. */
static struct running start_slow(const char *name)
{
	struct error error = {""};
	struct running running = {.students = 8,
		.out = scratch_path("%s-out", name),
		.temporary = scratch_path("%s-tmp", name)};
	char *lab = tiny_lab(name);
	char *class = scratch_path("%s-class", name);
	char *interlock = path_of("interlock");
	char *log = scratch_path("%s.log", name);
	char *first = path_join(running.out, "a/result.json");

	put(class, "a", RIGHT);
	for (int i = 1; i < running.students; i++) {
		char student[8];
		snprintf(student, sizeof(student), "b%d", i);
		put(class, student, SLOW);
	}
	ck_assert_int_eq(folder_make(running.temporary, &error), 0);
	ck_assert_int_eq(chmod(running.temporary, 0755), 0);
	setenv("TMPDIR", running.temporary, 1);
	ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	running.pid = run_start((const char *const[]){interlock, "batch", lab, class,
					"-o", running.out, "-j", "2", NULL},
		log, log);
	while (!path_is_file(first))
		nap_ms(20);
	nap_ms(500); /* so that slow ones are under way */
	free(first);
	free(log);
	free(interlock);
	free(class);
	free(lab);
	return running;
}

static void expect_whole_files_only(const struct running *running)
{
	DIR *folder = opendir(running->out);
	struct dirent *entry = NULL;
	size_t results = 0;

	while ((entry = readdir(folder))) {
		if (entry->d_name[0] == '.')
			continue;
		char *own = path_join(running->out, entry->d_name);
		char *path = path_join(own, "result.json");
		if (path_is_file(path)) {
			result_free(stored(running->out, entry->d_name));
			ck_assert_uint_eq(count_entries(own, ".json"), 1);
			results++;
		}
		free(path);
		free(own);
	}
	closedir(folder);
	ck_assert_uint_ge(results, 1);
	ck_assert_uint_lt(results, (size_t)running->students);
}

static void running_release(struct running *running)
{
	free(running->out);
	free(running->temporary);
}

static void expect_no_process(void)
{
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
}

START_TEST(a_batch_that_is_asked_to_stop_leaves_no_process_and_no_folder)
{
	static const int signals[] = {SIGINT, SIGTERM};

	for (int i = 0; i < 2; i++) {
		struct running running = start_slow(i ? "term" : "int");
		kill(running.pid, signals[i]);
		ck_assert_int_eq(run_wait(running.pid), 2);
		expect_no_process();
		ck_assert_uint_eq(count_entries(running.temporary, "interlock"), 0);
		expect_whole_files_only(&running);
		running_release(&running);
	}
}
END_TEST

/* What it was at ends by itself: nobody is left to end it. */
START_TEST(a_killed_batch_leaves_whole_files_and_no_process)
{
	struct running running = start_slow("kill");

	kill(running.pid, SIGKILL);
	ck_assert_int_eq(run_wait(running.pid), -SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
	ck_assert_int_eq(errno, ECHILD);
	expect_whole_files_only(&running);
	running_release(&running);
}
END_TEST

START_TEST(results_of_an_earlier_batch_are_not_taken_for_this_ones)
{
	char *lab = tiny_lab("old-lab");
	char *class = scratch_path("old");
	char *out = scratch_path("old-out");

	put(class, "alice", RIGHT);
	struct ran ran = run_interlock("batch", lab, class, "-o", out, NULL);
	ck_assert_int_eq(ran.code, 0);
	ran_release(&ran);
	tiny_replace(lab, "checks/checks.c", "play_run();", "abort();");
	ran = run_interlock("batch", lab, class, "-o", out, NULL);
	struct result *result = stored(out, "alice");
	ck_assert_int_ne(result->verdict, VERDICT_PASS);
	ck_assert_int_eq(result->points, 1);
	result_free(result);
	ran_release(&ran);
	free(out);
	free(class);
	free(lab);
}
END_TEST

START_TEST(how_far_a_batch_is_is_told_with_rate_and_time_left)
{
	static const struct {
		size_t done, wanted;
		double seconds;
		const char *text;
	} cases[] = {
		{0, 48, 0, "0 of 48 graded"},
		{12, 48, 9, "12 of 48 graded, 1.3 a second, 27 s left"},
		{3, 300, 60, "3 of 300 graded, 3.0 a minute, 99 min left"},
		{1, 3000, 4, "1 of 3000 graded, 15.0 a minute, 3 h 19 min left"},
		{48, 48, 40, "48 of 48 graded, 1.2 a second"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *text =
			progress_text(cases[i].done, cases[i].wanted, cases[i].seconds);
		ck_assert_str_eq(text, cases[i].text);
		free(text);
	}
}
END_TEST

static const TTest *const *const tests[] = {
	&how_far_a_batch_is_is_told_with_rate_and_time_left,
	&a_class_is_graded_and_reported,
	&two_jobs_at_once_give_the_verdicts_of_one,
	&a_linked_folder_of_another_student_earns_nothing,
	&an_empty_or_missing_class_is_our_error,
	&a_batch_that_is_asked_to_stop_leaves_no_process_and_no_folder,
	&a_killed_batch_leaves_whole_files_and_no_process,
	&results_of_an_earlier_batch_are_not_taken_for_this_ones,
};
SUITE_MAIN("batch", tests)
