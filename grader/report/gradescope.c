/* SPDX-License-Identifier: MIT */
#include "report/format.h"

#include "base/json.h"
#include "base/memory.h"
#include "report/digest.h"

#include <stdlib.h>

enum { MOST_TEXT = 64 << 10 };

/* A criterion that could not be judged has no points on either side. */
static json_t *test_of(
	const struct result *result, const struct criterion_result *criterion)
{
	json_t *test = json_require(json_object());
	bool judged = digest_judged(criterion);
	char *story = digest_story(result, criterion, MOST_TEXT);

	json_put(test, "name", json_seen(criterion->title));
	json_put(test, "name_format", json_text("text"));
	json_put(test, "score", json_require(json_integer(criterion->points)));
	json_put(test, "max_score",
		json_require(json_integer(judged ? criterion->max_points : 0)));
	if (judged)
		json_put(test, "status",
			json_text(criterion->verdict == VERDICT_PASS ? "passed"
								     : "failed"));
	json_put(test, "output", json_seen(story));
	json_put(test, "output_format", json_text("text"));
	json_put(test, "visibility", json_text(criterion->hidden ? "hidden" : "visible"));
	free(story);
	return test;
}

char *format_gradescope(const struct result *result, const struct format_options *options,
	struct error *error)
{
	json_t *results = json_require(json_object());
	json_t *tests = json_require(json_array());
	char *output = text_format("%s%s%s", result->lab_title,
		result->notice ? "\n" : "", result->notice ? result->notice : "");

	(void)options;
	(void)error;
	for (size_t i = 0; i < result->criterion_count; i++)
		json_push(tests, test_of(result, &result->criteria[i]));
	json_put(results, "score", json_require(json_integer(result->points)));
	json_put(results, "execution_time",
		json_require(json_real((double)result->duration_ms / 1000)));
	json_put(results, "output", json_seen(output));
	json_put(results, "output_format", json_text("text"));
	json_put(results, "test_output_format", json_text("text"));
	json_put(results, "test_name_format", json_text("text"));
	json_put(results, "visibility", json_text("visible"));
	json_put(results, "stdout_visibility", json_text("hidden"));
	json_put(results, "tests", tests);
	free(output);
	return json_print(results);
}
