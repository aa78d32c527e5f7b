/* SPDX-License-Identifier: MIT */
/* A batch that is killed at any instant, and started again, ends as one that was not. */
#include "run.h"
#include "tiny.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/prctl.h>
#include <time.h>

#define HEADER "#include \"work.h\"\n"
#define RIGHT HEADER "long work(long n) { return 2 * n; }\n"
#define WRONG HEADER "long work(long n) { return n; }\n"

/* Of the short test, and of the one that takes an hour. */
enum { KILLS = 2, MANY_KILLS = 200, STUDENTS = 2 };

static char *lab, *class, *interlock, *said;

static void prepare(void)
{
	scratch_make();
	lab = tiny_lab("lab");
	class = scratch_path("class");
	interlock = path_of("interlock");
	said = scratch_path("said");
	for (int i = 0; i < STUDENTS; i++) {
		char *path = text_format("%s/student-%d/work.c", class, i);
		file_put(path, i < STUDENTS / 2 ? RIGHT : WRONG);
		free(path);
	}
}

static void put_away(void)
{
	free(said);
	free(interlock);
	free(class);
	free(lab);
	scratch_remove();
}

static pid_t start(const char *out)
{
	return run_start((const char *const[]){interlock, "batch", lab, class, "-o", out,
				 "-j", "2", NULL},
		said, said);
}

/* To its end. */
static void run_whole(const char *out)
{
	int code = run_wait(start(out));
	char *text = file_get(said);

	ck_assert_msg(code == 0, "%d: %s", code, text);
	free(text);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void kill_after(const char *out, double wait)
{
	pid_t pid = start(out);

	nanosleep(&(struct timespec){(time_t)wait, (long)((wait - (time_t)wait) * 1e9)},
		NULL);
	kill(pid, SIGKILL);
	run_wait(pid);
	while (waitpid(-1, NULL, 0) > 0)
		; /* what it had started ends by itself */
}

static void expect_whole_database(const char *out)
{
	char *path = path_join(out, "class.db");
	sqlite3 *database = NULL;
	sqlite3_stmt *statement = NULL;

	if (path_is_file(path)) {
		ck_assert_int_eq(
			sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, NULL),
			SQLITE_OK);
		ck_assert_int_eq(sqlite3_prepare_v2(database, "PRAGMA integrity_check",
					 -1, &statement, NULL),
			SQLITE_OK);
		ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
		ck_assert_str_eq((const char *)sqlite3_column_text(statement, 0), "ok");
		sqlite3_finalize(statement);
		sqlite3_close(database);
	}
	free(path);
}

/* Byte for byte; junit.xml and result.json have times in them. */
static void expect_same_reports(const char *one, const char *other)
{
	static const char *const files[] = {"class.txt", "class.csv", "class.json",
		"statistics.txt", "student-0/report.txt", "student-1/report.txt"};

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char *left = path_join(one, files[i]);
		char *right = path_join(other, files[i]);
		char *wanted = file_get(left);
		char *found = file_get(right);
		ck_assert_msg(strcmp(wanted, found) == 0, "%s is\n%s\nnot\n%s", files[i],
			found, wanted);
		free(found);
		free(wanted);
		free(right);
		free(left);
	}
}

/* The instants are spread over the time that an undisturbed batch takes. */
static void kill_often(int kills)
{
	char *calm = scratch_path("calm");
	char *disturbed = scratch_path("disturbed");
	double started = seconds();

	/* Only who is waited for to its end lets go of the class. */
	ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	run_whole(calm);
	double whole = seconds() - started;
	for (int i = 0; i < kills; i++) {
		kill_after(disturbed, whole * ((i * 7 + 3) % 10 + 0.5) / 10);
		expect_whole_database(disturbed);
	}
	run_whole(disturbed);
	expect_whole_database(disturbed);
	expect_same_reports(calm, disturbed);
	free(disturbed);
	free(calm);
}

START_TEST(a_batch_that_is_killed_twice_ends_as_an_undisturbed_one)
{
	kill_often(KILLS);
}
END_TEST

/* Once all is graded there is nothing left to disturb: so the class is another one each time. */
START_LONG_TEST(a_batch_that_is_killed_200_times_ends_as_an_undisturbed_one,
	a_batch_that_is_killed_twice_ends_as_an_undisturbed_one)
{
	for (int i = 0; i < MANY_KILLS / KILLS; i++) {
		struct error error = {""};
		char *calm = scratch_path("calm");
		char *disturbed = scratch_path("disturbed");
		char *path = text_format("%s/student-0/work.c", class);
		char *source = text_format(RIGHT "/* %d */\n", i);
		file_put(path, source);
		kill_often(KILLS);
		ck_assert_int_eq(folder_remove(calm, &error), 0);
		ck_assert_int_eq(folder_remove(disturbed, &error), 0);
		free(source);
		free(path);
		free(disturbed);
		free(calm);
	}
}
END_TEST

static void add_tests(TCase *tcase)
{
	add_short_test(
		tcase, a_batch_that_is_killed_twice_ends_as_an_undisturbed_one, 0, 1);
	add_long_test(
		tcase, a_batch_that_is_killed_200_times_ends_as_an_undisturbed_one, 0, 1);
}

int main(void)
{
	suite_hang_seconds = is_long_run() ? 0 : 300;
	return suite_run_case("killed", add_tests, prepare, put_away);
}
