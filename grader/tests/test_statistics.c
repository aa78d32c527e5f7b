/* SPDX-License-Identifier: MIT */
/* What a class's database answers: questions, tables, statistics, whose answers are alike. */
#include "gradebook.h"
#include "run.h"

#include "base/csv.h"
#include "class/alike.h"
#include "class/class.h"
#include "class/question.h"
#include "class/statistics.h"

#include <jansson.h>

static const struct graded class[] = {
	{.student = "ada", .verdict = VERDICT_PASS},
	{.student = "bob", .verdict = VERDICT_FAIL},
	{.student = "cid", .verdict = VERDICT_FAIL},
	{.student = "dan", .verdict = VERDICT_ERROR},
};

static struct answer asked(const struct made_class *made, const char *name)
{
	struct answer answer;
	struct error error = {""};

	ck_assert_msg(question_ask(&answer, made->database, "tiny", name, &error) == 0,
		"%s: %s", name, error.message);
	return answer;
}

static void expect_answer(
	const struct made_class *made, const char *name, const char *expected)
{
	struct answer answer = asked(made, name);
	char *text = answer_csv(&answer);

	ck_assert_str_eq(text, expected);
	free(text);
	answer_release(&answer);
}

static void adjust(const struct made_class *made, const char *student, long points)
{
	struct adjustment adjustment = {
		"tiny", student, "doubles", points, "a reason", "me"};
	struct error error = {""};

	ck_assert_int_eq(database_adjust(made->database, &adjustment, &error), 0);
}

START_TEST(every_question_has_an_answer_in_every_format)
{
	struct made_class made = make_class("every", class, 4);
	char *list = question_list();
	size_t count = 0;

	for (char *rest = list, *line = strsep(&rest, "\n"); line && *line;
		line = strsep(&rest, "\n"), count++) {
		char *name = text_copy(line + strspn(line, " "));
		name[strcspn(name, " ")] = '\0';
		struct answer answer = asked(&made, name);
		char *text = answer_text(&answer);
		char *json = answer_json(&answer);
		json_t *parsed = json_loads(json, 0, NULL);
		expect_holds(text, answer.columns[0]);
		ck_assert_uint_eq(json_array_size(parsed), answer.row_count);
		json_decref(parsed);
		free(json);
		free(text);
		answer_release(&answer);
		free(name);
	}
	ck_assert_uint_ge(count, 10);
	free(list);
	made_release(&made);
}
END_TEST

START_TEST(what_a_person_changed_counts_in_every_answer)
{
	struct made_class made = make_class("changed", class, 4);

	expect_answer(&made, "points",
		"student,points,of,adjusted\nada,10,10,0\nbob,1,10,0\ncid,1,10,0\n"
		"dan,1,1,0\n");
	expect_answer(&made, "criteria",
		"criterion,failed,judged,failed_percent,blocked,not_judged\n"
		"doubles,2,3,66,0,1\ncompiles,0,4,0,0,0\n");
	adjust(&made, "bob", 3);
	adjust(&made, "bob", 9);
	adjust(&made, "dan", 0);
	expect_answer(&made, "points",
		"student,points,of,adjusted\nada,10,10,0\nbob,10,10,1\ncid,1,10,0\n"
		"dan,1,10,1\n");
	expect_answer(&made, "criteria",
		"criterion,failed,judged,failed_percent,blocked,not_judged\n"
		"doubles,2,4,50,0,0\ncompiles,0,4,0,0,0\n");
	expect_answer(&made, "distribution",
		"from_percent,to_percent,students\n10,19,2\n90,100,2\n");
	made_release(&made);
}
END_TEST

START_TEST(the_same_mistake_is_told_once_with_all_who_made_it)
{
	static const struct graded same[] = {
		{.student = "student 1", .verdict = VERDICT_FAIL},
		{.student = "student 2", .verdict = VERDICT_FAIL},
		{.student = "other", .verdict = VERDICT_FAIL},
	};
	struct made_class made = make_class("same", same, 3);

	expect_answer(&made, "mistakes",
		"criterion,students,mistake,who\n"
		"doubles,2,It gives student N.,\"student 1, student 2\"\n"
		"doubles,1,It gives other.,other\n");
	made_release(&made);
}
END_TEST

START_TEST(an_unknown_name_and_a_broken_one_are_told)
{
	struct made_class made = make_class("unknown", class, 1);
	static const char *const wrong[] = {
		"nothing", "lab\" --", "sqlite_master", "points; DROP TABLE lab", ""};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct answer answer;
		struct error error = {""};
		ck_assert_int_eq(
			question_ask(&answer, made.database, "tiny", wrong[i], &error),
			-1);
		expect_holds(error.message, "there is no question or table");
		answer_release(&answer);
	}
	struct answer lab = asked(&made, "lab");
	ck_assert_uint_eq(lab.row_count, 1);
	answer_release(&lab);
	made_release(&made);
}
END_TEST

#define LOOP(n, i, sum, more)                                                            \
	"long " sum "_of(long " n ")\n{\n\tlong " sum " = 0;\n\tfor (long " i " = 1; " i \
	" <= " n "; " i "++) {\n\t\tif (" i " % 3 == 0 || " i " % 5 == 0)\n\t\t\t" sum   \
	" += " i " * " i ";\n\t\telse\n\t\t\t" sum " -= " i ";\n\t}\n" more              \
	"\treturn " sum " > 100 ? 100 : " sum ";\n}\n"
#define OTHER                                                                            \
	"static long twice(long x) { return x << 1; }\n"                                 \
	"long work(long n) { while (n > 7) n = twice(n) - 9 + (n & 3); do n--; "         \
	"while (n); return n; }\n"

static struct fingerprint printed(const char *text, const char *handed_out)
{
	struct fingerprint print = {0};

	fingerprint_add(&print, text, handed_out);
	fingerprint_finish(&print);
	return print;
}

/* How many parts both have. */
static size_t shared_by(const struct fingerprint *one, const struct fingerprint *other)
{
	size_t shared = 0;

	for (size_t i = 0, k = 0; i < one->count && k < other->count;) {
		shared += one->parts[i] == other->parts[k];
		bool left = one->parts[i] <= other->parts[k];
		k += one->parts[i] >= other->parts[k];
		i += left;
	}
	return shared;
}

START_TEST(names_comments_and_layout_change_no_fingerprint)
{
	struct fingerprint one = printed(LOOP("n", "i", "sum", ""), NULL);
	struct fingerprint same =
		printed("/* mine */\n" LOOP("count", "k", "total", "// done\n"), NULL);
	struct fingerprint near =
		printed(LOOP("n", "i", "sum", "\tif (sum < 0)\n\t\tsum = -sum;\n"), NULL);
	struct fingerprint other = printed(OTHER, NULL);
	struct fingerprint given =
		printed(LOOP("n", "i", "sum", ""), LOOP("a", "b", "c", ""));

	ck_assert(one.exact == same.exact);
	ck_assert(one.exact != near.exact);
	ck_assert_uint_gt(one.count, ALIKE_PARTS);
	ck_assert_uint_eq(shared_by(&one, &same), one.count);
	ck_assert_uint_gt(shared_by(&one, &near) * 100, 70 * one.count);
	ck_assert_uint_lt(shared_by(&one, &other) * 100, 20 * one.count);
	ck_assert_uint_eq(given.count, 0); /* all of it was handed out */
	fingerprint_release(&given);
	fingerprint_release(&other);
	fingerprint_release(&near);
	fingerprint_release(&same);
	fingerprint_release(&one);
}
END_TEST

/* Two that exchange names have the same kinds of tokens, and are another answer. */
START_TEST(an_answer_that_confuses_two_names_is_another_one)
{
	struct fingerprint one = printed("int f(int a, int b) { return a - b; }", NULL);
	struct fingerprint other = printed("int f(int a, int b) { return b - a; }", NULL);

	ck_assert(one.exact != other.exact);
	fingerprint_release(&other);
	fingerprint_release(&one);
}
END_TEST

static void keep_print(
	const struct made_class *made, const char *student, const char *text)
{
	struct fingerprint print = printed(text, NULL);
	struct key key = made_key(student);
	struct error error = {""};

	ck_assert_int_eq(fingerprint_keep(&print, made->database, key.text, &error), 0);
	ck_assert(fingerprint_known(made->database, key.text));
	fingerprint_release(&print);
}

START_TEST(answers_that_are_alike_are_told_in_pairs)
{
	struct made_class made = make_class("alike", class, 4);
	struct error error = {""};

	keep_print(&made, "ada", LOOP("n", "i", "sum", ""));
	keep_print(&made, "bob", LOOP("x", "y", "z", "\tif (z < 0)\n\t\tz = -z;\n"));
	keep_print(&made, "cid", LOOP("a", "b", "c", ""));
	keep_print(&made, "dan", OTHER);
	char *text = statistics_text(made.database, "tiny", &error);
	ck_assert_msg(text != NULL, "%s", error.message);
	expect_holds(text, "2: ada, cid");
	expect_holds(text, "%  ada, bob\n");
	expect_lacks(text, "%  ada, cid");
	expect_lacks(text, ", dan\n");
	expect_holds(text, "\n  dan      doubles    error");
	expect_holds(text, "\n   10 to  19 %     2  ##");
	free(text);
	made_release(&made);
}
END_TEST

/* A batch lists everybody before it grades anybody. */
START_TEST(a_class_that_was_interrupted_has_a_row_for_everybody)
{
	struct made_class made = make_class("interrupted", class, 1);
	struct key keys[] = {made_key("ada"), made_key("never graded")};
	struct hand_in hand_ins[] = {{"ada", "ada", "unknown", "", "", &keys[0]},
		{"eve", "eve", "unknown", "", "", &keys[1]}};
	static const char *const files[] = {"class.txt", "class.csv", "class.json",
		"junit.xml", "junit-strict.xml", "statistics.txt", "eve/report.txt"};
	struct error error = {""};

	ck_assert_int_eq(database_list(made.database, made.lab, hand_ins, 2, &error), 0);
	ck_assert_msg(class_remake(made.database, made.folder, NULL, NULL, &error) == 0,
		"%s", error.message);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char *path = path_join(made.folder, files[i]);
		char *text = file_get(path);
		expect_holds(text, "eve");
		free(text);
		free(path);
	}
	char *path = path_join(made.folder, "class.txt");
	char *text = file_get(path);
	expect_holds(text, "! 1 of 2 could not be judged: eve");
	free(text);
	free(path);
	expect_answer(&made, "ungraded", "student,path\neve,eve\n");
	made_release(&made);
}
END_TEST

START_TEST(the_commands_print_what_the_database_says)
{
	struct made_class made = make_class("commands", class, 4);

	database_close(made.database);
	made.database = NULL;
	struct ran ran = run_interlock("db", made.folder, "points", "-f", "csv", NULL);
	ck_assert_msg(ran.code == 0, "%s", ran.errors);
	expect_holds(ran.output, "ada,10,10,0\n");
	ran_release(&ran);
	ran = run_interlock("db", made.folder, NULL);
	expect_holds(ran.output, "  mistakes ");
	ran_release(&ran);
	ran = run_interlock("db", made.folder, "points", "--sql", NULL);
	expect_holds(ran.output, "SELECT student, sum(points)");
	ran_release(&ran);
	ran = run_interlock("db", made.folder, "nothing", NULL);
	ck_assert_int_eq(ran.code, 2);
	ran_release(&ran);
	ran = run_interlock("statistics", made.folder, NULL);
	expect_holds(ran.output, "Criteria by failure rate");
	ran_release(&ran);
	made_release(&made);
}
END_TEST

static const TTest *const *const tests[] = {
	&every_question_has_an_answer_in_every_format,
	&what_a_person_changed_counts_in_every_answer,
	&the_same_mistake_is_told_once_with_all_who_made_it,
	&an_unknown_name_and_a_broken_one_are_told,
	&names_comments_and_layout_change_no_fingerprint,
	&an_answer_that_confuses_two_names_is_another_one,
	&answers_that_are_alike_are_told_in_pairs,
	&a_class_that_was_interrupted_has_a_row_for_everybody,
	&the_commands_print_what_the_database_says,
};
SUITE_MAIN("statistics", tests)
