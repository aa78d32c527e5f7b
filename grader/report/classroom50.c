/* SPDX-License-Identifier: MIT */
#include "report/format.h"

#include "base/json.h"
#include "report/digest.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_TEXT = 16 << 10 };

/* What the platform tells a run, and the key under which it wants it back. */
static const struct {
	const char *key;
	const char *variable;
} given[] = {
	{"classroom", "CLASSROOM"},
	{"assignment", "ASSIGNMENT"},
	{"assignment_type", "ASSIGNMENT_TYPE"},
	{"owner", "OWNER"},
	{"submission", "SUBMISSION_TAG"},
	{"commit", "COMMIT_URL"},
	{"release", "RELEASE_URL"},
	{"review", "REVIEW_URL"},
};

static int put_given(
	json_t *object, const struct format_options *options, struct error *error)
{
	for (size_t i = 0; i < sizeof(given) / sizeof(*given); i++) {
		const char *value = options->variable(given[i].variable);
		if (!value || !*value)
			return error_set(error,
				"the variable %s is not set; Classroom 50 sets it",
				given[i].variable);
		if (strcmp(given[i].key, "submission") == 0 &&
			strncmp(value, "submit/", 7) != 0)
			return error_set(error,
				"the variable %s does not begin with "
				"submit/",
				given[i].variable);
		json_put(object, given[i].key, json_text(value));
	}
	return 0;
}

/* Further keys are kept, so the reason goes along. */
static json_t *test_of(
	const struct result *result, const struct criterion_result *criterion)
{
	json_t *test = json_require(json_object());
	bool judged = digest_judged(criterion);
	char *story = digest_story(result, criterion, MOST_TEXT);

	json_put(test, "test-name", json_seen(criterion->title));
	json_put(test, "passed",
		json_require(json_boolean(criterion->verdict == VERDICT_PASS)));
	json_put(test, "score", json_require(json_integer(criterion->points)));
	json_put(test, "max-score",
		json_require(json_integer(judged ? criterion->max_points : 0)));
	json_put(test, "verdict", json_text(verdict_name(criterion->verdict)));
	if (*story)
		json_put(test, "message", json_seen(story));
	free(story);
	return test;
}

char *format_classroom50(const struct result *result,
	const struct format_options *options, struct error *error)
{
	json_t *object = json_require(json_object());
	json_t *tests = json_require(json_array());

	for (size_t i = 0; i < result->criterion_count; i++)
		if (options->hidden || !result->criteria[i].hidden)
			json_push(tests, test_of(result, &result->criteria[i]));
	json_put(object, "schema", json_text("classroom50/result/v1"));
	json_put(object, "datetime", json_text(result->started));
	json_put(object, "score", json_require(json_integer(result->points)));
	json_put(object, "max-score", json_require(json_integer(result->max_points)));
	json_put(object, "tests", tests);
	if (result->notice)
		json_put(object, "notice", json_seen(result->notice));
	if (put_given(object, options, error)) {
		json_decref(object);
		return NULL;
	}
	return json_print(object);
}
