/* SPDX-License-Identifier: MIT */
/* Tables, gradebooks and feedback: where the grades of a class go. */
#include "gradebook.h"
#include "run.h"

#include "base/csv.h"
#include "class/class.h"
#include "class/feedback.h"
#include "class/gradebook.h"
#include "class/table.h"

#include <ctype.h>

static struct csv parsed(const char *text)
{
	struct error error = {""};
	struct csv csv;

	ck_assert_msg(
		csv_parse(&csv, text, strlen(text), &error) == 0, "%s", error.message);
	return csv;
}

START_TEST(a_table_that_is_not_changed_is_the_same_byte_for_byte)
{
	static const char *const tables[] = {
		"a,b\n1,2\n",
		"\xEF\xBB\xBF"
		"a;b\r\n\"x;\"\"y\"\"\";\r\n",
		"a\tb\n\"two\nlines\"\t\n",
		"one\n\xE4\xF6\n",
		"a,b,c\n,,\n",
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		struct csv csv = parsed(tables[i]);
		char *text = csv_text(&csv);
		ck_assert_str_eq(text, tables[i]);
		free(text);
		csv_release(&csv);
	}
}
END_TEST

START_TEST(a_table_that_is_broken_is_told_with_its_line)
{
	struct error error = {""};
	struct csv csv;
	static const char nul[] = "a,b\n\0,\n";

	ck_assert_int_eq(csv_parse(&csv, "a\n\"b\n", 5, &error), -1);
	expect_holds(error.message, "line 2: a quote is opened");
	csv_release(&csv);
	ck_assert_int_eq(csv_parse(&csv, nul, sizeof(nul) - 1, &error), -1);
	expect_holds(error.message, "NUL");
	csv_release(&csv);
	ck_assert_int_eq(csv_parse(&csv, "\n\n", 2, &error), -1);
	csv_release(&csv);
}
END_TEST

/* Spreadsheets run what starts with one of = + - @. */
START_TEST(no_name_is_a_formula_in_the_table_of_a_class)
{
	static const struct graded class[] = {
		{.student = "=HYPERLINK(\"x\")", .verdict = VERDICT_PASS},
		{.student = "Doe, \"J\"", .verdict = VERDICT_FAIL},
		{.student = "zoe", .verdict = VERDICT_ERROR},
	};
	struct made_class made = make_class("formula", class, 3);
	struct roll roll = made_roll(&made);
	char *text = table_csv(&roll);
	struct csv csv = parsed(text);
	int points = csv_column(&csv, "points");
	int doubles = csv_column(&csv, "doubles");

	ck_assert_uint_eq(csv.count, 4);
	ck_assert_str_eq(csv_cell(&csv, 1, 0), "'=HYPERLINK(\"x\")");
	ck_assert_str_eq(csv_cell(&csv, 2, 0), "Doe, \"J\"");
	ck_assert_str_eq(csv_cell(&csv, 1, points), "10");
	ck_assert_str_eq(csv_cell(&csv, 2, points), "1");
	ck_assert_str_eq(csv_cell(&csv, 2, doubles), "0");
	ck_assert_str_eq(csv_cell(&csv, 3, doubles), ""); /* not judged, so no points */
	ck_assert_str_eq(csv_cell(&csv, 3, csv_column(&csv, "verdict")), "error");
	for (size_t row = 0; row < csv.count; row++)
		ck_assert_uint_eq(csv.rows[row].count, csv.rows[0].count);
	char *json = table_json(&roll);
	expect_holds(json, "\"schema\": \"interlock/class/v1\"");
	expect_holds(json, "\"student\": \"=HYPERLINK(\\\"x\\\")\"");
	free(json);
	csv_release(&csv);
	free(text);
	roll_release(&roll);
	made_release(&made);
}
END_TEST

static const struct graded canvas_class[] = {
	{.student = "doejane_11",
		.path = "x/doejane_11_901_work.c",
		.ids = "11",
		.verdict = VERDICT_PASS},
	{.student = "poemary_33",
		.path = "x/poemary_LATE_33_903_work-2.c",
		.ids = "33",
		.verdict = VERDICT_FAIL},
	{.student = "quinn_44",
		.path = "x/quinn_44_904_work.c",
		.ids = "44",
		.verdict = VERDICT_PASS},
	{.student = "roejohn_22",
		.path = "x/roejohn_22_902_work.c",
		.ids = "22",
		.verdict = VERDICT_ERROR},
};

static struct gradebook filled(struct gradebook gradebook, const struct made_class *made,
	const char *file, const char *text)
{
	struct error error = {""};
	struct roll roll = made_roll(made);
	char *path = scratch_path("%s", file);

	file_put(path, text);
	ck_assert_msg(gradebook_fill(&gradebook, path, &roll, &error) == 0, "%s",
		error.message);
	free(path);
	roll_release(&roll);
	return gradebook;
}

#define CANVAS                                                                           \
	"Student,ID,SIS User ID,SIS Login ID,Section,A tiny lab (77),Other (78),Final "  \
	"Score\n"                                                                        \
	",,,,,Manual Posting,,(read only)\n"                                             \
	"    Points Possible,,,,,20.0,5.0,(read only)\n"                                 \
	"\"Doe, Jane\",11,s11,jane,A,,3,90\n"                                            \
	"\"Poe, Mary\",33,s33,mary,A,EX,4,90\n"                                          \
	"\"Roe, John\",22,s22,john,B,7,5,90\n"                                           \
	"\"Nobody, N\",99,s99,no,B,,5,90\n"                                              \
	"\"Student, Test\",1000,,x,,,,\n"

START_TEST(canvas_gets_back_its_own_columns_and_the_grades)
{
	struct made_class made = make_class("canvas", canvas_class, 4);
	struct gradebook gradebook =
		filled((struct gradebook){0}, &made, "canvas.csv", CANVAS);

	ck_assert_str_eq(gradebook.text,
		"Student,ID,SIS User ID,SIS Login ID,Section,A tiny lab (77)\n"
		",,,,,Manual Posting\n"
		"\"    Points Possible\",,,,,20.0\n"
		"\"Doe, Jane\",11,s11,jane,A,20\n"
		"\"Poe, Mary\",33,s33,mary,A,EX\n"
		"\"Roe, John\",22,s22,john,B,7\n"
		"\"Nobody, N\",99,s99,no,B,\n"
		"\"Student, Test\",1000,,x,,\n");
	ck_assert_uint_eq(gradebook.filled, 1);
	ck_assert_uint_eq(gradebook.missing, 1);
	expect_holds(gradebook.notes, "Poe, Mary is excused");
	expect_holds(gradebook.notes, "Roe, John could not be judged");
	expect_holds(gradebook.notes, "Nobody, N handed in nothing");
	expect_holds(gradebook.notes, "quinn_44 has 10 points, and no row");
	gradebook_release(&gradebook);
	made_release(&made);
}
END_TEST

/* A title that Canvas does not know would become a new assignment there. */
START_TEST(no_column_that_canvas_does_not_have_is_made)
{
	struct made_class made = make_class("title", canvas_class, 4);
	struct roll roll = made_roll(&made);
	struct error error = {""};
	char *path = scratch_path("title.csv");
	struct gradebook missing = {.column = "Lab 9"};
	struct gradebook none = {0};

	file_put(path, CANVAS);
	ck_assert_int_eq(gradebook_fill(&missing, path, &roll, &error), -1);
	expect_holds(error.message, "no column is called 'Lab 9'");
	expect_holds(error.message, "'Other (78)'");
	gradebook_release(&missing);
	file_put(path, "Name,Points\nx,1\n");
	ck_assert_int_eq(gradebook_fill(&none, path, &roll, &error), -1);
	expect_holds(error.message, "neither Canvas' gradebook nor Moodle's");
	gradebook_release(&none);
	free(path);
	roll_release(&roll);
	made_release(&made);
}
END_TEST

static const struct graded moodle_class[] = {
	{.student = "Jane Doe_123",
		.path = "m/Jane Doe_123_assignsubmission_file",
		.ids = "123\tJane Doe",
		.verdict = VERDICT_PASS},
	{.student = "J_R <b>_124",
		.path = "m/J_R <b>_124_assignsubmission_file_",
		.ids = "124\tJ_R <b>",
		.verdict = VERDICT_FAIL},
	{.student = "Mary Poe_125",
		.path = "m/Mary Poe_125_assignsubmission_file",
		.ids = "125\tMary Poe",
		.verdict = VERDICT_PASS},
};

START_TEST(a_moodle_worksheet_goes_round)
{
	struct made_class made = make_class("moodle", moodle_class, 3);
	struct gradebook gradebook = filled((struct gradebook){0}, &made, "moodle.csv",
		"Identifier,Full name,Grade,Maximum grade,Grade can be changed,"
		"Last modified (grade),Feedback comments\n"
		"Participant 123,Jane Doe,,100.00,Yes,-,\n"
		"Participant 124,J_R <b>,55.00,100.00,Yes,\"Monday, 1 June, 10:00\",\n"
		"Participant 125,Mary Poe,,100.00,No,-,\n"
		"Participant 126,None,,100.00,Yes,-,mine\n");
	struct csv csv = parsed(gradebook.text);
	int comments = csv_column(&csv, "Feedback comments");

	ck_assert_str_eq(csv_cell(&csv, 1, 2), "100");
	ck_assert_str_eq(csv_cell(&csv, 2, 2), "10");
	ck_assert_str_eq(csv_cell(&csv, 3, 2), ""); /* locked */
	ck_assert_str_eq(csv_cell(&csv, 4, 2), "");
	ck_assert_str_eq(csv_cell(&csv, 4, comments), "mine");
	ck_assert_str_eq(csv_cell(&csv, 2, 5), "Monday, 1 June, 10:00");
	ck_assert_str_eq(csv_cell(&csv, 1, comments), "Interlock: 10 of 10 points.");
	expect_holds(csv_cell(&csv, 2, comments), "It gives J_R &#60;b&#62;");
	expect_holds(gradebook.notes, "Participant 125 is locked");
	csv_release(&csv);
	/* What it wrote it fills in again to the same. */
	struct gradebook again =
		filled((struct gradebook){0}, &made, "again.csv", gradebook.text);
	ck_assert_str_eq(again.text, gradebook.text);
	gradebook_release(&again);
	gradebook_release(&gradebook);
	made_release(&made);
}
END_TEST

START_TEST(a_worksheet_in_another_language_has_its_columns_named)
{
	struct made_class made = make_class("german", moodle_class, 3);
	struct gradebook named = {.names = {[WORKSHEET_IDENTIFIER] = "ID",
					  [WORKSHEET_GRADE] = "Bewertung",
					  [WORKSHEET_MAXIMUM] = "Bestwertung",
					  [WORKSHEET_MODIFIED] = "Zuletzt"}};
	struct gradebook gradebook = filled(named, &made, "german.csv",
		"ID,Bewertung,Bestwertung,Zuletzt\n"
		"Teilnehmer/in123,,\"25,00\",-\nTeilnehmer/in124,,\"25,00\",-\n");

	ck_assert_str_eq(gradebook.text,
		"ID,Bewertung,Bestwertung,Zuletzt\nTeilnehmer/in123,25,\"25,00\",-\n"
		"Teilnehmer/in124,\"2,5\",\"25,00\",-\n");
	gradebook_release(&gradebook);
	made_release(&made);
}
END_TEST

/* As Moodle reads it: the part after the first underscore is the participant's number. */
static long moodle_participant(const char *folder)
{
	const char *first = strchr(folder, '_');

	return first && strstr(first + 1, "_assignsubmission_file/")
		       ? strtol(first + 1, NULL, 10)
		       : -1;
}

/* As Canvas does: the first two parts that are numbers are the student's and the file's. */
static void canvas_numbers(const char *name, long numbers[2])
{
	char *copy = text_copy(name);
	char *rest = copy;
	size_t found = 0;

	numbers[0] = numbers[1] = -1;
	for (char *part = strsep(&rest, "_"); part && found < 2;
		part = strsep(&rest, "_"))
		if (*part && part[strspn(part, "0123456789")] == '\0')
			numbers[found++] = strtol(part, NULL, 10);
	free(copy);
}

START_TEST(feedback_is_named_as_canvas_and_moodle_take_it_back)
{
	for (size_t i = 0; i < 3; i++) {
		struct handed handed = {.student = text_copy(moodle_class[i].student),
			.path = text_copy(moodle_class[i].path)};
		char *name = feedback_name(&handed);
		ck_assert_int_eq(moodle_participant(name), 123 + (long)i);
		free(name);
		free(handed.path);
		free(handed.student);
	}
	for (size_t i = 0; i < 4; i++) {
		struct handed handed = {.student = text_copy(canvas_class[i].student),
			.path = text_copy(canvas_class[i].path)};
		char *name = feedback_name(&handed);
		long numbers[2];
		canvas_numbers(name, numbers);
		ck_assert_int_eq(numbers[0], strtol(canvas_class[i].ids, NULL, 10));
		ck_assert_int_eq(numbers[1] % 100, numbers[0] / 11);
		free(name);
		free(handed.path);
		free(handed.student);
	}
}
END_TEST

START_TEST(feedback_has_every_students_report_and_overwrites_nothing)
{
	struct made_class made = make_class("feedback", moodle_class, 3);
	struct roll roll = made_roll(&made);
	struct error error = {""};
	char *folder = scratch_path("feedback-made");
	char *path = path_join(folder, "J R <b>_124_assignsubmission_file/report.txt");

	ck_assert_msg(feedback_write(&roll, folder, &error) == 0, "%s", error.message);
	char *report = file_get(path);
	expect_holds(report, "1 of 10 points");
	ck_assert_int_eq(feedback_write(&roll, folder, &error), -1);
	expect_holds(error.message, folder);
	free(report);
	free(path);
	free(folder);
	roll_release(&roll);
	made_release(&made);
}
END_TEST

/* With the real program: what it prints is the file, all else goes to standard error. */
START_TEST(the_commands_write_what_is_uploaded)
{
	struct made_class made = make_class("program", canvas_class, 3);
	char *file = scratch_path("download.csv");
	char *folder = scratch_path("program-feedback");

	database_close(made.database);
	made.database = NULL;
	file_put(file, CANVAS);
	struct ran ran = run_interlock("gradebook", made.folder, file, NULL);
	ck_assert_msg(ran.code == 2, "%s", ran.errors); /* quinn has no row */
	expect_holds(ran.output, "\"Doe, Jane\",11,s11,jane,A,20\n");
	expect_holds(ran.errors, "quinn_44 has 10 points, and no row");
	ran_release(&ran);
	ran = run_interlock("feedback", made.folder, "-o", folder, NULL);
	ck_assert_msg(ran.code == 0, "%s", ran.errors);
	expect_holds(ran.output, "3 reports");
	ran_release(&ran);
	ran = run_interlock("class", made.folder, NULL);
	ck_assert_msg(ran.code == 0, "%s", ran.errors);
	ran_release(&ran);
	char *table = path_join(made.folder, "class.csv");
	char *text = file_get(table);
	expect_holds(text, "\ndoejane_11,");
	free(text);
	free(table);
	free(folder);
	free(file);
	made_release(&made);
}
END_TEST

/* The tables as they were in version 1. */
START_TEST(a_database_of_an_older_interlock_is_brought_up_to_date)
{
	extern const char *const class_schema[];
	struct made_class made = make_class("old", canvas_class, 1);
	char *path = path_join(made.folder, "class.db");
	sqlite3 *old = NULL;
	struct error error = {""};

	database_close(made.database);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(sqlite3_open(path, &old), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(old, class_schema[1], NULL, NULL, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(old,
				 "PRAGMA user_version = 1;"
				 "INSERT INTO submission VALUES ('tiny', 'ada', 'x', "
				 "'unknown', '', "
				 "'k', 1)",
				 NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(old);
	made.database = database_open(made.folder, DATABASE_READ, &error);
	ck_assert_ptr_null(made.database);
	expect_holds(error.message, "older interlock");
	made.database = database_open(made.folder, DATABASE_WRITE, &error);
	ck_assert_msg(made.database != NULL, "%s", error.message);
	struct key key = made_key("ada");
	struct hand_in ada = {"ada", "x", "unknown", "", "1", &key};
	ck_assert_msg(database_list(made.database, made.lab, &ada, 1, &error) == 0, "%s",
		error.message);
	free(path);
	made_release(&made);
}
END_TEST

static const TTest *const *const tests[] = {
	&a_table_that_is_not_changed_is_the_same_byte_for_byte,
	&a_table_that_is_broken_is_told_with_its_line,
	&no_name_is_a_formula_in_the_table_of_a_class,
	&canvas_gets_back_its_own_columns_and_the_grades,
	&no_column_that_canvas_does_not_have_is_made,
	&a_moodle_worksheet_goes_round,
	&a_worksheet_in_another_language_has_its_columns_named,
	&feedback_is_named_as_canvas_and_moodle_take_it_back,
	&feedback_has_every_students_report_and_overwrites_nothing,
	&the_commands_write_what_is_uploaded,
	&a_database_of_an_older_interlock_is_brought_up_to_date,
};
SUITE_MAIN("gradebook", tests)
