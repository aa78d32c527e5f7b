/* SPDX-License-Identifier: MIT */
/*
 * A class in which everyone but two is hostile, graded in tiers A, B and C: each gets what
 * the manifests say, the two get what they deserve, the host is as it was, and no report
 * shows what was not the submission's to see.
 */
#include "hostile/world.h"
#include "run.h"
#include "sandbox/box.h"
#include "score/result.h"

#include <errno.h>
#include <libxml/parser.h>
#include <sys/prctl.h>
#include <time.h>

#define HOSTILE_FOLDER "grader/tests/hostile/"
#define LAB "labs/critical-section"

/* Seconds for one tier; only a hang can reach it. */
enum { MOST = 128, HANG = 3600 };

static struct world world;
static char *defines;

/* Spoils its own result where it succeeds, else does the work. */
static const char HONEST[] =
	"\nstatic int spoiled(void)\n{\n"
	"\tstatic __thread int known = -1;\n"
	"\tif (known < 0)\n\t\tknown = attack();\n"
	"\treturn known;\n}\n"
	"void account_withdraw(struct account *account, long times, long amount)\n{\n"
	"\tfor (long i = 0; !spoiled() && i < times; i++) {\n"
	"\t\tmp_lock_acquire(&account->lock);\n\t\taccount->balance -= amount;\n"
	"\t\tmp_lock_release(&account->lock);\n\t}\n}\n"
	"void account_deposit(struct account *account, long times, long amount)\n{\n"
	"\taccount_withdraw(account, times, -amount);\n}\n";

/*
 * The lab with fewer runs, since there are many submissions; and for those that attack the
 * host but otherwise work, without the explorer: what they call means nothing to it.
 */
static void copy_lab(const char *name, bool explored)
{
	static const struct {
		const char *from, *to;
	} changes[] = {
		{"runs: 100}", "runs: 20}"},
		{"executions: 2000}", "executions: 200}"},
		{"explore, stress", "stress"},
		{"stress, explore", "stress"},
	};
	struct error error;
	char *folder = scratch_path("%s", name);
	char *yaml = path_join(folder, "lab.yaml"), *text, *at;

	ck_assert_int_eq(folder_copy(LAB, folder, &error), 0);
	text = file_get(yaml);
	for (size_t i = 0; i < (explored ? 2 : 4); i++)
		while ((at = strstr(text, changes[i].from))) {
			size_t before = (size_t)(at - text);

			text_replace(&text, "%.*s%s%s", (int)before, text, changes[i].to,
				at + strlen(changes[i].from));
		}
	file_put(yaml, text);
	free(text);
	free(yaml);
	free(folder);
}

static void prepare(void)
{
	scratch_make();
	copy_lab("lab-attacks", false);
	copy_lab("lab-cheats", true);
	world_open(&world);
	defines = world_defines(&world);
}

static void put_away(void)
{
	free(defines);
	world_close(&world);
	scratch_remove();
}

static void add_submission(const char *class, const char *folder, const char *name)
{
	char *source = text_format(HOSTILE_FOLDER "%s/%s.c", folder, name);
	char *body = file_get(source);
	bool whole = strstr(body, "account_withdraw(") != NULL;
	char *text = text_format("#define _GNU_SOURCE\n#include \"account.h\"\n%s"
				 "static const unsigned linger_seconds = 0;\n%s%s",
		defines, body, whole ? "" : HONEST);
	char *path = scratch_path("%s/%s/account.c", class, name);

	file_put(path, text);
	free(source);
	free(body);
	free(text);
	free(path);
}

static void add_neighbour(const char *class, const char *name, const char *from)
{
	char *path = scratch_path("%s/%s/account.c", class, name);
	char *text = file_get(from);

	file_put(path, text);
	free(path);
	free(text);
}

/* The first criterion that did not pass, or "pass". */
static char *outcome_of(const char *reports, const char *name)
{
	struct error error = {""};
	char *path = scratch_path("%s/%s/result.json", reports, name);
	struct result *result = result_read(path, &error);
	char *outcome = text_copy("pass");

	ck_assert_msg(result != NULL, "%s: %s", name, error.message);
	for (size_t i = 0; i < result->criterion_count; i++)
		if (result->criteria[i].verdict != VERDICT_PASS) {
			text_replace(&outcome, "%s%s", result->criteria[i].name,
				result->criteria[i].verdict == VERDICT_FAIL
					? ""
					: " (not failed)");
			break;
		}
	result_free(result);
	free(path);
	return outcome;
}

/* What was not the submission's to see, and what a reader would choke on. */
static bool reports_are_clean(const char *reports, const char *name)
{
	static const char *const files[] = {
		"result.json", "report.txt", "junit.xml", "junit-strict.xml"};
	/* The canary's text, a control character, a line that CI systems obey. */
	static const char *const unwanted[] = {"canary is well", "\033", "\n::error::"};
	bool clean = true;

	for (int i = 0; i < 4; i++) {
		char *path = scratch_path("%s/%s/%s", reports, name, files[i]);
		char *text = file_get(path);

		for (size_t j = 0; j < sizeof(unwanted) / sizeof(*unwanted); j++)
			if (strstr(text, unwanted[j])) {
				fprintf(stderr, "%s shows what starts with %c\n", path,
					unwanted[j][0] < ' ' ? '?' : unwanted[j][0]);
				clean = false;
			}
		if (i >= 2) {
			xmlDoc *document = xmlReadFile(path, NULL, XML_PARSE_NONET);
			ck_assert_msg(document != NULL, "%s is no XML", path);
			xmlFreeDoc(document);
		}
		free(text);
		free(path);
	}
	return clean;
}

static size_t expect_outcomes(
	const char *reports, const struct hostile *list, size_t count)
{
	size_t wrong = 0;

	for (size_t i = 0; i < count; i++) {
		char *outcome;

		if (strcmp(list[i].verdict, "-") == 0)
			continue;
		outcome = outcome_of(reports, list[i].name);
		if (strcmp(outcome, list[i].verdict) != 0) {
			fprintf(stderr, "%s in %s: %s, not %s\n", list[i].name, reports,
				outcome, list[i].verdict);
			wrong++;
		}
		wrong += !reports_are_clean(reports, list[i].name);
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

/* Grades one of the two folders; `only` is the criterion to stop at. */
static void grade_class(
	const char *tier, const char *folder, const char *manifest, const char *only)
{
	struct hostile list[MOST];
	size_t count = hostile_list(manifest, list, MOST), wrong;
	bool own_verdicts = strcmp(tier, "C") == 0 && strcmp(folder, "cheats") == 0;
	char *class = text_format("%s-%s", folder, tier);
	char *lab = scratch_path("lab-%s", folder);
	char *reports = text_format("reports-%s", class);
	char *class_path = scratch_path("%s", class),
	     *reports_path = scratch_path("%s", reports);
	struct ran ran;
	char *outcome;

	for (size_t i = 0; i < count; i++)
		if (own_verdicts && list[i].tiers[0])
			memcpy(list[i].verdict, list[i].tiers, sizeof(list[i].verdict));
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].verdict, "-") != 0)
			add_submission(class, folder, list[i].name);
	add_neighbour(class, "neighbour-right", LAB "/solution/account.c");
	add_neighbour(class, "neighbour-wrong", LAB "/wrong/at-least-once/account.c");
	ran = run_interlock("batch", lab, class_path, "-o", reports_path, "--only", only,
		"--jobs", "6", NULL); /* many of them wait to be noticed */
	if (ran.code != 0)
		fprintf(stderr, "%s\n%s", ran.output, ran.errors);
	ck_assert_int_eq(ran.code, 0);
	wrong = expect_outcomes(reports, list, count);
	outcome = outcome_of(reports, "neighbour-right");
	ck_assert_str_eq(outcome, "pass");
	free(outcome);
	outcome = outcome_of(reports, "neighbour-wrong");
	ck_assert_str_eq(outcome, "counts_right_alone");
	free(outcome);
	ck_assert_uint_eq(wrong, 0);
	ran_release(&ran);
	free(lab);
	free(class);
	free(reports);
	free(class_path);
	free(reports_path);
}

static void grade_in_tier(enum box_tier tier)
{
	const char *name = box_tier_name(tier);
	struct error error;

	if (!box_tier_works(tier, &error))
		return;
	ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	ck_assert_int_eq(setenv("INTERLOCK_TIER", name, 1), 0);
	grade_class(name, "attacks", HOSTILE_FOLDER "manifest", "counts_right_alone");
	grade_class(
		name, "cheats", HOSTILE_FOLDER "manifest.cheats", "no_update_is_lost");
	expect_nothing_left();
}

START_TEST(every_hostile_submission_gets_its_verdict_in_tier_a)
{
	grade_in_tier(BOX_TIER_A);
}
END_TEST

START_TEST(every_hostile_submission_gets_its_verdict_in_tier_b)
{
	grade_in_tier(BOX_TIER_B);
}
END_TEST

START_TEST(every_hostile_submission_gets_its_verdict_in_tier_c)
{
	grade_in_tier(BOX_TIER_C);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hostile class");
	TCase *tcase = tcase_create("tiers");
	SRunner *runner;
	int failed;

	tcase_add_unchecked_fixture(tcase, prepare, put_away);
	tcase_set_timeout(tcase, HANG);
	tcase_add_test(tcase, every_hostile_submission_gets_its_verdict_in_tier_a);
	tcase_add_test(tcase, every_hostile_submission_gets_its_verdict_in_tier_b);
	tcase_add_test(tcase, every_hostile_submission_gets_its_verdict_in_tier_c);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
