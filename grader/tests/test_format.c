/* SPDX-License-Identifier: MIT */
#include "base/file.h"
#include "base/temporary.h"
#include "base/text.h"
#include "command/command.h"
#include "report/format.h"
#include "report/github.h"
#include "tests/json.h"
#include "tests/results.h"

#include <check.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

static struct error error;
static struct result *failing;
static struct result *unjudged;

static char *classroom(const char *name)
{
	static char text[64];

	if (strcmp(name, "SUBMISSION_TAG") == 0)
		return strcpy(text, "submit/2026-01-31");
	snprintf(text, sizeof(text), "the %s", name);
	return text;
}

static char *no_variable(const char *name)
{
	(void)name;
	return NULL;
}

static char *untagged(const char *name)
{
	return strcmp(name, "SUBMISSION_TAG") == 0 ? classroom("COMMIT_URL")
						   : classroom(name);
}

static const struct format_options shown = {true, classroom};
static const struct format_options public = {false, classroom};

static void setup(void)
{
	failing = failing_result();
	unjudged = unjudged_result();
}

static void teardown(void)
{
	result_free(failing);
	result_free(unjudged);
}

/* A result of `count` criteria that all fail with as much text as there may be. */
static struct result *huge_result(size_t count)
{
	enum { LENGTH = 256 << 10 };
	struct lab_criterion *criteria = memory_new(count, sizeof(*criteria));
	char *output = memory_new(LENGTH + 1, 1);

	for (size_t i = 0; i < count; i++) {
		criteria[i] = sample_criteria[COMPILES];
		criteria[i].name = text_format("criterion_%zu", i);
	}
	struct lab lab = {.name = sample_name,
		.title = sample_title,
		.criteria = criteria,
		.criteria_count = (unsigned)count};
	struct result *result = result_new(&lab, "mallory");
	memset(output, '\x1b', LENGTH);
	for (size_t i = 0; i < count; i++) {
		struct evidence *evidence =
			result_add_evidence(result, i, STAGE_BUILD, VERDICT_FAIL);
		evidence_set_reason(evidence, "%s", output);
		evidence->output = text_copy(output);
		evidence->detail = text_copy(output);
		evidence->actual = text_copy(output);
	}
	result_score(result, &lab);
	for (size_t i = 0; i < count; i++)
		free(criteria[i].name);
	free(criteria);
	free(output);
	return result;
}

static bool matches(const char *text, const char *pattern)
{
	regex_t regex;

	ck_assert_int_eq(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
	bool found = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return found;
}

START_TEST(every_format_is_clean_text)
{
	struct result *results[] = {failing, unjudged};

	for (const struct format *format = formats; format->name; format++) {
		for (size_t i = 0; i < 2; i++) {
			char *text = format->write(results[i], &shown, &error);
			ck_assert_msg(text && *text, "%s", format->name);
			char *visible = text_visible(text);
			ck_assert_msg(strcmp(text, visible) == 0, "%s", format->name);
			free(visible);
			free(text);
		}
		ck_assert_ptr_eq(format_find(format->name), format);
	}
	ck_assert_ptr_null(format_find("nothing"));
}
END_TEST

START_TEST(no_format_shows_hidden_criteria_unless_asked)
{
	for (const struct format *format = formats; format->name; format++) {
		char *text = format->write(unjudged, &public, &error);
		bool marks_them = strcmp(format->name, "gradescope") == 0;
		bool names_scores = strcmp(format->name, "autolab") == 0;
		ck_assert_msg(marks_them || names_scores ||
				      (!strstr(text, "no_update_is_lost") &&
					      !strstr(text, "No update is lost")),
			"%s", format->name);
		free(text);
	}
}
END_TEST

/* The value under a key of a YAML mapping, as text; "" if it is none. */
static const char *yaml_value(
	yaml_document_t *document, const yaml_node_t *mapping, const char *key)
{
	yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;

	for (; pair < mapping->data.mapping.pairs.top; pair++) {
		const yaml_node_t *name = yaml_document_get_node(document, pair->key);
		const yaml_node_t *value = yaml_document_get_node(document, pair->value);
		if (strcmp((const char *)name->data.scalar.value, key) == 0)
			return value->type == YAML_SCALAR_NODE
				       ? (const char *)value->data.scalar.value
				       : "";
	}
	return "";
}

static const yaml_node_t *yaml_mapping(
	yaml_document_t *document, const yaml_node_t *mapping, const char *key)
{
	yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;

	for (; pair < mapping->data.mapping.pairs.top; pair++) {
		const yaml_node_t *name = yaml_document_get_node(document, pair->key);
		const yaml_node_t *value = yaml_document_get_node(document, pair->value);
		if (strcmp((const char *)name->data.scalar.value, key) == 0 &&
			value->type == YAML_MAPPING_NODE)
			return value;
	}
	ck_abort_msg("no mapping %s", key);
	return NULL;
}

START_TEST(tap_has_a_plan_a_line_a_criterion_and_yaml)
{
	char *tap = format_tap(failing, &shown, &error);
	yaml_parser_t parser;
	yaml_document_t document;
	const char *yaml = strstr(tap, "  ---\n");

	ck_assert(strncmp(tap, "TAP version 13\n1..3\n", 20) == 0);
	ck_assert(matches(tap, "\nok 1 - compiles: The program compiles\n"));
	ck_assert(matches(tap, "\nnot ok 2 - finishes: Every process returns\n  ---\n"));
	ck_assert(matches(tap, "\nok 3 - no_update_is_lost: .* # SKIP Not judged"));
	ck_assert_ptr_nonnull(yaml);
	ck_assert(yaml_parser_initialize(&parser));
	const char *end = strstr(yaml, "\n  ...\n");
	ck_assert_ptr_nonnull(end);
	yaml_parser_set_input_string(
		&parser, (const unsigned char *)yaml + 6, (size_t)(end - yaml - 5));
	ck_assert_msg(yaml_parser_load(&parser, &document), "%s", parser.problem);
	const yaml_node_t *root = yaml_document_get_root_node(&document);
	ck_assert_str_eq(
		yaml_value(&document, root, "message"), "The balance was 99, not 100.");
	ck_assert_str_eq(yaml_value(&document, root, "severity"), "fail");
	const yaml_node_t *at = yaml_mapping(&document, root, "at");
	ck_assert_str_eq(yaml_value(&document, at, "file"), "class/alice/account.c");
	ck_assert_str_eq(yaml_value(&document, at, "line"), "2");
	ck_assert_ptr_nonnull(
		strstr(yaml_value(&document, root, "body"), "\\x1b[2J\\x01"));
	yaml_document_delete(&document);
	yaml_parser_delete(&parser);
	free(tap);
}
END_TEST

START_TEST(tap_descriptions_hold_no_directive)
{
	text_replace(&failing->criteria[FINISHES].title, "Counts # TODO \\ to 3\nok 9");
	char *tap = format_tap(failing, &shown, &error);

	ck_assert_ptr_nonnull(strstr(tap, "Counts \\# TODO \\\\ to 3\\\\nok 9\n"));
	free(tap);
}
END_TEST

START_TEST(gradescope_adds_up)
{
	struct result *results[] = {failing, unjudged};
	size_t index;
	json_t *test;

	for (size_t i = 0; i < 2; i++) {
		json_t *report = json_of(format_gradescope(results[i], &public, &error));
		json_int_t sum = 0;
		json_int_t most = 0;
		json_array_foreach (json_object_get(report, "tests"), index, test) {
			sum += number_of(test, "score");
			most += number_of(test, "max_score");
			ck_assert(matches(text_of(test, "visibility"),
				index == NO_UPDATE_IS_LOST ? "^hidden$" : "^visible$"));
			ck_assert_str_eq(text_of(test, "output_format"), "text");
			ck_assert_str_ne(text_of(test, "name"), "");
			ck_assert(matches(text_of(test, "status"), "^(passed|failed|)$"));
		}
		ck_assert_int_eq(sum, number_of(report, "score"));
		ck_assert_int_eq(most, results[i]->max_points);
		ck_assert_uint_eq(json_array_size(json_object_get(report, "tests")), 3);
		json_decref(report);
	}
}
END_TEST

START_TEST(gradescope_gives_what_was_not_judged_no_status)
{
	json_t *report = json_of(format_gradescope(unjudged, &shown, &error));
	const json_t *tests = json_object_get(report, "tests");
	const json_t *test = json_array_get(tests, FINISHES);

	ck_assert_ptr_null(json_object_get(test, "status"));
	ck_assert_int_eq(number_of(test, "max_score"), 0);
	ck_assert_str_eq(text_of(json_array_get(tests, COMPILES), "status"), "passed");
	json_decref(report);
}
END_TEST

START_TEST(autolab_ends_with_scores_and_no_word_before_a_colon)
{
	text_replace(&failing->criteria[FINISHES].title, "Returns: always");
	evidence_set_reason(&failing->criteria[FINISHES].evidence[1], "line:\nA: b");
	char *text = format_autolab(failing, &shown, &error);
	char *second = strchr(text, '\n') + 1;

	ck_assert(!matches(text, "[a-zA-Z0-9]+:"));
	second[-1] = '\0';
	json_t *scores = json_of(text_copy(second));
	json_t *feedback = json_of(text);
	const json_t *points = json_object_get(scores, "scores");
	ck_assert_int_eq(number_of(points, "compiles"), 5);
	ck_assert_int_eq(number_of(points, "no_update_is_lost"), 0);
	ck_assert_int_eq(json_integer_value(json_array_get(
				 json_object_get(scores, "scoreboard"), 0)),
		5);
	ck_assert_str_eq(text_of(feedback, "_presentation"), "semantic");
	const char *stage =
		json_string_value(json_array_get(json_object_get(feedback, "stages"), 0));
	const json_t *tests = json_object_get(feedback, stage);
	const json_t *test = json_object_get(tests, "Returns\xE2\x88\xB6 always");
	ck_assert(json_is_false(json_object_get(test, "passed")));
	ck_assert_str_ne(text_of(test, "hint"), "");
	json_decref(scores);
	json_decref(feedback);
}
END_TEST

START_TEST(autolab_scores_only_what_was_judged)
{
	char *text = format_autolab(unjudged, &shown, &error);
	json_t *scores = json_of(text_copy(strchr(text, '\n') + 1));
	const json_t *points = json_object_get(scores, "scores");

	ck_assert_uint_eq(json_object_size(points), 1);
	ck_assert_int_eq(number_of(points, "compiles"), 5);
	json_decref(scores);
	free(text);
}
END_TEST

START_TEST(prairielearn_has_both_points_and_a_fraction)
{
	json_t *report = json_of(format_prairielearn(failing, &shown, &error));
	size_t index;
	json_t *test;

	ck_assert(json_is_true(json_object_get(report, "gradable")));
	ck_assert(json_real_value(json_object_get(report, "score")) > 0.142);
	ck_assert(json_real_value(json_object_get(report, "score")) < 0.143);
	json_array_foreach (json_object_get(report, "tests"), index, test)
		ck_assert(number_of(test, "points") <= number_of(test, "max_points"));
	ck_assert_uint_eq(index, 3);
	json_decref(report);
}
END_TEST

START_TEST(prairielearn_hands_back_what_could_not_be_judged)
{
	result_add_evidence(unjudged, COMPILES, STAGE_BUILD, VERDICT_ERROR);
	result_score(unjudged, &sample_lab);
	json_t *report = json_of(format_prairielearn(unjudged, &shown, &error));

	ck_assert(json_is_false(json_object_get(report, "gradable")));
	ck_assert_ptr_null(json_object_get(report, "score"));
	ck_assert_uint_eq(json_array_size(json_object_get(report, "format_errors")), 1);
	json_decref(report);
}
END_TEST

START_TEST(sizes_have_their_limits)
{
	struct result *huge = huge_result(40);
	char *report = format_prairielearn(huge, &shown, &error);
	char *summary = format_markdown(huge, &shown, &error);
	char *lines = format_github(huge, &shown, &error);
	size_t count = 0;

	ck_assert_uint_le(strlen(report), 1000000);
	ck_assert_uint_ge(strlen(report), 400000);
	ck_assert_uint_le(strlen(summary), 1 << 20);
	for (const char *next = lines; *next; next++)
		count += *next == '\n';
	ck_assert_uint_eq(count, 10);
	ck_assert_ptr_nonnull(strstr(lines, "The log shows 31 more."));
	json_decref(json_of(report));
	free(summary);
	free(lines);
	result_free(huge);
}
END_TEST

START_TEST(classroom50_is_strict_at_the_top)
{
	static const char *const keys[] = {"schema", "classroom", "assignment",
		"assignment_type", "owner", "submission", "commit", "release", "review",
		"datetime", "score", "max-score", "tests"};
	json_t *report = json_of(format_classroom50(failing, &shown, &error));
	size_t index;
	json_t *test;

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		ck_assert_msg(json_object_get(report, keys[i]) != NULL, "%s", keys[i]);
	ck_assert_uint_eq(json_object_size(report), sizeof(keys) / sizeof(*keys));
	ck_assert_str_eq(text_of(report, "schema"), "classroom50/result/v1");
	ck_assert_str_eq(text_of(report, "owner"), "the OWNER");
	ck_assert(matches(text_of(report, "submission"), "^submit/"));
	ck_assert(matches(text_of(report, "datetime"),
		"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"));
	ck_assert_int_eq(number_of(report, "score"), 5);
	ck_assert_int_eq(number_of(report, "max-score"), 35);
	json_array_foreach (json_object_get(report, "tests"), index, test) {
		ck_assert_str_ne(text_of(test, "test-name"), "");
		ck_assert(json_is_boolean(json_object_get(test, "passed")));
		ck_assert(number_of(test, "score") <= number_of(test, "max-score"));
	}
	json_decref(report);
}
END_TEST

START_TEST(classroom50_names_a_variable_that_is_missing)
{
	struct format_options none = {true, no_variable};
	struct format_options wrong = {true, untagged};

	ck_assert_ptr_null(format_classroom50(failing, &none, &error));
	ck_assert_ptr_nonnull(strstr(error.message, "CLASSROOM is not set"));
	ck_assert_ptr_null(format_classroom50(failing, &wrong, &error));
	ck_assert_ptr_nonnull(strstr(error.message, "SUBMISSION_TAG"));
}
END_TEST

/* Every format that there is; a new one that keeps it to itself fails here. */
START_TEST(every_format_says_that_the_sandbox_was_weak)
{
	text_replace(&failing->notice, "The sandbox was weak (tier C: DEGRADED).");
	for (const struct format *format = formats; format->name; format++) {
		char *text = format->write(failing, &public, &error);

		ck_assert_msg(text && strstr(text, "The sandbox was weak"),
			"%s says nothing of it", format->name);
		free(text);
	}
}
END_TEST

/* Reads a log as GitHub's runner does; the commands that it would obey, counted. */
static size_t obeyed(const char *log)
{
	char stopped[128] = "";
	size_t count = 0;

	while (*log) {
		size_t length = strcspn(log, "\n");
		char *line = strndup(log + strspn(log, " \t"), length);
		line[strcspn(line, "\n")] = '\0';
		if (*stopped && strcmp(line, stopped) == 0)
			*stopped = '\0';
		else if (!*stopped && strncmp(line, "::stop-commands::", 17) == 0)
			snprintf(stopped, sizeof(stopped), "::%s::", line + 17);
		else if (!*stopped &&
			 (strncmp(line, "::", 2) == 0 || strstr(line, "##[")))
			count++;
		free(line);
		log += length + (log[length] == '\n');
	}
	return count;
}

START_TEST(a_submission_cannot_forge_annotations)
{
	struct terminal_options options = {.hidden = true};
	char *log[2] = {NULL, NULL};
	size_t length = 0;
	struct evidence *evidence = &failing->criteria[FINISHES].evidence[1];

	free(evidence->output);
	evidence->output =
		text_copy("::error file=x::forged\n::stop-commands::me\n::me::\n"
			  "##[error]forged\n::error::forged\n");
	for (int i = 0; i < 2; i++) {
		FILE *stream = open_memstream(&log[i], &length);
		ck_assert_int_eq(
			github_write(stream, failing, &options, NULL, &error), 0);
		fclose(stream);
		ck_assert_uint_eq(obeyed(log[i]), 1);
	}
	ck_assert_ptr_nonnull(strstr(log[0], "::error file=x::forged"));
	/* Without the markers it would be obeyed. */
	ck_assert_uint_gt(obeyed(strchr(log[0], '\n') + 1), 1);
	ck_assert(strncmp(log[0], log[1], 17 + 32) != 0);
	free(log[0]);
	free(log[1]);
}
END_TEST

START_TEST(a_failure_is_a_line_as_compilers_write_it)
{
	text_replace(&failing->path, ".");
	text_replace(&failing->criteria[FINISHES].title, "Ends\nat all");
	char *text = format_compiler(failing, &shown, &error);

	ck_assert_str_eq(text, "account.c:2: error: Ends\\nat all: The balance was 99, "
			       "not 100.\n");
	free(text);
}
END_TEST

START_TEST(annotations_name_file_line_and_title)
{
	text_replace(&failing->path, "a,b:c%%");
	text_replace(&failing->criteria[FINISHES].title, "Ends: all, 100%%");
	char *text = format_github(failing, &shown, &error);

	ck_assert_msg(strncmp(text,
			      "::error file=a%2Cb%3Ac%25/account.c,line=2,title=Ends%3A "
			      "all%2C 100%25::The balance was 99, not 100.%0Aat",
			      strlen("::error file=a%2Cb%3Ac%25/account.c,line=2,title="
				     "Ends%3A all%2C 100%25::The balance was 99, not "
				     "100.%0Aat")) == 0,
		"%s", text);
	ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
	free(text);
}
END_TEST

START_TEST(a_summary_is_appended_and_holds_no_foreign_markup)
{
	struct terminal_options options = {.hidden = true};
	char *folder = folder_make_temporary(&error);
	char *path = text_format("%s/summary.md", folder);
	char *log = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&log, &length);
	struct evidence *evidence = &failing->criteria[FINISHES].evidence[1];

	free(evidence->output);
	evidence->output = text_copy("a\n\n</pre>\n\n# forged\n<script>\n");
	ck_assert_int_eq(file_replace(path, "before\n", 7, &error), 0);
	ck_assert_int_eq(github_write(stream, failing, &options, path, &error), 0);
	char *page = file_read(path, 1 << 20, &length, &error);
	ck_assert(strncmp(page, "before\n### A critical section&#58;", 7 + 4) == 0);
	const char *from = strstr(page, "<pre>") + 5;
	const char *to = strstr(from, "</pre>");
	ck_assert_ptr_nonnull(to);
	ck_assert_ptr_null(memchr(from, '<', (size_t)(to - from)));
	ck_assert_ptr_nonnull(strstr(from, "&#60;script&#62;"));
	ck_assert(strstr(from, "# forged") < to);
	ck_assert_ptr_null(strstr(to + 6, "</pre>"));
	fclose(stream);
	free(log);
	free(page);
	ck_assert_int_eq(folder_remove(folder, &error), 0);
	free(path);
	free(folder);
}
END_TEST

START_TEST(the_sample_is_what_is_written_today)
{
	static const struct {
		const char *format, *path;
	} samples[] = {
		{"text", "reports/sample/report.txt"},
		{"junit-strict", "reports/sample/junit-strict.xml"},
		{"junit-rich", "reports/sample/junit-rich.xml"},
	};
	struct result *result = result_read("reports/sample/result.json", &error);

	ck_assert_msg(result != NULL, "%s", error.message);
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		char *text =
			format_find(samples[i].format)->write(result, &shown, &error);
		char *sample = file_read(samples[i].path, 1 << 20, NULL, &error);
		ck_assert_msg(sample != NULL, "%s", error.message);
		ck_assert_msg(strcmp(text, sample) == 0,
			"%s differs; reports/README.md says how to renew it",
			samples[i].path);
		free(sample);
		free(text);
	}
	result_free(result);
}
END_TEST

/* Runs `interlock report` on the stored result, with one format, into a file. */
static int report_into(char *result, char *format, char *output)
{
	char *argv[] = {(char[]){"interlock report"}, result, (char[]){"--format"},
		format, (char[]){"-o"}, output, NULL};

	return command_report(6, argv);
}

START_TEST(the_command_writes_a_stored_result)
{
	char *folder = folder_make_temporary(&error);
	char *stored = text_format("%s/result.json", folder);
	char *output = text_format("%s/tap", folder);
	char *expected = format_tap(failing, &public, &error);
	char tap[] = "tap";

	ck_assert_int_eq(result_write(failing, stored, &error), 0);
	ck_assert_int_eq(report_into(stored, tap, output), EXIT_PASSED);
	char *text = file_read(output, 1 << 20, NULL, &error);
	ck_assert_str_eq(text, expected);
	free(text);
	ck_assert_int_eq(report_into(output, tap, stored), EXIT_TROUBLE);
	ck_assert_int_eq(report_into(stored, tap, folder), EXIT_TROUBLE);
	ck_assert_int_eq(folder_remove(folder, &error), 0);
	free(expected);
	free(output);
	free(stored);
	free(folder);
}
END_TEST

static void add_tests(TCase *tcase)
{
	tcase_add_test(tcase, every_format_is_clean_text);
	tcase_add_test(tcase, no_format_shows_hidden_criteria_unless_asked);
	tcase_add_test(tcase, tap_has_a_plan_a_line_a_criterion_and_yaml);
	tcase_add_test(tcase, tap_descriptions_hold_no_directive);
	tcase_add_test(tcase, gradescope_adds_up);
	tcase_add_test(tcase, gradescope_gives_what_was_not_judged_no_status);
	tcase_add_test(tcase, autolab_ends_with_scores_and_no_word_before_a_colon);
	tcase_add_test(tcase, autolab_scores_only_what_was_judged);
	tcase_add_test(tcase, prairielearn_has_both_points_and_a_fraction);
	tcase_add_test(tcase, prairielearn_hands_back_what_could_not_be_judged);
	tcase_add_test(tcase, sizes_have_their_limits);
	tcase_add_test(tcase, classroom50_is_strict_at_the_top);
	tcase_add_test(tcase, classroom50_names_a_variable_that_is_missing);
	tcase_add_test(tcase, every_format_says_that_the_sandbox_was_weak);
	tcase_add_test(tcase, a_submission_cannot_forge_annotations);
	tcase_add_test(tcase, a_failure_is_a_line_as_compilers_write_it);
	tcase_add_test(tcase, annotations_name_file_line_and_title);
	tcase_add_test(tcase, a_summary_is_appended_and_holds_no_foreign_markup);
	tcase_add_test(tcase, the_sample_is_what_is_written_today);
	tcase_add_test(tcase, the_command_writes_a_stored_result);
}

int main(void)
{
	Suite *suite = suite_create("format");
	TCase *tcase = tcase_create("format");
	SRunner *runner = srunner_create(suite);

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 120);
	add_tests(tcase);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
