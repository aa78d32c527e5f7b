/* SPDX-License-Identifier: MIT */
/* temporary search */
#include "hostile/classroom.h"
#include "grade/grade.h"
#include "sandbox/box.h"

enum { MOST = 128 };

static const struct { const char *word; unsigned guard; } GUARDS[] = {
	{"intake", GUARD_INTAKE}, {"symbols", GUARD_SYMBOLS}, {"source", GUARD_SOURCE},
	{"names", GUARD_NAMES}, {"macros", GUARD_MACROS}, {"compiler", GUARD_COMPILER},
	{"player", GUARD_PLAYER}, {"endings", GUARD_ENDINGS}, {"standard", GUARD_STANDARD},
};

static bool has(const char *guards, const char *word)
{
	size_t length = strlen(word);
	for (const char *at = guards; (at = strstr(at, word)); at += length)
		if ((at == guards || at[-1] == '+') && (!at[length] || at[length] == '+'))
			return true;
	return false;
}

static const struct change CALM[] = {{"runs: 100}", "runs: 2}"}, {"executions: 2000}", "executions: 200}"}};
static const struct change NO_EXPLORE[] = {{"explore, stress", "stress"}, {"stress, explore", "stress"}, {"[explore]", "[stress]"}};
static const struct change NO_HELGRIND[] = {{", helgrind]", "]"}};

static char *lab_without(const char *guards)
{
	struct error error;
	char *name = text_format("lab-%d%d%d", has(guards, "explore"), has(guards, "helgrind"), has(guards, "checks"));
	char *folder = scratch_path("%s", name);
	if (access(folder, F_OK) != 0) {
		ck_assert_int_eq(folder_copy(LAB, folder, &error), 0);
		change_lab(name, CALM, 2);
		if (has(guards, "explore")) change_lab(name, NO_EXPLORE, 3);
		if (has(guards, "helgrind")) change_lab(name, NO_HELGRIND, 1);
		if (has(guards, "checks")) {
			char *path = path_join(folder, "checks/checks.c");
			char *text = file_get(path);
			text_replace(&text, "#include <interlock/checks.h>\n"
			"#define play_expect_equal(...) ((void)sizeof((long[]){__VA_ARGS__ 0}))\n%s", text);
			free(text);
			text = file_get(path);
			char *at = strstr(text, "#include <interlock/checks.h>\n");
			at += strlen("#include <interlock/checks.h>\n");
			char *all = text_format("%.*s#undef play_expect\n#define play_expect(condition, ...) ((void)(condition))\n#define play_expect_equal(actual, expected, ...) ((void)((actual) == (expected)))\n%s", (int)(at - text), text, at);
			file_put(path, all);
			free(all); free(text); free(path);
		}
	}
	free(name);
	return folder;
}

static char *outcome(const char *name, const char *guards)
{
	struct error error = {""};
	char *folder = lab_without(guards);
	struct grade_options options = {.compiler = "gcc", .tier = BOX_TIER_B, .seed = 1};
	for (size_t i = 0; i < sizeof(GUARDS) / sizeof(*GUARDS); i++)
		if (has(guards, GUARDS[i].word))
			options.without |= GUARDS[i].guard;
	struct lab *lab = lab_open(folder, &error);
	ck_assert_msg(lab != NULL, "%s", error.message);
	struct workshop *workshop = workshop_open(lab, &options, &error);
	ck_assert_msg(workshop != NULL, "%s", error.message);
	char *path = scratch_path("class/%s", name);
	struct result *result = grade(workshop, path, name, &error);
	char *text = NULL;
	if (!result)
		text = text_format("none: %.100s", error.message);
	else {
		for (size_t i = 0; !text && i < result->criterion_count; i++)
			if (result->criteria[i].verdict == VERDICT_FAIL)
				text = text_format("%s: %.90s", result->criteria[i].name, result->criteria[i].evidence_count ? result->criteria[i].evidence[result->criteria[i].evidence_count-1].reason : "");
		if (!text) text = text_format("OK %ld/%ld", result->points, result->max_points);
	}
	result_free(result);
	workshop_close(workshop);
	lab_close(lab);
	return text;
}

static int argc; static char **argv;
START_TEST(find)
{
	static const char *const sets[] = {"checks", "symbols+checks", "source+checks", "symbols+source+checks", "endings+checks", "explore+checks", "endings+explore+checks", "helgrind+checks", "standard", "standard+helgrind+checks", "source+helgrind+checks", "source+explore+checks", "explore+helgrind+checks", "explore+endings+helgrind+checks", "compiler+checks", "compiler+source+checks", "names+checks", "macros+checks", "macros+helgrind+checks", "symbols+source+explore+helgrind+checks+endings"};
	scratch_make();
	world_open(&world);
	defines = world_defines(&world);
	for (int i = 1; i < argc; i++) {
		char *slash = strchr(argv[i], '=');
		if (slash) *slash++ = 0;
		add_submission("class", "cheats", argv[i]);
		printf("%-22s base: %s\n", argv[i], outcome(argv[i], "-"));
		fflush(stdout);
		if (slash) { printf("   %s: %s\n", slash, outcome(argv[i], slash)); continue; }
		for (size_t k = 0; k < sizeof(sets) / sizeof(*sets); k++) {
			char *text = outcome(argv[i], sets[k]);
			if (strncmp(text, "OK", 2) == 0) { printf("   %s: %s\n", sets[k], text); fflush(stdout); break; }
			if (getenv("V")) printf("   .. %s: %s\n", sets[k], text);
		}
	}
	world_close(&world);
	scratch_remove();
}
END_TEST
int main(int c, char **v)
{
	Suite *suite = suite_create("x"); TCase *t = tcase_create("x");
	argc = c; argv = v;
	tcase_set_timeout(t, 0); tcase_add_test(t, find); suite_add_tcase(suite, t);
	SRunner *r = srunner_create(suite); srunner_set_fork_status(r, CK_NOFORK); srunner_run_all(r, CK_NORMAL);
	return srunner_ntests_failed(r);
}
