/* SPDX-License-Identifier: MIT */
#include "report/format.h"

#include "base/json.h"
#include "report/digest.h"

#include <stdlib.h>
#include <string.h>

/* The file may have 1 MB; each text of a criterion is cut to what then fits. */
enum { MOST_FILE = 1000000, MOST_TEXT = 16 << 10 };

static json_t *test_of(const struct result *result,
	const struct criterion_result *criterion, size_t most)
{
	json_t *test = json_require(json_object());
	bool judged = digest_judged(criterion);
	char *message = digest_message(result, criterion);
	char *story = digest_story(result, criterion, most);

	json_put(test, "name", json_seen(criterion->name));
	json_put(test, "description", json_seen(criterion->title));
	json_put(test, "points", json_require(json_integer(criterion->points)));
	json_put(test, "max_points",
		json_require(json_integer(judged ? criterion->max_points : 0)));
	json_put(test, "message", json_seen(message));
	json_put(test, "output", json_seen(story));
	free(message);
	free(story);
	return test;
}

/* What cannot be judged at all is handed back, so that it costs no attempt. */
static void put_score(json_t *results, const struct result *result)
{
	json_put(results, "gradable", json_require(json_boolean(result->max_points > 0)));
	if (result->max_points > 0) {
		json_put(results, "score",
			json_require(json_real(
				(double)result->points / (double)result->max_points)));
		return;
	}
	json_t *reasons = json_require(json_array());
	json_push(reasons,
		json_text("The grader could not judge this submission. That is not your "
			  "fault and costs you nothing."));
	json_put(results, "format_errors", reasons);
}

static char *results_of(const struct result *result, bool hidden, size_t most)
{
	json_t *results = json_require(json_object());
	json_t *tests = json_require(json_array());

	for (size_t i = 0; i < result->criterion_count; i++)
		if (hidden || !result->criteria[i].hidden)
			json_push(tests, test_of(result, &result->criteria[i], most));
	put_score(results, result);
	json_put(results, "message", json_seen(result->lab_title));
	json_put(results, "output", json_seen(result->notice ? result->notice : ""));
	json_put(results, "tests", tests);
	return json_print(results);
}

char *format_prairielearn(const struct result *result,
	const struct format_options *options, struct error *error)
{
	size_t most = MOST_TEXT;
	char *text = results_of(result, options->hidden, most);

	(void)error;
	while (strlen(text) > MOST_FILE && most > 0) {
		free(text);
		most /= 2;
		text = results_of(result, options->hidden, most);
	}
	return text;
}
