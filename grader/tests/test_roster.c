/* SPDX-License-Identifier: MIT */
/* Who is in a class, what being late costs, and which hand-in counts. */
#include "gradebook.h"

#include "base/csv.h"
#include "class/class.h"
#include "class/moment.h"
#include "class/table.h"

static int read_text(
	struct roster *roster, const char *text, const char *due, struct error *error)
{
	char *path = scratch_path("roster.csv");

	file_put(path, text);
	int status = roster_read(roster, path, "tiny", due, error);
	free(path);
	return status;
}

static struct roster roster_of(const char *text, const char *due)
{
	struct roster roster;
	struct error error = {""};

	ck_assert_msg(read_text(&roster, text, due, &error) == 0, "%s", error.message);
	return roster;
}

START_TEST(a_moment_has_a_date_a_time_and_a_zone)
{
	static const char *const same[] = {"2026-01-31T22:59:00Z",
		"2026-01-31 23:59 +01:00", "2026-01-31T17:59:00.25-0500",
		"2026-02-01 00:59 +02:00", "2026-01-31 22:59 UTC"};
	static const char *const none[] = {"2026-01-31", "2026-01-31 23:59",
		"2026-02-29T10:00Z", "2026-01-31T25:00Z", "31.1.2026 23:59 Z",
		"2026-01-31T23:59 CET", "2026-01-31T23:59Zulu", ""};
	long long moment = 0;

	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++) {
		ck_assert_msg(moment_read(same[i], &moment), "%s", same[i]);
		char *text = moment_text(moment);
		ck_assert_str_eq(text, "2026-01-31T22:59:00Z");
		free(text);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		ck_assert_msg(!moment_read(none[i], &moment), "%s", none[i]);
}
END_TEST

START_TEST(a_roster_is_read_as_hosts_and_instructors_write_it)
{
	struct roster roster =
		roster_of("\xEF\xBB\xBF"
			  "Last Name;First Name;SID;Email;Section;due tiny;due;"
			  "Extension;Room\r\n"
			  "Doe;Jane;1;j@x;A;2026-01-31T12:00Z;"
			  "2020-01-01T00:00Z;2 days;9\r\n"
			  "Roe;John;2;r@x;B;;;36 h;9\r\n"
			  "Poe;Mary;3;;B;;;2026-03-01T00:00Z;\r\n",
			"2026-02-01T00:00:00Z");

	ck_assert_uint_eq(roster.count, 3);
	ck_assert_str_eq(roster.persons[0].name, "Jane Doe");
	ck_assert_str_eq(roster.persons[0].id, "1");
	ck_assert_str_eq(roster.persons[0].section, "A");
	ck_assert_str_eq(roster.persons[0].due, "2026-02-02T12:00:00Z");
	ck_assert_str_eq(roster.persons[1].due, "2026-02-02T12:00:00Z");
	ck_assert_str_eq(roster.persons[2].due, "2026-03-01T00:00:00Z");
	ck_assert_str_eq(roster.unknown, "Room");
	roster_release(&roster);
}
END_TEST

START_TEST(what_is_wrong_with_a_roster_is_told_with_its_line)
{
	static const char *const wrong[][2] = {
		{"id,name\n1,a\n1,b\n", "lines 2 and 3 are both '1'"},
		{"id,email\n1,a@x\n2,A@X\n", "lines 2 and 3 are both 'a@x'"},
		{"id,due\n1,tomorrow\n", "line 2: it is due at 'tomorrow'"},
		{"id,extension\n1,2 days\n", "nothing is due"},
		{"id,due,extension\n1,2026-01-01T00:00Z,some\n", "'some'"},
		{"section,group\nA,1\n", "names no column id"},
		{"id,name\n,\n", "line 2: it has no id"},
		{"id\n\"1\n", "a quote is opened"},
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct roster roster;
		struct error error = {""};
		ck_assert_int_eq(read_text(&roster, wrong[i][0], "", &error), -1);
		expect_holds(error.message, wrong[i][1]);
		expect_holds(error.message, "roster.csv");
		roster_release(&roster);
	}
}
END_TEST

#define DUE "2026-01-31T12:00:00Z"

START_TEST(a_day_that_has_begun_costs_a_day_and_the_cap_ends_it)
{
	struct policy policy = {.grace_minutes = 10, .penalty = 15, .cap = 40};
	static const struct {
		const char *handed_in;
		enum lateness_kind kind;
		long penalty;
	} cases[] = {
		{"2026-01-31T12:00:00Z", LATENESS_ON_TIME, 0},
		{"2026-01-31T12:10:00Z", LATENESS_ON_TIME, 0},
		{"2026-01-31T12:10:01Z", LATENESS_LATE, 15},
		{"2026-02-01T12:00:00Z", LATENESS_LATE, 15},
		{"2026-02-01T12:00:01Z", LATENESS_LATE, 30},
		{"2026-02-02T12:00:01Z", LATENESS_LATE, 40},
		{"2027-01-31T12:00:00Z", LATENESS_LATE, 40},
		{"unknown", LATENESS_UNKNOWN, 0},
		{"", LATENESS_NONE, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct lateness lateness = lateness_of(&policy, DUE, cases[i].handed_in);
		ck_assert_int_eq(lateness.kind, cases[i].kind);
		ck_assert_int_eq(lateness.penalty, cases[i].penalty);
	}
	struct lateness never = lateness_of(&policy, "", "2026-01-31T12:00:00Z");
	ck_assert_int_eq(never.kind, LATENESS_NONE);
}
END_TEST

/* Jane handed in twice; Ann and Bob are a group; Mary is late, with an extension; Eve handed in
 * nothing; x is not in the roster. */
static const struct graded class[] = {
	{.student = "jane", .handed_in = "2026-01-31T11:00:00Z", .verdict = VERDICT_PASS},
	{.student = "jane again",
		.ids = "Jane Doe\t1\tj@x",
		.handed_in = "2026-02-01T13:00:00Z",
		.verdict = VERDICT_FAIL},
	{.student = "Ann and Bob",
		.ids = "Ann\t4\ta@x\nBob\t5\tb@x",
		.handed_in = "2026-01-31T12:00:00Z",
		.verdict = VERDICT_PASS},
	{.student = "mary", .handed_in = "2026-02-01T12:00:00Z", .verdict = VERDICT_PASS},
	{.student = "x", .handed_in = "2026-01-31T12:00:01Z", .verdict = VERDICT_PASS},
};
#define ROSTER                                                                           \
	"id,login,email,name,section,group,extension\n"                                  \
	"1,jane,j@x,Jane Doe,A,,\n"                                                      \
	"4,,a@x,Ann,A,team,\n5,,,Bob,B,team,\n"                                          \
	"6,mary,,Mary,B,,1 day\n7,eve,,Eve,B,,\n"

static struct made_class make_with_roster(const char *name, struct policy policy)
{
	struct made_class made = make_class(name, class, 5);
	struct roster roster = roster_of(ROSTER, DUE);
	struct error error = {""};

	snprintf(policy.due, sizeof(policy.due), "%s", DUE);
	ck_assert_int_eq(roster_keep(&roster, made.database, "tiny", &error), 0);
	ck_assert_int_eq(policy_keep(&policy, made.database, "tiny", &error), 0);
	roster_release(&roster);
	return made;
}

static const struct member *member_called(const struct roll *roll, const char *name)
{
	for (size_t i = 0; i < roll->count; i++)
		if (strcmp(member_name(&roll->members[i]), name) == 0)
			return &roll->members[i];
	ck_abort_msg("no member %s", name);
	return NULL;
}

static void expect_member(
	const struct roll *roll, const char *name, const char *handed, double points)
{
	const struct member *member = member_called(roll, name);

	ck_assert_str_eq(member->handed ? member->handed->student : "", handed);
	ck_assert_double_eq_tol(member->points, points, 0.001);
}

START_TEST(everyone_of_the_roster_has_one_row_and_a_group_one_answer)
{
	struct policy policy = {.penalty = 20, .cap = 100};
	struct made_class made = make_with_roster("newest", policy);
	struct roll roll = made_roll(&made);

	ck_assert_uint_eq(roll.count, 6);
	ck_assert_uint_eq(roll.absent, 1);
	expect_member(&roll, "Jane Doe", "jane again", 0); /* 1 point, 2 days */
	expect_member(&roll, "Ann", "Ann and Bob", 10);
	expect_member(&roll, "Bob", "Ann and Bob", 10);
	expect_member(&roll, "Mary", "mary", 10); /* in her extension */
	expect_member(&roll, "Eve", "", 0);
	expect_member(&roll, "x", "x", 8);
	expect_holds(roll.notes, "x is not in the roster");
	expect_holds(roll.notes, "Jane Doe handed in 2 times: jane again counts");
	char *text = table_csv(&roll);
	struct csv csv;
	struct error error = {""};
	ck_assert_int_eq(csv_parse(&csv, text, strlen(text), &error), 0);
	ck_assert_uint_eq(csv.count, 7);
	ck_assert_str_eq(csv_cell(&csv, 5, csv_column(&csv, "verdict")), "absent");
	ck_assert_str_eq(csv_cell(&csv, 1, csv_column(&csv, "late")), "late: 1 d 1 h");
	ck_assert_str_eq(csv_cell(&csv, 1, csv_column(&csv, "penalty")), "4");
	csv_release(&csv);
	free(text);
	roll_release(&roll);
	made_release(&made);
}
END_TEST

START_TEST(the_best_of_several_counts_where_the_policy_says_so)
{
	struct policy policy = {.penalty = 20, .cap = 100, .best = true};
	struct made_class made = make_with_roster("best", policy);
	struct roll roll = made_roll(&made);

	expect_member(&roll, "Jane Doe", "jane", 10);
	expect_holds(roll.notes, "jane counts, the best one");
	roll_release(&roll);
	made_release(&made);
}
END_TEST

START_TEST(who_handed_in_nothing_and_what_was_late_is_in_every_report)
{
	struct policy policy = {.penalty = 20, .cap = 100};
	struct made_class made = make_with_roster("reported", policy);
	struct error error = {""};
	static const char *const files[] = {
		"class.txt", "class.csv", "class.json", "junit.xml", "junit-strict.xml"};

	ck_assert_msg(
		class_report(made.database, "tiny", made.folder, NULL, NULL, &error) == 0,
		"%s", error.message);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char *path = path_join(made.folder, files[i]);
		char *text = file_get(path);
		expect_holds(text, "Eve");
		free(text);
		free(path);
	}
	char *path = path_join(made.folder, "jane%20again/report.txt");
	char *text = file_get(path);
	expect_holds(
		text, "Jane Doe handed in 1 d 1 h after it was due: 40% of the points");
	free(text);
	free(path);
	made_release(&made);
}
END_TEST

static const TTest *const *const tests[] = {
	&a_moment_has_a_date_a_time_and_a_zone,
	&a_roster_is_read_as_hosts_and_instructors_write_it,
	&what_is_wrong_with_a_roster_is_told_with_its_line,
	&a_day_that_has_begun_costs_a_day_and_the_cap_ends_it,
	&everyone_of_the_roster_has_one_row_and_a_group_one_answer,
	&the_best_of_several_counts_where_the_policy_says_so,
	&who_handed_in_nothing_and_what_was_late_is_in_every_report,
};
SUITE_MAIN("roster", tests)
