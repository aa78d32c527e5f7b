/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include "detect/helgrind.h"

static char own_file[] = "account.c";
static char *own_files[] = {own_file};
static const struct lab lab = {.files = own_files, .files_count = 1};

#define START                                                                            \
	"<?xml "                                                                         \
	"version=\"1.0\"?>\n<valgrindoutput>\n<protocolversion>4</protocolversion>\n"
#define FINISHED "<status><state>FINISHED</state><time>1</time></status>\n"
#define END "</valgrindoutput>\n"
#define FRAME(file, line)                                                                \
	"<frame><ip>0x1</ip><fn>account_deposit</fn><file>" file "</file><line>" line    \
	"</line></frame>"
#define RACE(file, line)                                                                 \
	"<error><unique>0x0</unique><kind>Race</kind><xwhat><text>Possible data race "   \
	"during read of size 8 at 0x7E8000000040 by thread "                             \
	"#2</text><hthreadid>3</hthreadid></xwhat><stack>" FRAME("lock.c", "7")          \
		FRAME(file, line) "</stack><xauxwhat><text>This conflicts "              \
				  "with a previous write</text></xauxwhat>"              \
				  "<stack>" FRAME(file, "99") "</stack></error>\n"

static void read_xml(struct helgrind_report *report, const char *xml)
{
	struct error error = {""};

	ck_assert_msg(helgrind_read(report, xml, strlen(xml), &lab, &error) == 0, "%s",
		error.message);
}

START_TEST(a_race_is_read_with_the_students_first_line)
{
	struct helgrind_report report;

	read_xml(&report, START RACE("account.c", "14") FINISHED END);
	ck_assert_uint_eq(report.count, 1);
	ck_assert_str_eq(report.errors[0].kind, "Race");
	ck_assert_str_eq(report.errors[0].what, "Possible data race during read of size "
						"8 at 0x7E8000000040 by thread #2");
	ck_assert_uint_eq(report.errors[0].address, 0x7e8000000040);
	ck_assert_str_eq(report.errors[0].file, "account.c");
	ck_assert_int_eq(report.errors[0].line, 14);
	ck_assert_str_eq(report.errors[0].function, "account_deposit");
	expect_holds(report.errors[0].stacks, "account_deposit (lock.c:7)");
	expect_holds(report.errors[0].stacks, "This conflicts with");
	expect_holds(report.errors[0].stacks, "(account.c:99)");
	ck_assert(report.complete);
	helgrind_release(&report);
}
END_TEST

START_TEST(errors_that_name_no_line_of_the_student_are_left_out)
{
	struct helgrind_report report;

	read_xml(&report,
		START RACE("lock.c", "14") RACE("account.c.other", "1") FINISHED END);
	ck_assert_uint_eq(report.count, 0);
	ck_assert(report.complete);
	helgrind_release(&report);
}
END_TEST

START_TEST(a_plain_what_is_read_too)
{
	struct helgrind_report report;

	read_xml(&report,
		START "<error><kind>UnlockForeign</kind><what>Thread 1 unlocked</what>"
		      "<stack>" FRAME("account.c", "3") "</stack><auxwhat>first seen"
							"</auxwhat></error>" END);
	ck_assert_uint_eq(report.count, 1);
	ck_assert_str_eq(report.errors[0].what, "Thread 1 unlocked");
	ck_assert_uint_eq(report.errors[0].address, 0);
	expect_holds(report.errors[0].stacks, "first seen");
	helgrind_release(&report);
}
END_TEST

/* Cut at every byte: never a crash, never complete before the end is there. */
START_TEST(a_report_that_was_cut_off_is_read_as_far_as_it_goes)
{
	static const char whole[] = START RACE("account.c", "14") FINISHED END;
	size_t finished = (size_t)(strstr(whole, "</state>") - whole);
	struct error error;

	for (size_t size = 0; size < sizeof(whole) - 1; size++) {
		struct helgrind_report report;
		if (helgrind_read(&report, whole, size, &lab, &error) == 0)
			ck_assert(size >= finished - strlen("FINISHED") ||
				  !report.complete);
		else
			ck_assert_str_ne(error.message, "");
		helgrind_release(&report);
	}
	struct helgrind_report report;
	size_t end_of_error = (size_t)(strstr(whole, "<status>") - whole);
	ck_assert_int_eq(helgrind_read(&report, whole, end_of_error, &lab, &error), 0);
	ck_assert_uint_eq(report.count, 1);
	ck_assert(!report.complete);
	helgrind_release(&report);
}
END_TEST

START_TEST(what_is_no_report_is_an_error)
{
	static const char *const texts[] = {"", "no xml", "<html/>", "<valgrindoutpu",
		"\xff\xfe\x01", "<?xml version=\"1.0\"?>"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct helgrind_report report;
		struct error error = {""};
		ck_assert_int_eq(
			helgrind_read(&report, texts[i], strlen(texts[i]), &lab, &error),
			-1);
		expect_holds(error.message, "no report");
		helgrind_release(&report);
	}
}
END_TEST

/* The file is written by a process that the student's code shares. */
START_TEST(hostile_xml_reaches_no_file_and_does_not_blow_up)
{
	char *secret = scratch_path("secret");
	struct helgrind_report report;
	struct error error;

	file_put(secret, "top-secret");
	char *entity = text_format(
		"<?xml version=\"1.0\"?><!DOCTYPE v [<!ENTITY s SYSTEM \"file://%s\">"
		"<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">"
		"<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d "
		"\"&c;&c;&c;&c;&c;&c;&c;&c;\"><!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;\">"
		"<!ENTITY f \"&e;&e;&e;&e;&e;&e;&e;&e;\"><!ENTITY g "
		"\"&f;&f;&f;&f;&f;&f;&f;&f;\">]><valgrindoutput><error><kind>&s;</kind>"
		"<what>&s;&g;&g;</what><stack>" FRAME(
			"account.c", "3") "</stack></error></valgrindoutput>",
		secret);
	if (helgrind_read(&report, entity, strlen(entity), &lab, &error) == 0)
		for (size_t i = 0; i < report.count; i++) {
			expect_lacks(report.errors[i].what, "top-secret");
			ck_assert_uint_lt(strlen(report.errors[i].what), 1 << 20);
		}
	helgrind_release(&report);
	free(entity);
	free(secret);
}
END_TEST

START_TEST(a_huge_report_is_read_in_part)
{
	enum { REPEATS = 20000 };
	static const char race[] = RACE("account.c", "14");
	size_t size = strlen(START) + REPEATS * strlen(race) + strlen(FINISHED END);
	char *xml = memory_new(size + 1, 1);
	char *end = stpcpy(xml, START);
	struct helgrind_report report;

	for (int i = 0; i < REPEATS; i++)
		end = stpcpy(end, race);
	strcpy(end, FINISHED END);
	read_xml(&report, xml);
	ck_assert_uint_ge(report.count, 1);
	ck_assert_uint_le(report.count, 100);
	ck_assert(report.complete);
	helgrind_release(&report);
	free(xml);
}
END_TEST

START_TEST(deep_nesting_does_not_end_the_reader)
{
	enum { DEPTH = 100000 };
	char *xml = memory_new(DEPTH * 7 + 200, 1);
	char *end = stpcpy(xml, START "<error>");
	struct helgrind_report report;
	struct error error;

	for (int i = 0; i < DEPTH; i++)
		end = stpcpy(end, "<stack>");
	if (helgrind_read(&report, xml, strlen(xml), &lab, &error) == 0)
		ck_assert(!report.complete);
	helgrind_release(&report);
	free(xml);
}
END_TEST

START_TEST(odd_lines_and_missing_parts_are_borne)
{
	struct helgrind_report report;

	read_xml(&report,
		START "<error/><error><kind>Race</kind></error>"
		      "<error><kind>Race</kind><what>x</what><stack><frame/>"
		      "<frame><file>account.c</file></frame></stack></error>"
		      "<error><kind>Race</kind><what>y</what><stack>" FRAME(
			      "account.c", "-99999999999999999999") "</stack></"
								    "error>" END);
	for (size_t i = 0; i < report.count; i++)
		ck_assert_int_ge(report.errors[i].line, 0);
	helgrind_release(&report);
}
END_TEST

static const TTest *const *const tests[] = {
	&a_race_is_read_with_the_students_first_line,
	&errors_that_name_no_line_of_the_student_are_left_out,
	&a_plain_what_is_read_too,
	&a_report_that_was_cut_off_is_read_as_far_as_it_goes,
	&what_is_no_report_is_an_error,
	&hostile_xml_reaches_no_file_and_does_not_blow_up,
	&a_huge_report_is_read_in_part,
	&deep_nesting_does_not_end_the_reader,
	&odd_lines_and_missing_parts_are_borne,
};
SUITE_MAIN("helgrind", tests)
