/* SPDX-License-Identifier: MIT */
/* Grading again: what would change is told before it does, and nothing of old is lost. */
#include "gradebook.h"
#include "run.h"

#include "class/compare.h"
#include "class/history.h"
#include "class/mistake.h"

#define HEADER "#include \"work.h\"\n"
#define RIGHT HEADER "long work(long n) { return 2 * n; }\n"
#define WRONG HEADER "long work(long n) { return n; }\n"

START_TEST(one_mistake_has_one_name_whatever_its_numbers)
{
	static const char *const same[][2] = {
		{"from 152 is -91812; it should be -92401.",
			"from N is N; it should be N."},
		{"account.c:7:3: 0x7ffe12 is 1.5e3", "account.c:N:N: N is N"},
		{"int32_t x2 = -1", "int32_t x2 = N"},
		{"a-1 and 3-4", "a-N and N-N"},
		{"", ""},
	};

	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++) {
		char *words = mistake_words(same[i][0]);
		ck_assert_str_eq(words, same[i][1]);
		free(words);
	}
}
END_TEST

struct deed {
	uint32_t task;
	enum rung_kind kind;
	const char *deed, *value, *function;
};

static void expect_shape(const struct deed *steps, size_t count, const char *expected)
{
	struct ladder *ladder = ladder_new();

	for (size_t i = 0; i < count; i++) {
		struct rung *rung = ladder_add(ladder);
		rung->kind = steps[i].kind;
		rung->task = steps[i].task;
		rung->deed = text_copy(steps[i].deed);
		rung->value = text_copy(steps[i].value);
		rung->function = text_copy(steps[i].function);
	}
	char *shape = mistake_shape(ladder);
	ck_assert_str_eq(shape, expected);
	free(shape);
	ladder_free(ladder);
}

START_TEST(a_witness_has_one_shape_whatever_its_values_tasks_and_turns)
{
	static const struct deed one[] = {{2, RUNG_READ, "read b", "4", "take"},
		{3, RUNG_READ, "read b", "4", "give"},
		{3, RUNG_WRITE, "write b", "5", "give"},
		{3, RUNG_READ, "read b", "5", "give"},
		{2, RUNG_WRITE, "write b", "3", "take"}};
	static const struct deed other[] = {{7, RUNG_READ, "read b", "1", "take"},
		{2, RUNG_READ, "read b", "1", "give"},
		{2, RUNG_WRITE, "write b", "0", "give"},
		{2, RUNG_FOLD, "12 steps", NULL, NULL},
		{7, RUNG_WRITE, "write b", "9", "take"}};
	static const struct deed locked[] = {{1, RUNG_LOCK, "lock a", NULL, "f"},
		{1, RUNG_WAIT, "waits for b", NULL, "f"},
		{1, RUNG_READ, "read x", "1", NULL}};
	static const char shape[] =
		"A: read b in take; B: read b, write b in give; A: write b in take";
	char *none = mistake_shape(NULL);

	ck_assert_str_eq(none, "");
	expect_shape(one, 5, shape);
	expect_shape(other, 5, shape);
	expect_shape(locked, 3, "A: lock a, waits for b in f; A: read x");
	free(none);
}
END_TEST

START_TEST(those_who_get_other_points_for_one_reason_are_together)
{
	static const struct graded class[] = {
		{.student = "ada", .verdict = VERDICT_PASS},
		{.student = "bob", .verdict = VERDICT_FAIL},
		{.student = "cid", .verdict = VERDICT_FAIL},
	};
	struct made_class made = make_class("compared", class, 3);
	struct comparison comparison = {0};

	for (size_t i = 0; i < 3; i++) {
		struct graded passed = {class[i].student, .verdict = VERDICT_PASS};
		struct result *before = made_result(made.lab, &class[i]);
		struct result *after = made_result(made.lab, &passed);
		ck_assert_int_eq(compare_same_score(before, after), i == 0);
		comparison_add(&comparison, made.database, before, after);
		result_free(after);
		result_free(before);
	}
	char *text = comparison_take(&comparison, "");
	ck_assert_str_eq(text, "  doubles: fail -> pass\n    2 students:\n"
			       "      bob: 1 of 10 -> 10 of 10\n"
			       "      cid: 1 of 10 -> 10 of 10\n\n"
			       "1 of 3 keep their score.\n");
	free(text);
	made_release(&made);
}
END_TEST

static void put(const char *class, const char *file, const char *source)
{
	char *path = path_join(class, file);

	file_put(path, source);
	free(path);
}

/* Runs `interlock regrade OUT ...` and expects each of the texts. */
static void regrade_says(int code, const char *out, const char *first, const char *second,
	const char *const *said)
{
	struct ran ran = run_interlock("regrade", out, first, second, NULL);
	char *all = text_format("%s%s", ran.output, ran.errors);

	ck_assert_msg(ran.code == code, "%d: %s", ran.code, all);
	for (; *said; said++)
		expect_holds(all, *said);
	free(all);
	ran_release(&ran);
}
#define SAYS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void run_ends(struct ran ran, const char *said)
{
	ck_assert_msg(ran.code == 0, "%s%s", ran.output, ran.errors);
	expect_holds(ran.output, said);
	ran_release(&ran);
}

/* The key that counts for the student gets a result that another grading will not get. */
static void spoil(const char *out, const char *lab_folder, const char *student)
{
	struct error error = {""};
	struct database *database = database_open(out, DATABASE_WRITE, &error);
	struct lab *lab = lab_open(lab_folder, &error);
	struct graded failed = {student, .verdict = VERDICT_FAIL};
	struct history history;
	struct key key;

	ck_assert_msg(database && lab, "%s", error.message);
	ck_assert_int_eq(history_read(&history, database, "tiny", student, &error), 0);
	snprintf(key.text, sizeof(key.text), "%s",
		history.gradings[history.count - 1].key);
	struct result *result = made_result(lab, &failed);
	ck_assert_int_eq(database_keep(database, &key, result, &error), 0);
	result_free(result);
	history_release(&history);
	lab_close(lab);
	database_close(database);
}

/* With the real program, on two hand-ins: each step is on what the one before left. */
START_TEST(nothing_counts_before_it_is_applied_and_nothing_old_is_lost)
{
	char *lab = tiny_lab("again-lab");
	char *class = scratch_path("again");
	char *out = scratch_path("again-out");

	put(class, "ada/work.c", RIGHT);
	put(class, "bob/work.c", WRONG);
	run_ends(run_interlock("batch", lab, class, "-o", out, NULL), "1 passed");
	run_ends(run_interlock("adjust", out, "bob", "doubles", "4", "close", NULL),
		"5 of");
	regrade_says(0, out, "bob", NULL, SAYS("1 of 1 keep their score"));
	tiny_replace(lab, "lab.yaml", "points: 9", "points: 19");
	regrade_says(0, out, NULL, NULL,
		SAYS("doubles: pass -> pass, worth 9 of 9 -> 19 of 19",
			"ada: 10 of 10 -> 20 of 20",
			"doubles: fail -> fail, worth 0 of 9", "bob: 5 of 10 -> 5 of 20",
			"Nothing counts yet"));
	run_ends(run_interlock("show", out, "ada", NULL), "10 of 10 points");
	regrade_says(0, out, "--apply", "--reason=doubles is worth more",
		SAYS("It counts now"));
	run_ends(run_interlock("show", out, "bob", NULL), "5 of 20 points");
	run_ends(run_interlock("show", out, "ada", "--history", NULL),
		"20 of 20, pass, by ");
	run_ends(run_interlock("show", out, "ada", "--history", NULL),
		"doubles is worth more");
	run_ends(run_interlock("show", out, "bob", "--history", NULL), "close");
	run_ends(run_interlock("show", out, "ada", "--grading", "1", NULL),
		"10 of 10 points");
	spoil(out, lab, "ada");
	regrade_says(2, out, "ada", NULL,
		SAYS("ALARM: with nothing changed, ada had 1 of 20 points, and now got "
		     "20 of "
		     "20"));
	run_ends(run_interlock("show", out, "ada", NULL),
		"with nothing changed, it got 20 of 20 points");
	free(out);
	free(class);
	free(lab);
}
END_TEST

static const TTest *const *const tests[] = {
	&one_mistake_has_one_name_whatever_its_numbers,
	&a_witness_has_one_shape_whatever_its_values_tasks_and_turns,
	&those_who_get_other_points_for_one_reason_are_together,
	&nothing_counts_before_it_is_applied_and_nothing_old_is_lost,
};
SUITE_MAIN("regrade", tests)
