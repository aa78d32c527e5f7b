/* SPDX-License-Identifier: MIT */
#include "base/file.h"
#include "base/memory.h"
#include "base/temporary.h"
#include "base/text.h"
#include "score/result.h"
#include "tests/sample.h"

#include <check.h>
#include <dirent.h>
#include <jansson.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HOSTILE "\x1b[31m::error::]]>\r\n\"\\\x01 \xE2\x80\xAE \xC3\xA9\xE2\x80\xAC"

static char *folder;
static char *path;
static struct error error;

static void setup(void)
{
	folder = folder_make_temporary(&error);
	ck_assert_ptr_nonnull(folder);
	path = text_format("%s/result.json", folder);
	error.message[0] = '\0';
}

static void teardown(void)
{
	unlink(path);
	free(path);
	ck_assert_int_eq(rmdir(folder), 0); /* nothing but the file was left there */
	free(folder);
}

/* A result with every member set. */
static struct result *full_result(void)
{
	struct result *result = result_new(&sample_lab, "alice");

	result->path = text_copy("class/alice");
	result->files = memory_new(1, sizeof(*result->files));
	result->file_count = 1;
	result->files[0].name = text_copy("account.c");
	memset(result->files[0].sha256, 'a', 64);
	result->files[0].bytes = 1LL << 40;
	result_add_evidence(result, COMPILES, STAGE_BUILD, VERDICT_PASS);
	result_add_evidence(result, FINISHES, STAGE_EXPLORE, VERDICT_PASS);
	struct evidence *evidence =
		result_add_evidence(result, FINISHES, STAGE_STRESS, VERDICT_FAIL);
	evidence_set_reason(evidence, "The balance was %d.%s", 99, HOSTILE);
	evidence->expected = text_copy("100");
	evidence->actual = text_copy("99");
	evidence->place = (struct source_place){
		text_copy("account.c"), 12, text_copy("account_withdraw")};
	evidence->detail = text_copy("withdraw  read 100\ndeposit   read 100\n");
	evidence->output = text_copy(HOSTILE);
	evidence->reproduce = text_copy("interlock check --only finishes");
	evidence->witness = text_copy("alice.finishes.witness");
	evidence->runs = 200;
	evidence->failures = 3;
	evidence->coverage = text_copy("200 runs");
	result->criteria[FINISHES].duration_ms = 40;
	result->sandbox = text_copy("A");
	result->toolchain = text_copy("gcc (Debian 12.2.0-14) 12.2.0");
	memcpy(result->seed, "0123456789abcdef", sizeof(result->seed));
	memcpy(result->started, "2026-01-31T12:00:00Z", sizeof(result->started));
	result->duration_ms = 1234;
	result_score(result, &sample_lab);
	return result;
}

static char *file_text(void)
{
	size_t length = 0;
	char *text = file_read(path, 1 << 20, &length, &error);

	ck_assert_msg(text != NULL, "%s", error.message);
	return text;
}

START_TEST(what_was_written_is_read_again)
{
	struct result *result = full_result();

	ck_assert_msg(result_write(result, path, &error) == 0, "%s", error.message);
	char *first = file_text();
	struct result *again = result_read(path, &error);
	ck_assert_msg(again != NULL, "%s", error.message);
	const struct evidence *evidence = &again->criteria[FINISHES].evidence[1];
	ck_assert_uint_eq(again->criterion_count, 3);
	ck_assert_str_eq(evidence->output, HOSTILE);
	ck_assert_str_eq(evidence->place.file, "account.c");
	ck_assert_int_eq(evidence->place.line, 12);
	ck_assert_int_eq(evidence->stage, STAGE_STRESS);
	ck_assert_str_eq(again->criteria[NO_UPDATE_IS_LOST].blocked_by, "finishes");
	ck_assert(again->criteria[NO_UPDATE_IS_LOST].hidden);
	ck_assert_int_eq(again->files[0].bytes, 1LL << 40);
	ck_assert_ptr_nonnull(again->notice);
	ck_assert_int_eq(result_write(again, path, &error), 0);
	char *second = file_text();
	ck_assert_str_eq(first, second);
	free(first);
	free(second);
	result_free(again);
	result_free(result);
}
END_TEST

START_TEST(bytes_that_are_no_text_are_still_written)
{
	struct result *result = result_new(&sample_lab, "\xFF\xC0\x80");

	ck_assert_int_eq(result_write(result, path, &error), 0);
	struct result *again = result_read(path, &error);
	ck_assert_msg(again != NULL, "%s", error.message);
	char *valid = text_valid("\xFF\xC0\x80", 3);
	ck_assert_str_eq(again->submission, valid);
	free(valid);
	result_free(again);
	result_free(result);
}
END_TEST

START_TEST(an_older_result_is_replaced_in_one_piece)
{
	struct result *result = full_result();
	struct stat before;
	struct stat after;

	ck_assert_int_eq(result_write(result, path, &error), 0);
	ck_assert_int_eq(stat(path, &before), 0);
	ck_assert_int_eq(result_write(result, path, &error), 0);
	ck_assert_int_eq(stat(path, &after), 0);
	ck_assert(before.st_ino != after.st_ino);
	ck_assert_int_eq(after.st_mode & 0777, before.st_mode & 0777);
	result_free(result);
}
END_TEST

START_TEST(a_folder_in_the_way_is_an_error_and_stays)
{
	struct result *result = full_result();

	ck_assert_int_eq(mkdir(path, 0777), 0);
	ck_assert_int_eq(result_write(result, path, &error), -1);
	ck_assert_ptr_nonnull(strstr(error.message, path));
	ck_assert_ptr_null(result_read(path, &error));
	ck_assert_int_eq(rmdir(path), 0);
	result_free(result);
}
END_TEST

/* Reads the sample with one text replaced by another; returns the reader's complaint. */
static const char *complaint(const char *from, const char *to)
{
	struct result *result = full_result();

	ck_assert_int_eq(result_write(result, path, &error), 0);
	char *text = file_text();
	char *at = strstr(text, from);
	ck_assert_msg(at != NULL, "the sample has no %s", from);
	char *changed =
		text_format("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	ck_assert_int_eq(file_replace(path, changed, strlen(changed), &error), 0);
	error.message[0] = '\0';
	struct result *again = result_read(path, &error);
	ck_assert_msg(again == NULL, "%s was accepted for %s", to, from);
	ck_assert_ptr_nonnull(strstr(error.message, path));
	result_free(result);
	free(text);
	free(changed);
	return error.message;
}

static const struct {
	const char *from, *to, *complaint;
} wrong_files[] = {
	{"{", "[", "line "},
	{"interlock/result/v1", "interlock/result/v9", "schema is not"},
	{"\"lab\":", "\"lob\":", "lab is missing"},
	{"\"verdict\": \"blocked\"", "\"verdict\": \"great\"",
		"criteria[2].verdict is no verdict"},
	{"\"stage\": \"stress\"", "\"stage\": \"stage\"",
		"criteria[1].evidence[1].stage is no stage"},
	{"\"runs\": 200", "\"runs\": -1", "criteria[1].evidence[1].runs is no number"},
	{"\"runs\": 200", "\"runs\": 2e2", "criteria[1].evidence[1].runs is no number"},
	{"\"runs\": 200", "\"runs\": 200, \"lines\": 3",
		"criteria[1].evidence[1].lines is not known"},
	{"\"line\": 12", "\"line\": \"12\"",
		"criteria[1].evidence[1].place.line is no number"},
	{"\"line\": 12", "\"line\": 12, \"column\": 2",
		"criteria[1].evidence[1].place.column is not known"},
	{"\"hidden\": false", "\"hidden\": 0", "criteria[0].hidden is neither"},
	{"\"max_points\": 5", "\"max_points\": 4",
		"criteria[0].points is more than max_points"},
	{"\"max_points\": 35", "\"max_points\": 1", "points is more than max_points"},
	{"0123456789abcdef", "0123456789abcdef0", "seed has not the right length"},
	{"0123456789abcdef", "0123456789abcdeg", "seed is no hexadecimal"},
	{"\"files\": [", "\"files\": 3, \"was\": [", "files is no list"},
	{"\"files\": [", "\"files\": [7,", "files[0] is no object"},
	{"\"criteria\": [", "\"files\": [], \"criteria\": [", "duplicate"},
	{"\"alice\"", "\"al\\u0000ice\"", "\\u0000"},
	{"\"alice\"", "\"al\xFFice\"", "decode byte"},
	{"\"reason\": \"\",", "", "criteria[0].evidence[0].reason is missing"},
};

START_TEST(a_wrong_file_is_refused_by_place)
{
	const char *said = complaint(wrong_files[_i].from, wrong_files[_i].to);

	ck_assert_msg(strstr(said, wrong_files[_i].complaint) != NULL, "%s", said);
}
END_TEST

START_TEST(a_file_cut_anywhere_is_refused)
{
	struct result *result = full_result();

	ck_assert_int_eq(result_write(result, path, &error), 0);
	char *text = file_text();
	for (size_t length = strlen(text) - 2; length > 0;
		length -= length > 37 ? 37 : 1) {
		ck_assert_int_eq(file_replace(path, text, length, &error), 0);
		ck_assert_ptr_null(result_read(path, &error));
	}
	free(text);
	result_free(result);
}
END_TEST

/*
 * A reader of just as much JSON Schema as reports/result.schema.json uses. It fails the
 * test on a keyword that it does not know, so that the schema cannot outgrow it.
 */
static json_t *schema_root;

static const char *violation(json_t *schema, json_t *value);

static bool has_type(json_t *value, const char *type)
{
	if (strcmp(type, "object") == 0)
		return json_is_object(value);
	if (strcmp(type, "array") == 0)
		return json_is_array(value);
	if (strcmp(type, "string") == 0)
		return json_is_string(value);
	if (strcmp(type, "boolean") == 0)
		return json_is_boolean(value);
	ck_assert_str_eq(type, "integer");
	return json_is_integer(value);
}

static bool matches(const char *text, const char *pattern)
{
	regex_t regex;

	ck_assert_int_eq(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
	bool found = regexec(&regex, text, 0, NULL, 0) == 0;
	regfree(&regex);
	return found;
}

static bool is_one_of(json_t *value, json_t *values)
{
	size_t i;
	json_t *one;

	json_array_foreach (values, i, one)
		if (json_equal(value, one))
			return true;
	return false;
}

static const char *object_violation(json_t *schema, json_t *value)
{
	const char *key;
	json_t *member;
	size_t i;
	json_t *properties = json_object_get(schema, "properties");

	ck_assert(json_is_false(json_object_get(schema, "additionalProperties")));
	json_array_foreach (json_object_get(schema, "required"), i, member)
		if (!json_object_get(value, json_string_value(member)))
			return json_string_value(member);
	json_object_foreach (value, key, member) {
		json_t *rule = json_object_get(properties, key);
		if (!rule || violation(rule, member))
			return key;
	}
	return NULL;
}

/* Keywords that say nothing of a value, or that object_violation looks at. */
static bool is_known_elsewhere(const char *key)
{
	static const char *const known[] = {"$schema", "title", "description",
		"additionalProperties", "required", "$defs"};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcmp(key, known[i]) == 0)
			return true;
	return false;
}

static const char *keyword_violation(
	json_t *schema, const char *key, json_t *rule, json_t *value)
{
	size_t i;
	json_t *element;
	bool holds = true;

	if (strcmp(key, "$ref") == 0)
		return violation(json_object_get(json_object_get(schema_root, "$defs"),
					 strrchr(json_string_value(rule), '/') + 1),
			value);
	if (strcmp(key, "type") == 0)
		holds = has_type(value, json_string_value(rule));
	else if (strcmp(key, "const") == 0)
		holds = json_equal(value, rule);
	else if (strcmp(key, "enum") == 0)
		holds = is_one_of(value, rule);
	else if (strcmp(key, "minimum") == 0)
		holds = json_integer_value(value) >= json_integer_value(rule);
	else if (strcmp(key, "pattern") == 0)
		holds = matches(json_string_value(value), json_string_value(rule));
	else if (strcmp(key, "properties") == 0)
		return object_violation(schema, value);
	else if (strcmp(key, "items") == 0)
		json_array_foreach (value, i, element)
			holds = holds && !violation(rule, element);
	else
		holds = is_known_elsewhere(key);
	return holds ? NULL : key;
}

/* NULL if the value is as the schema says, else what is not. */
static const char *violation(json_t *schema, json_t *value)
{
	const char *key;
	json_t *rule;

	json_object_foreach (schema, key, rule) {
		const char *found = keyword_violation(schema, key, rule, value);
		if (found)
			return found;
	}
	return NULL;
}

static json_t *load(const char *name)
{
	json_error_t problem;
	json_t *value = json_load_file(name, 0, &problem);

	ck_assert_msg(value != NULL, "%s:%d: %s", name, problem.line, problem.text);
	return value;
}

START_TEST(results_are_as_the_schema_says)
{
	struct result *full = full_result();
	struct result *empty = result_new(&sample_lab, "");

	schema_root = load("reports/result.schema.json");
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(result_write(i ? full : empty, path, &error), 0);
		json_t *written = load(path);
		const char *found = violation(schema_root, written);
		ck_assert_msg(!found, "the schema does not agree on '%s'", found);
		json_decref(written);
	}
	json_decref(schema_root);
	result_free(full);
	result_free(empty);
}
END_TEST

START_TEST(the_schema_refuses_what_the_reader_refuses)
{
	complaint(wrong_files[_i].from, wrong_files[_i].to);
	json_t *written = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
	schema_root = load("reports/result.schema.json");
	/* Not JSON at all, or beyond what a schema can say: points against max_points. */
	bool beyond = !written || strstr(wrong_files[_i].complaint, "max_points");
	ck_assert(beyond || violation(schema_root, written));
	json_decref(written);
	json_decref(schema_root);
}
END_TEST

int main(void)
{
	enum { WRONG_FILES = sizeof(wrong_files) / sizeof(*wrong_files) };
	Suite *suite = suite_create("result");
	TCase *tcase = tcase_create("result");
	SRunner *runner = srunner_create(suite);

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, what_was_written_is_read_again);
	tcase_add_test(tcase, bytes_that_are_no_text_are_still_written);
	tcase_add_test(tcase, an_older_result_is_replaced_in_one_piece);
	tcase_add_test(tcase, a_folder_in_the_way_is_an_error_and_stays);
	tcase_add_loop_test(tcase, a_wrong_file_is_refused_by_place, 0, WRONG_FILES);
	tcase_add_test(tcase, a_file_cut_anywhere_is_refused);
	tcase_add_test(tcase, results_are_as_the_schema_says);
	tcase_add_loop_test(
		tcase, the_schema_refuses_what_the_reader_refuses, 0, WRONG_FILES);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
