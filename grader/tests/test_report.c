/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/temporary.h"
#include "report/digest.h"
#include "report/junit.h"
#include "report/quote.h"
#include "report/style.h"
#include "report/terminal.h"
#include "tests/results.h"

#include <check.h>
#include <fcntl.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include <libxml/xpath.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define STRICT "reports/junit-strict.xsd"
#define RICH "reports/junit-rich.xsd"

extern char **environ;

static char *folder;
static struct error error;

static void setup(void)
{
	folder = folder_make_temporary(&error);
	ck_assert_ptr_nonnull(folder);
}

static void teardown(void)
{
	ck_assert_msg(folder_remove(folder, &error) == 0, "%s", error.message);
	free(folder);
}

static void write_file(const char *name, const char *text)
{
	char *path = text_format("%s/%s", folder, name);

	ck_assert_msg(
		file_replace(path, text, strlen(text), &error) == 0, "%s", error.message);
	free(path);
}

static char *terminal_text(
	const struct result *result, const struct terminal_options *options)
{
	char *text = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&text, &length);

	terminal_write(stream, result, options);
	fclose(stream);
	return text;
}

static void expect_within(const char *text, const char *wanted)
{
	ck_assert_msg(strstr(text, wanted) != NULL, "'%s' is not in:\n%s", wanted, text);
}

static void expect_not_within(const char *text, const char *unwanted)
{
	ck_assert_msg(strstr(text, unwanted) == NULL, "'%s' is in:\n%s", unwanted, text);
}

START_TEST(the_terminal_shows_why_where_and_how_to_see_it_again)
{
	struct result *result = failing_result();
	struct terminal_options options = {
		.hidden = true, .sources = folder, .report = "out/alice.json"};

	write_file("account.c", "int main;\n\t *balance -= amount; \n");
	char *text = terminal_text(result, &options);
	expect_within(text, "A critical section");
	expect_within(text, "The balance was 99, not 100.\n");
	expect_within(text, "expected   100\n");
	expect_within(text, "account.c:2, in withdraw\n");
	expect_within(text, "2 | *balance -= amount;\n");
	expect_within(text, "interlock replay alice/finishes.witness\n");
	expect_within(text, "also       stress: A chance failure.\n");
	expect_within(text, "helgrind: A possible race. (This does not count.)\n");
	expect_within(text, "it needs finishes, which was not passed.\n");
	expect_within(text, "5 / 5\n");
	expect_within(text, "5 of 35 points.\n");
	expect_within(text, "Report: out/alice.json\n");
	free(text);
	result_free(result);
}
END_TEST

START_TEST(the_terminal_gets_no_control_characters)
{
	struct result *result = failing_result();
	struct terminal_options options = {.hidden = true};
	char *text = terminal_text(result, &options);

	for (const char *next = text; *next; next++)
		ck_assert((unsigned char)*next >= 0x20 || *next == '\n');
	expect_within(text, "\\x1b[2J\\x01");
	options.colour = true;
	free(text);
	text = terminal_text(result, &options);
	expect_within(text, "\x1b[31m");
	expect_not_within(text, "\x1b[2J");
	free(text);
	result_free(result);
}
END_TEST

START_TEST(hidden_criteria_and_their_points_stay_hidden)
{
	struct result *result = failing_result();
	struct terminal_options options = {0};
	char *text = terminal_text(result, &options);

	expect_not_within(text, "no_update_is_lost");
	expect_within(text, "5 of 15 points.\n");
	expect_within(text, "1 hidden criterion is not shown.\n");
	free(text);
	result_free(result);
}
END_TEST

START_TEST(lines_stay_within_88_columns)
{
	struct result *result = failing_result();
	struct terminal_options options = {.hidden = true};

	evidence_set_reason(&result->criteria[FINISHES].evidence[1],
		"One two three four five six seven eight nine ten eleven twelve thirteen "
		"fourteen fifteen sixteen seventeen eighteen nineteen twenty.");
	text_replace(&result->criteria[FINISHES].title,
		"One two three four five six seven eight nine ten eleven twelve thirteen "
		"fourteen fifteen sixteen.");
	char *text = terminal_text(result, &options);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		ck_assert_msg(strlen(line) <= 88 + 2, "%s", line);
	free(text);
	result_free(result);
}
END_TEST

START_TEST(a_passing_result_is_short)
{
	struct result *result = passing_result("bob");
	struct terminal_options options = {.hidden = true};
	char *text = terminal_text(result, &options);

	expect_within(text, "35 of 35 points; every criterion was passed.\n");
	expect_not_within(text, "hint");
	free(text);
	result_free(result);
}
END_TEST

START_TEST(what_the_grader_could_not_judge_says_so)
{
	struct result *result = unjudged_result();
	struct terminal_options options = {.hidden = true};
	char *text = terminal_text(result, &options);

	expect_within(text, "- / 10\n");
	expect_within(text, "counts neither for nor");
	expect_within(text, "5 of 5 points.\n");
	free(text);
	result_free(result);
}
END_TEST

START_TEST(no_line_is_longer_than_the_terminal_is_wide)
{
	struct result *result = failing_result();
	struct terminal_options narrow = {.hidden = true, .width = 60, .ascii = true};
	char *text = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&text, &length);

	text_replace(&result->notice, "A notice of so many words that it has to be "
				      "wrapped \xE2\x9C\x93 \xC3\xA9.");
	terminal_write(stream, result, &narrow);
	fclose(stream);
	expect_within(text, "+ ?.");
	for (char *rest = text, *line = strsep(&rest, "\n"); line;
		line = strsep(&rest, "\n")) {
		for (const char *at = line; *at; at++)
			ck_assert((*at & 0x80) == 0);
		/* Commands, quoted lines, ladders and long words stay whole. */
		if (!strstr(line, "reproduce") && !strstr(line, " | ") &&
			!strstr(line, "\\x1b"))
			ck_assert_msg(strlen(line) <= 60, "%s", line);
	}
	free(text);
	result_free(result);
}
END_TEST

START_TEST(a_class_has_a_line_for_each)
{
	struct result *results[] = {
		failing_result(), passing_result("bob"), unjudged_result()};
	struct terminal_options options = {.hidden = true};
	char *text = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&text, &length);

	text_replace(&results[0]->notice, "The sandbox was weak (tier C).");
	text_replace(&results[1]->notice, "The sandbox was weak (tier C).");
	struct class_text class = {
		.results = (const struct result *const *)results, .count = 3};
	terminal_write_class(stream, &class, &options);
	fclose(stream);
	expect_within(text, "judged.\n  The sandbox was weak (tier C).\n");
	ck_assert_ptr_null(strstr(strstr(text, "weak") + 4, "weak"));
	expect_within(text,
		"alice     \xE2\x9C\x93 \xE2\x9C\x97 \xC2\xB7     5 of 35   fail\n");
	expect_within(text,
		"bob       \xE2\x9C\x93 \xE2\x9C\x93 \xE2\x9C\x93    35 of 35   pass\n");
	expect_within(text, "carol     \xE2\x9C\x93 ! !     5 of 5    error\n");
	expect_within(
		text, "3 submissions: 1 passed, 1 did not, 1 could not be judged.\n");
	free(text);
	for (size_t i = 0; i < 3; i++)
		result_free(results[i]);
}
END_TEST

START_TEST(only_plain_files_of_the_folder_are_quoted)
{
	char account[] = "account.c";
	char up[] = "../secret.c";
	char link[] = "link.c";
	struct source_place place = {account, 1, NULL};

	write_file("account.c", "first\xFF line\r\nsecond");
	char *quoted = quote_line(folder, &place);
	ck_assert_str_eq(quoted, "first\xEF\xBF\xBD line");
	free(quoted);
	place.line = 2;
	quoted = quote_line(folder, &place);
	ck_assert_str_eq(quoted, "second");
	free(quoted);
	place.line = 3;
	ck_assert_ptr_null(quote_line(folder, &place));
	ck_assert_ptr_null(quote_line(NULL, &place));
	place = (struct source_place){up, 1, NULL};
	ck_assert_ptr_null(quote_line(folder, &place));
	char *path = text_format("%s/link.c", folder);
	ck_assert_int_eq(symlink("account.c", path), 0);
	place.file = link;
	ck_assert_ptr_null(quote_line(folder, &place));
	free(path);
}
END_TEST

START_TEST(paths_lead_from_the_working_folder)
{
	static const struct {
		const char *path, *file, *expected;
	} cases[] = {
		{NULL, "a.c", "a.c"},
		{".", "a.c", "a.c"},
		{"./", "a.c", "a.c"},
		{"labs/one", "a.c", "labs/one/a.c"},
		{"./labs/one/", "a.c", "labs/one/a.c"},
		{"labs/a.c", "a.c", "labs/a.c"},
		{"a.c", "a.c", "a.c"},
		{"labs/ba.c", "a.c", "labs/ba.c/a.c"},
		{"/home/x", "a.c", "a.c"},
		{"../x", "a.c", "a.c"},
		{"x/..", "a.c", "a.c"},
		{"x/..y", "a.c", "x/..y/a.c"},
	};
	struct result *result = result_new(&sample_lab, "alice");

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		free(result->path);
		result->path = text_copy(cases[i].path);
		char *path = digest_path(result, cases[i].file);
		ck_assert_str_eq(path, cases[i].expected);
		free(path);
	}
	result_free(result);
}
END_TEST

static void ignore(void *context, const char *format, ...)
{
	(void)context;
	(void)format;
}

static bool is_valid(const char *text, const char *schema_path)
{
	xmlDocPtr document = xmlReadMemory(
		text, (int)strlen(text), "junit.xml", NULL, XML_PARSE_NOERROR);
	xmlSchemaParserCtxtPtr parser = xmlSchemaNewParserCtxt(schema_path);
	xmlSchemaPtr schema = xmlSchemaParse(parser);

	ck_assert_msg(document != NULL, "no XML:\n%s", text);
	ck_assert_msg(schema != NULL, "%s is no schema", schema_path);
	xmlSchemaValidCtxtPtr context = xmlSchemaNewValidCtxt(schema);
	xmlSchemaSetValidErrors(context, ignore, ignore, NULL);
	int status = xmlSchemaValidateDoc(context, document);
	xmlSchemaFreeValidCtxt(context);
	xmlSchemaFree(schema);
	xmlSchemaFreeParserCtxt(parser);
	xmlFreeDoc(document);
	return status == 0;
}

static char *junit_of(const struct result *result, enum junit_dialect dialect)
{
	struct junit_options options = {dialect, true};

	return junit_text(&result, 1, &options);
}

/* What an XPath expression finds in the text, as a string; the caller frees it. */
static char *found(const char *text, const char *expression)
{
	xmlDocPtr document = xmlReadMemory(
		text, (int)strlen(text), "junit.xml", NULL, XML_PARSE_NOERROR);
	ck_assert_msg(document != NULL, "no XML:\n%s", text);
	xmlXPathContextPtr context = xmlXPathNewContext(document);
	xmlXPathObjectPtr object =
		xmlXPathEvalExpression((const xmlChar *)expression, context);
	ck_assert_msg(object != NULL, "%s is no XPath", expression);
	xmlChar *string = xmlXPathCastToString(object);
	char *copy = text_copy((const char *)string);
	xmlFree(string);
	xmlXPathFreeObject(object);
	xmlXPathFreeContext(context);
	xmlFreeDoc(document);
	return copy;
}

static void expect_found(const char *text, const char *expression, const char *expected)
{
	char *string = found(text, expression);

	ck_assert_str_eq(string, expected);
	free(string);
}

START_TEST(both_dialects_are_valid_and_not_each_other)
{
	struct result *results[] = {
		failing_result(), passing_result("bob"), unjudged_result()};

	for (size_t i = 0; i < 3; i++) {
		char *strict = junit_of(results[i], JUNIT_STRICT);
		char *rich = junit_of(results[i], JUNIT_RICH);
		ck_assert(is_valid(strict, STRICT));
		ck_assert(is_valid(strict, RICH));
		ck_assert(is_valid(rich, RICH));
		ck_assert(!is_valid(rich, STRICT));
		free(strict);
		free(rich);
		result_free(results[i]);
	}
}
END_TEST

static int run_xmllint(const char *schema, const char *path)
{
	pid_t pid = 0;
	int status = 0;
	char *const argv[] = {(char[]){"xmllint"}, (char[]){"--noout"},
		(char[]){"--schema"}, text_copy(schema), text_copy(path), NULL};
	posix_spawn_file_actions_t actions;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	ck_assert_int_eq(posix_spawnp(&pid, "xmllint", &actions, NULL, argv, environ), 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	posix_spawn_file_actions_destroy(&actions);
	free(argv[3]);
	free(argv[4]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

START_TEST(xmllint_agrees)
{
	struct result *results[] = {failing_result(), passing_result("bob")};
	struct junit_options options = {JUNIT_STRICT, true};
	char *path = text_format("%s/junit.xml", folder);

	ck_assert_int_eq(junit_write((const struct result *const *)results, 2, &options,
				 path, &error),
		0);
	ck_assert_int_eq(run_xmllint(STRICT, path), 0);
	options.dialect = JUNIT_RICH;
	ck_assert_int_eq(junit_write((const struct result *const *)results, 2, &options,
				 path, &error),
		0);
	ck_assert_int_eq(run_xmllint(RICH, path), 0);
	ck_assert_int_ne(run_xmllint(STRICT, path), 0);
	result_free(results[0]);
	result_free(results[1]);
	free(path);
}
END_TEST

static const struct {
	const char *from, *to;
} wrong_files[] = {
	{" tests=\"3\"", ""},
	{" errors=\"0\"", ""},
	{" failures=\"1\"", " failures=\"one\""},
	{"time=\"1.005\"", "time=\"1.0055\""},
	{"time=\"1.005\"", "time=\"1.005\" line=\"3\""},
	{"time=\"1.005\"", "time=\"1.005\" file=\"a.c\""},
	{"time=\"1.005\"", "time=\"1.005\" assertions=\"1\""},
	{"testcase name=\"compiles\"", "testcase"},
	{"testcase name=\"compiles\"", "testcase name=\"finishes\""},
	{"<failure", "<properties/><failure"},
	{"<failure", "<testcase name=\"x\"/><failure"},
	{"<failure", "<flakyFailure message=\"x\"/><failure"},
	{"<properties>", "<testsuite name=\"n\" tests=\"0\" failures=\"0\" errors=\"0\"/>"
			 "<properties>"},
};

START_TEST(the_strict_schema_refuses_what_readers_refuse)
{
	struct result *result = failing_result();
	char *text = junit_of(result, JUNIT_STRICT);
	const char *suite = strstr(text, "<testsuite ");
	char *at = strstr(suite, wrong_files[_i].from);

	ck_assert_msg(at != NULL, "no '%s' in:\n%s", wrong_files[_i].from, text);
	char *wrong = text_format("%.*s%s%s", (int)(at - text), text, wrong_files[_i].to,
		at + strlen(wrong_files[_i].from));
	ck_assert_msg(is_valid(text, STRICT), "%s", text);
	ck_assert_msg(!is_valid(wrong, STRICT), "%s", wrong);
	free(wrong);
	free(text);
	result_free(result);
}
END_TEST

START_TEST(counts_are_right)
{
	struct result *results[] = {
		failing_result(), passing_result("bob"), unjudged_result()};
	struct junit_options options = {JUNIT_STRICT, true};
	char *text = junit_text((const struct result *const *)results, 3, &options);

	expect_found(text, "string(/testsuites/@tests)", "9");
	expect_found(text, "string(/testsuites/@failures)", "1");
	expect_found(text, "string(/testsuites/@errors)", "2");
	expect_found(text, "count(//testsuite)", "3");
	expect_found(text, "boolean(//testsuite[@tests != count(testcase)])", "false");
	expect_found(text, "boolean(//testsuite[@failures != count(testcase/failure)])",
		"false");
	expect_found(
		text, "boolean(//testsuite[@errors != count(testcase/error)])", "false");
	expect_found(text, "boolean(//testsuite[@skipped != count(testcase/skipped)])",
		"false");
	expect_found(text, "count(//testcase[failure]/failure)", "1");
	expect_found(text, "count(//testcase[not(@classname)])", "0");
	expect_found(text, "string(//testsuite[1]/@time)", "61.234");
	free(text);
	for (size_t i = 0; i < 3; i++)
		result_free(results[i]);
}
END_TEST

START_TEST(a_failure_says_all_in_one_place)
{
	struct result *result = failing_result();
	char *text = junit_of(result, JUNIT_RICH);

	expect_found(text, "string(//failure/@message)", "The balance was 99, not 100.");
	expect_found(text, "substring-before(//failure, '\n')",
		"The balance was 99, not 100.");
	expect_found(text, "string(//testcase[failure]/@file)", "class/alice/account.c");
	expect_found(text, "string(//testcase[failure]/@line)", "2");
	expect_found(text, "substring-before(//testcase[failure]/system-out, '\n')",
		"[[ATTACHMENT|alice/finishes.witness]]");
	expect_found(text, "string(//testcase[skipped]/skipped/@message)",
		"Not judged: it needs finishes, which was not passed.");
	expect_found(text, "string(//testcase[failure]//property[@name='points']/@value)",
		"0");
	free(text);
	result_free(result);
}
END_TEST

START_TEST(of_many_lines_the_first_and_the_last_are_shown)
{
	struct buffer page = {0};

	style_indent(&page, 2, 4, "one\n\nthree\nfour\n");
	style_indent(&page, 1, 4, "1\n2\n3\n4\n5\n6");
	char *text = buffer_take(&page);
	ck_assert_str_eq(text, "  one\n\n  three\n  four\n"
			       " 1\n 2\n 3\n [2 lines are not shown]\n 6\n");
	free(text);
}
END_TEST

START_TEST(hostile_output_is_seen_and_does_nothing)
{
	struct result *result = failing_result();
	char *text = junit_of(result, JUNIT_STRICT);
	char *output = found(text, "string(//system-out)");

	expect_within(
		output, "\\x1b[2J\\x01\\x02]]>\xEF\xBF\xBD\xEF\xBF\xBD<b>&\\r::error");
	expect_not_within(strchr(output, '\n'), "[[ATTACHMENT");
	expect_within(output, "[ [ATTACHMENT|/etc/passwd]]");
	expect_found(text, "count(//b)", "0");
	free(output);
	free(text);
	result_free(result);
}
END_TEST

START_TEST(hostile_text_is_harmless_in_attributes_too)
{
	struct result *result = failing_result();

	evidence_set_reason(&result->criteria[FINISHES].evidence[1], "%s\"<", HOSTILE);
	char *text = junit_of(result, JUNIT_RICH);
	char *message = found(text, "string(//failure/@message)");
	expect_within(message, "\\x1b[2J\\x01\\x02]]>");
	expect_within(message, "\"<");
	ck_assert(is_valid(text, RICH));
	free(message);
	free(text);
	result_free(result);
}
END_TEST

START_TEST(junit_leaves_hidden_criteria_out)
{
	const struct result *result = failing_result();
	struct junit_options options = {JUNIT_RICH, false};
	char *text = junit_text(&result, 1, &options);

	expect_found(text, "count(//testcase)", "2");
	expect_found(text, "string(//testsuite/@tests)", "2");
	expect_found(text, "string(//testsuite/@skipped)", "0");
	expect_found(
		text, "string(//testsuite//property[@name='max_points']/@value)", "15");
	expect_not_within(text, "no_update_is_lost");
	free(text);
	result_free((struct result *)(size_t)result);
}
END_TEST

static void add_tests(TCase *tcase)
{
	tcase_add_test(tcase, the_terminal_shows_why_where_and_how_to_see_it_again);
	tcase_add_test(tcase, the_terminal_gets_no_control_characters);
	tcase_add_test(tcase, hidden_criteria_and_their_points_stay_hidden);
	tcase_add_test(tcase, lines_stay_within_88_columns);
	tcase_add_test(tcase, a_passing_result_is_short);
	tcase_add_test(tcase, what_the_grader_could_not_judge_says_so);
	tcase_add_test(tcase, no_line_is_longer_than_the_terminal_is_wide);
	tcase_add_test(tcase, a_class_has_a_line_for_each);
	tcase_add_test(tcase, only_plain_files_of_the_folder_are_quoted);
	tcase_add_test(tcase, paths_lead_from_the_working_folder);
	tcase_add_test(tcase, both_dialects_are_valid_and_not_each_other);
	tcase_add_test(tcase, xmllint_agrees);
	tcase_add_loop_test(tcase, the_strict_schema_refuses_what_readers_refuse, 0,
		(int)(sizeof(wrong_files) / sizeof(*wrong_files)));
	tcase_add_test(tcase, counts_are_right);
	tcase_add_test(tcase, a_failure_says_all_in_one_place);
	tcase_add_test(tcase, of_many_lines_the_first_and_the_last_are_shown);
	tcase_add_test(tcase, hostile_output_is_seen_and_does_nothing);
	tcase_add_test(tcase, hostile_text_is_harmless_in_attributes_too);
	tcase_add_test(tcase, junit_leaves_hidden_criteria_out);
}

int main(void)
{
	Suite *suite = suite_create("report");
	TCase *tcase = tcase_create("report");
	SRunner *runner = srunner_create(suite);

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	add_tests(tcase);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	xmlCleanupParser();
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
