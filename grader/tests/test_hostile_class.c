/* SPDX-License-Identifier: MIT */
/*
 * Classes in which everyone but two is hostile, graded in the strongest tier that works here,
 * in make check some of them, and in make check-long all in tiers A, B and C: each gets what the
 * manifests and kinds.h say, the two get what they deserve, the host is as it was, and no report
 * shows what was not the submission's to see.
 */
#include "base/text.h"
#include "hostile/classroom.h"
#include "hostile/kinds.h"
#include "run.h"
#include "sandbox/box.h"
#include "score/result.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <libxml/parser.h>
#include <sys/prctl.h>
#include <time.h>

/* HANG: seconds for one tier; only a hang can reach it. SAMPLE: one of so many sources. */
enum { MOST = 128, HANG = 3600, SAMPLE = 5 };

/*
 * The lab with fewer runs, since there are many submissions; and for those that attack the
 * host but otherwise work, without the explorer: what they call means nothing to it.
 */
static const struct change fewer_runs[] = {{"runs: 100}", "runs: 20}"},
	{"executions: 2000}", "executions: 200}"},
	/* Any function, so that what is called meets the other layers. */
	{"uses: [mp_lock_*", "uses: [\"*\""}},
			   no_explorer[] = {{"explore, stress", "stress"},
				   {"stress, explore", "stress"}};

static void copy_lab(const char *name, const struct change *changes, size_t count)
{
	struct error error;
	char *folder = scratch_path("%s", name);

	ck_assert_int_eq(folder_copy(LAB, folder, &error), 0);
	change_lab(name, fewer_runs, 3);
	change_lab(name, changes, count);
	free(folder);
}

static void prepare(void)
{
	scratch_make();
	copy_lab("lab-attacks", no_explorer, 2);
	copy_lab("lab-cheats", NULL, 0);
	world_open(&world);
	defines = world_defines(&world);
}

static void put_away(void)
{
	free(defines);
	world_close(&world);
	scratch_remove();
}

static void show_reasons(const struct criterion_result *criterion)
{
	for (size_t i = 0; i < criterion->evidence_count; i++)
		fprintf(stderr, "  %s: %s\n", stage_name(criterion->evidence[i].stage),
			criterion->evidence[i].reason);
}

/* The first criterion that did not pass, or "pass". If that is not `expected`, its reasons are
 * shown. */
static char *outcome_of(const char *reports, const char *name, const char *expected)
{
	struct error error = {""};
	char *valid = text_valid(name, strlen(name));
	char *shown = strcmp(valid, name) == 0 ? text_copy(name) : text_file_name(name);
	char *folder = text_file_name(shown);
	char *path = scratch_path("%s/%s/result.json", reports, folder);
	struct result *result = result_read(path, &error);
	char *outcome = text_copy("pass");

	ck_assert_msg(result != NULL, "%s: %s", name, error.message);
	for (size_t i = 0; i < result->criterion_count; i++)
		if (result->criteria[i].verdict != VERDICT_PASS) {
			text_replace(&outcome, "%s%s", result->criteria[i].name,
				result->criteria[i].verdict == VERDICT_FAIL
					? ""
					: " (not failed)");
			if (strcmp(outcome, expected) != 0)
				show_reasons(&result->criteria[i]);
			break;
		}
	result_free(result);
	free(valid);
	free(shown);
	free(folder);
	free(path);
	return outcome;
}

/* What was not the submission's to see, and what a reader would choke on: the canaries' text,
 * a control character, a line that CI systems obey, a character that XML has not. */
static bool report_is_clean(const char *path)
{
	static const char *const unwanted[] = {
		"canary is well", "\033", "\n::error", "\xef\xbf\xbe"};
	char *text = file_get(path);
	char *valid = text_valid(text, strlen(text));
	bool clean = strcmp(text, valid) == 0;

	for (size_t i = 0; i < sizeof(unwanted) / sizeof(*unwanted); i++)
		clean = clean && !strstr(text, unwanted[i]);
	if (strlen(path) > 4 && strcmp(path + strlen(path) - 4, ".xml") == 0) {
		xmlDoc *document = xmlReadFile(path, NULL, XML_PARSE_NONET);
		clean = clean && document;
		xmlFreeDoc(document);
	}
	if (!clean)
		fprintf(stderr, "%s shows what it must not\n", path);
	free(valid);
	free(text);
	return clean;
}

static int unclean;

static int look_at_report(
	const char *path, const struct stat *status, int kind, struct FTW *at)
{
	(void)status;
	(void)at;
	if (kind == FTW_F && !report_is_clean(path))
		unclean++;
	return 0;
}

/* Every file of every submission, and those about the class. */
static void expect_clean_reports(const char *folder)
{
	unclean = 0;
	ck_assert_int_eq(nftw(folder, look_at_report, 16, FTW_PHYS), 0);
	ck_assert_int_eq(unclean, 0);
}

static size_t expect_outcomes(
	const char *reports, const struct hostile *list, size_t count)
{
	size_t wrong = 0;

	for (size_t i = 0; i < count; i++) {
		char *outcome = outcome_of(reports, list[i].name, list[i].verdict);

		if (strcmp(outcome, list[i].verdict) != 0) {
			fprintf(stderr, "%s in %s: %s, not %s\n", list[i].name, reports,
				outcome, list[i].verdict);
			wrong++;
		}
		free(outcome);
	}
	return wrong;
}

/*
 * We are the subreaper: whoever outlived a box is our child now. A keeper whose grader went
 * first may still be on its way out; what hostile programs leave sleeps for ten minutes.
 */
static void expect_nobody_lives(void)
{
	const struct timespec moment = {.tv_nsec = 10000000};
	pid_t pid = 0;

	for (int i = 0; i < 12000 && pid >= 0; i++) {
		while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
			;
		if (pid == 0)
			nanosleep(&moment, NULL);
	}
	ck_assert_int_eq(pid, -1);
	ck_assert_int_eq(errno, ECHILD);
}

static void expect_nothing_left(void)
{
	DIR *folder = opendir("/dev/shm");
	struct dirent *entry;

	ck_assert(world_is_intact(&world));
	expect_nobody_lives();
	while (folder && (entry = readdir(folder)))
		expect_lacks(entry->d_name, "interlock-left");
	if (folder)
		closedir(folder);
}

/* Every submission of the class gets what the list says, and its neighbours what they deserve.
 * `only` is the criterion to stop at. */
static void grade_class(const char *class, const char *lab_name,
	const struct hostile *list, size_t count, const char *only)
{
	char *lab = scratch_path("%s", lab_name);
	char *reports = text_format("reports-%s", class);
	char *class_path = scratch_path("%s", class);
	char *reports_path = scratch_path("%s", reports);
	/* Many of them wait to be noticed. */
	struct ran ran = run_interlock("batch", lab, class_path, "-o", reports_path,
		"--only", only, "--jobs", "6", NULL);
	struct hostile neighbours[] = {{.name = "neighbour-right", .verdict = "pass"},
		{.name = "neighbour-wrong", .verdict = "counts_right_alone"}};

	if (ran.code != 0)
		fprintf(stderr, "%s\n%s", ran.output, ran.errors);
	ck_assert_int_eq(ran.code, 0);
	expect_lacks(ran.output, "\033");
	expect_lacks(ran.output, "\n::error");
	expect_lacks(ran.errors, "\033");
	expect_lacks(ran.errors, "\n::error");
	ck_assert_uint_eq(expect_outcomes(reports, list, count), 0);
	ck_assert_uint_eq(expect_outcomes(reports, neighbours, 2), 0);
	expect_clean_reports(reports_path);
	ran_release(&ran);
	free(lab);
	free(reports);
	free(class_path);
	free(reports_path);
}

static void add_neighbours(const char *class)
{
	add_neighbour(class, "neighbour-right", LAB "/solution/account.c");
	add_neighbour(class, "neighbour-wrong", LAB "/wrong/at-least-once/account.c");
}

/* In make check, one of SAMPLE; how many stay. */
static size_t take_sample(struct hostile *list, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i += is_long_run() ? 1 : SAMPLE)
		list[kept++] = list[i];
	return kept;
}

/* One of the folders of sources. */
static void grade_sources(
	const char *tier, const char *folder, const char *manifest, const char *only)
{
	struct hostile list[MOST];
	size_t count = take_sample(list, hostile_list(manifest, list, MOST));
	bool own_verdicts = strcmp(tier, "C") == 0 && strcmp(folder, "cheats") == 0;
	char *class = text_format("%s-%s", folder, tier);
	char *lab = text_format("lab-%s", folder);

	for (size_t i = 0; i < count; i++) {
		if (own_verdicts && list[i].tiers[0] != '-')
			memcpy(list[i].verdict, list[i].tiers, sizeof(list[i].verdict));
		add_submission(class, folder, list[i].name);
	}
	add_neighbours(class);
	grade_class(class, lab, list, count, only);
	free(lab);
	free(class);
}

/* What is hostile as a file. */
static void grade_kinds(const char *tier)
{
	struct hostile list[KIND_COUNT];
	char *class = text_format("kinds-%s", tier);
	char *class_path = scratch_path("%s", class);
	char *honest = file_get(LAB "/solution/account.c");

	add_neighbours(class);
	kinds_make(class_path, &world, honest);
	memset(list, 0, sizeof(list));
	for (size_t i = 0; i < KIND_COUNT; i++) {
		snprintf(list[i].name, sizeof(list[i].name), "%s", KINDS[i].name);
		snprintf(
			list[i].verdict, sizeof(list[i].verdict), "%s", KINDS[i].verdict);
	}
	grade_class(class, "lab-attacks", list, KIND_COUNT, "counts_right_alone");
	free(honest);
	free(class_path);
	free(class);
}

static void grade_in_tier(enum box_tier tier)
{
	const char *name = box_tier_name(tier);

	ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	ck_assert_int_eq(setenv("INTERLOCK_TIER", name, 1), 0);
	grade_kinds(name);
	grade_sources(name, "attacks", HOSTILE_FOLDER "manifest", "counts_right_alone");
	grade_sources(name, "cheats", HOSTILE_FOLDER "manifest.cheats",
		"withdraw_lets_others_in");
	expect_nothing_left();
}

START_TEST(a_hostile_submission_gets_its_verdict)
{
	struct error error;
	enum box_tier tier = box_probe(&error);

	ck_assert_msg(tier < BOX_TIER_D, "%s", error.message);
	grade_in_tier(tier);
}
END_TEST

START_LONG_TEST(every_hostile_submission_gets_its_verdict_in_each_tier,
	a_hostile_submission_gets_its_verdict)
{
	struct error error;

	if (box_tier_works((enum box_tier)_i, &error))
		grade_in_tier((enum box_tier)_i);
}
END_TEST

/* How many sources the folder has; each must be in the manifest and in the README. */
static size_t count_listed(const char *folder, const char *manifest)
{
	char *path = text_format(HOSTILE_FOLDER "%s", folder);
	char *listed = file_get(manifest);
	char *readme = file_get(HOSTILE_FOLDER "README.md");
	struct dirent **names = NULL;
	int count = scandir(path, &names, NULL, alphasort);
	size_t sources = 0;

	ck_assert_int_gt(count, 0);
	for (int i = 0; i < count; i++) {
		char *dot = strrchr(names[i]->d_name, '.');
		if (dot && strcmp(dot, ".c") == 0) {
			*dot = '\0';
			char *line = text_format("\n%s ", names[i]->d_name);
			char *word = text_format("`%s`", names[i]->d_name);
			expect_holds(listed, line);
			expect_holds(readme, word);
			free(line);
			free(word);
			sources++;
		}
		free(names[i]);
	}
	free(names);
	free(readme);
	free(listed);
	free(path);
	return sources;
}

START_TEST(no_hostile_submission_is_forgotten)
{
	size_t attacks = count_listed("attacks", HOSTILE_FOLDER "manifest");
	size_t cheats = count_listed("cheats", HOSTILE_FOLDER "manifest.cheats");
	struct hostile list[MOST];

	ck_assert_uint_eq(hostile_list(HOSTILE_FOLDER "manifest", list, MOST), attacks);
	ck_assert_uint_eq(
		hostile_list(HOSTILE_FOLDER "manifest.cheats", list, MOST), cheats);
	ck_assert_uint_ge(attacks + cheats + KIND_COUNT, 60);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hostile class");
	TCase *tcase = tcase_create("hostile class");
	SRunner *runner;
	int failed;

	tcase_add_unchecked_fixture(tcase, prepare, put_away);
	tcase_set_timeout(tcase, HANG);
	add_short_test(tcase, no_hostile_submission_is_forgotten, 0, 1);
	add_short_test(tcase, a_hostile_submission_gets_its_verdict, 0, 1);
	add_long_test(tcase, every_hostile_submission_gets_its_verdict_in_each_tier,
		BOX_TIER_A, BOX_TIER_D);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
