/* SPDX-License-Identifier: MIT */
/*
 * The same submission gets the same verdicts, alone on the machine, pinned to one CPU, and
 * with every core kept busy by others. In make check a few submissions are graded once in
 * each way; make check-long grades every one of both labs, and make stability as many times as
 * INTERLOCK_STABILITY says.
 */
#include "run.h"

#include "score/result.h"

#include <dirent.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>

/* A right one, and races that chance may or may not show. */
static const char *const telling[][2] = {
	{"critical-section", "solution"},
	{"critical-section", "wrong/no-lock"},
	{"critical-section", "wrong/only-the-write"},
	{"pool-map", "wrong/claims-without-lock"},
	{"pool-map", "wrong/last-chunk-lost"},
};

enum { MOST_CORES = 64, LABS_COUNT = 2 };
/* In make check the first alone. */
static const char *const LABS[LABS_COUNT] = {"critical-section", "pool-map"};
static long rounds = 1;
static bool everything;

static char *class_of(const char *lab)
{
	return scratch_path("class-%s", lab);
}

static void take(const char *lab, const char *submission)
{
	struct error error = {""};
	char *source = text_format("share/interlock/labs/%s/%s", lab, submission);
	char *from = path_of(source);
	const char *slash = strrchr(submission, '/');
	char *class = class_of(lab);
	char *to = path_join(class, slash ? slash + 1 : submission);

	ck_assert_msg(
		folder_make(class, &error) == 0 && folder_copy(from, to, &error) == 0,
		"%s", error.message);
	free(to);
	free(class);
	free(from);
	free(source);
}

static void take_all(const char *lab, const char *kind)
{
	char *below = text_format("share/interlock/labs/%s/%s", lab, kind);
	char *path = path_of(below);
	DIR *folder = opendir(path);
	struct dirent *entry = NULL;

	while (folder && (entry = readdir(folder))) {
		char *name = text_format("%s/%s", kind, entry->d_name);
		if (entry->d_name[0] != '.')
			take(lab, name);
		free(name);
	}
	if (folder)
		closedir(folder);
	free(path);
	free(below);
}

static void prepare(void)
{
	const char *wanted = getenv("INTERLOCK_STABILITY");

	scratch_make();
	everything = is_long_run();
	rounds = wanted ? strtol(wanted, NULL, 10) : 1;
	for (size_t i = 0; i < sizeof(telling) / sizeof(*telling); i++)
		if (everything || strcmp(telling[i][0], LABS[0]) == 0)
			take(telling[i][0], telling[i][1]);
	for (int i = 0; everything && i < LABS_COUNT; i++)
		take_all(LABS[i], "wrong");
	if (everything)
		take("pool-map", "solution");
}

/* Processes that do nothing but compute, until end_burners or the test's own end. */
static size_t start_burners(pid_t *burners)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	size_t count = cores > MOST_CORES ? MOST_CORES : (size_t)cores;

	for (size_t i = 0; i < count; i++) {
		burners[i] = fork();
		if (burners[i] == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (volatile long n = 0;; n++)
				;
		}
	}
	return count;
}

static void end_burners(const pid_t *burners, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		kill(burners[i], SIGKILL);
		waitpid(burners[i], NULL, 0);
	}
}

static void pin_to_one(void)
{
	cpu_set_t all;
	cpu_set_t one;

	CPU_ZERO(&all);
	CPU_ZERO(&one);
	ck_assert_int_eq(sched_getaffinity(0, sizeof(all), &all), 0);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &all)) {
			CPU_SET(cpu, &one);
			break;
		}
	ck_assert_int_eq(sched_setaffinity(0, sizeof(one), &one), 0);
}

/* "compiles pass, finishes fail, ..." */
static char *verdicts_of(const char *path)
{
	struct error error = {""};
	struct result *result = result_read(path, &error);
	char *text = text_copy("");

	ck_assert_msg(result != NULL, "%s", error.message);
	for (size_t i = 0; i < result->criterion_count; i++)
		text_replace(&text, "%s%s %s, ", text, result->criteria[i].name,
			verdict_name(result->criteria[i].verdict));
	result_free(result);
	return text;
}

static void grade_class(const char *lab, const char *out)
{
	char *class = class_of(lab);
	struct ran ran = run_interlock("batch", lab, class, "-o", out, NULL);

	ck_assert_msg(ran.code == 0, "%d: %s%s", ran.code, ran.output, ran.errors);
	ran_release(&ran);
	free(class);
}

static void compare(const char *lab, const char *before, const char *after)
{
	char *path = class_of(lab);
	DIR *class = opendir(path);
	struct dirent *entry = NULL;

	while ((entry = readdir(class))) {
		if (entry->d_name[0] == '.')
			continue;
		char *old_path = text_format("%s/%s/result.json", before, entry->d_name);
		char *new_path = text_format("%s/%s/result.json", after, entry->d_name);
		char *old = verdicts_of(old_path);
		char *new = verdicts_of(new_path);
		ck_assert_msg(strcmp(old, new) == 0, "%s/%s:\nbefore: %s\nafter:  %s",
			lab, entry->d_name, old, new);
		expect_lacks(new, "error");
		expect_lacks(new, "inconclusive");
		if (strcmp(entry->d_name, "solution") == 0)
			expect_lacks(new, " fail,");
		else
			expect_holds(new, " fail,");
		free(new);
		free(old);
		free(new_path);
		free(old_path);
	}
	closedir(class);
	free(path);
}

/* The first grading of all, which the others are compared with. */
static void grade_first(const char *lab)
{
	char *out = scratch_path("first-%s", lab);

	grade_class(lab, out);
	compare(lab, out, out);
	free(out);
}

static void expect_the_same(const char *lab)
{
	char *first = scratch_path("first-%s", lab);
	char *again = scratch_path("again-%s-%d", lab, (int)getpid());

	for (long round = 0; round < rounds; round++) {
		grade_class(lab, again);
		compare(lab, first, again);
		if (everything)
			fprintf(stderr, "%s: %ld of %ld\n", lab, round + 1, rounds);
	}
	free(again);
	free(first);
}

/* The tests are in this order: the others compare with what the first has written. */
static void grade_alone(void)
{
	for (int i = 0; i < (everything ? LABS_COUNT : 1); i++)
		grade_first(LABS[i]);
}

static void expect_all_the_same(void)
{
	for (int i = 0; i < (everything ? LABS_COUNT : 1); i++)
		expect_the_same(LABS[i]);
}

static void grade_pinned(void)
{
	pin_to_one();
	expect_all_the_same();
}

static void grade_beside_others(void)
{
	pid_t burners[MOST_CORES];
	size_t count = start_burners(burners);

	expect_all_the_same();
	end_burners(burners, count);
}

START_TEST(verdicts_are_as_they_should_be)
{
	grade_alone();
}
END_TEST

START_TEST(verdicts_are_the_same_pinned_to_one_cpu)
{
	grade_pinned();
}
END_TEST

START_TEST(verdicts_are_the_same_with_all_cores_busy)
{
	grade_beside_others();
}
END_TEST

START_LONG_TEST(all_verdicts_are_as_they_should_be, verdicts_are_as_they_should_be)
{
	grade_alone();
}
END_TEST

START_LONG_TEST(all_verdicts_are_the_same_pinned_to_one_cpu,
	verdicts_are_the_same_pinned_to_one_cpu)
{
	grade_pinned();
}
END_TEST

START_LONG_TEST(all_verdicts_are_the_same_with_all_cores_busy,
	verdicts_are_the_same_with_all_cores_busy)
{
	grade_beside_others();
}
END_TEST

static void add_tests(TCase *tcase)
{
	/* Whole classes are graded, beside as many others as there are cores. */
	tcase_set_timeout(tcase, is_long_run() ? 0 : 1800);
	add_short_test(tcase, verdicts_are_as_they_should_be, 0, 1);
	add_short_test(tcase, verdicts_are_the_same_pinned_to_one_cpu, 0, 1);
	add_short_test(tcase, verdicts_are_the_same_with_all_cores_busy, 0, 1);
	add_long_test(tcase, all_verdicts_are_as_they_should_be, 0, 1);
	add_long_test(tcase, all_verdicts_are_the_same_pinned_to_one_cpu, 0, 1);
	add_long_test(tcase, all_verdicts_are_the_same_with_all_cores_busy, 0, 1);
}

int main(void)
{
	return suite_run_case("stability", add_tests, prepare, scratch_remove);
}
