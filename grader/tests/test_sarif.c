/* SPDX-License-Identifier: MIT */
/* What a result is as SARIF 2.1.0. */
#include "json.h"
#include "results.h"
#include "suite.h"

#include "ladder/ladder.h"
#include "report/format.h"

static struct error error;
static struct result *failing;
static struct result *unjudged;
static const struct format_options shown = {true, NULL};

static void prepare(void)
{
	failing = failing_result();
	unjudged = unjudged_result();
}

static void put_away(void)
{
	result_free(failing);
	result_free(unjudged);
}

START_TEST(sarif_points_at_rules_and_lines)
{
	text_replace(&failing->path, "class/a b:c");
	json_t *log = json_of(format_sarif(failing, &shown, &error));
	json_t *run = json_array_get(json_object_get(log, "runs"), 0);
	const char *rule = NULL;
	const char *message = NULL;
	const char *uri = NULL;
	int line = 0;
	const json_t *results = json_object_get(run, "results");

	ck_assert_str_eq(text_of(log, "version"), "2.1.0");
	ck_assert_uint_eq(json_array_size(results), 2);
	ck_assert_int_eq(
		json_unpack(json_array_get(results, 0),
			"{s:s, s:{s:s}, s:[{s:{s:{s:s}, s:{s:i}}}]}", "ruleId", &rule,
			"message", "text", &message, "locations", "physicalLocation",
			"artifactLocation", "uri", &uri, "region", "startLine", &line),
		0);
	ck_assert_str_eq(rule, "finishes");
	ck_assert_str_eq(uri, "class/a%20b%3Ac/account.c");
	ck_assert_int_eq(line, 2);
	ck_assert(strncmp(message, "The balance was 99, not 100.\n", 29) == 0);
	ck_assert_str_eq(text_of(json_array_get(results, 0), "level"), "error");
	ck_assert_str_eq(text_of(json_array_get(results, 1), "level"), "note");
	ck_assert_uint_eq(json_object_size(json_object_get(
				  json_array_get(results, 0), "partialFingerprints")),
		1);
	ck_assert_int_eq(
		json_unpack(run, "{s:{s:{s:s, s:[{s:s},{s:s},{s:s}]}}}", "tool", "driver",
			"name", &message, "rules", "id", &rule, "id", &rule, "id", &rule),
		0);
	json_decref(log);
}
END_TEST

static void add_step(struct ladder *ladder, enum rung_kind kind, uint32_t task,
	const char *deed, const char *file, long line)
{
	struct rung *rung = ladder_add(ladder);

	rung->kind = kind;
	rung->task = task;
	rung->number = ladder->rung_count;
	rung->deed = text_copy(deed);
	rung->file = text_copy(file);
	rung->line = line;
}

/* A read, another task's write that preempts it, and a step of the player's. */
static char *sample_witness(void)
{
	static const char *const names[] = {"P1", "P2", "P3"};
	struct ladder *ladder = ladder_new();

	ladder->kind = text_copy("criterion");
	ladder->tasks = memory_new(3, sizeof(*ladder->tasks));
	for (; ladder->task_count < 3; ladder->task_count++)
		ladder->tasks[ladder->task_count].name =
			text_copy(names[ladder->task_count]);
	add_step(ladder, RUNG_READ, 1, "read balance", "account.c", 2);
	add_step(ladder, RUNG_WRITE, 2, "write balance", "account.c", 3);
	add_step(ladder, RUNG_OTHER, 0, "wait for child", "main.c", 9);
	ladder->rungs[1].preempts = true;
	ladder->rungs[1].value = text_copy("99");
	char *text = ladder_json(ladder);
	ladder_free(ladder);
	return text;
}

/* Each task has its own steps; their numbers are the order in which all were taken. */
START_TEST(sarif_shows_the_interleaving)
{
	const char *first, *second, *words, *weight;
	int before, after;
	json_t *flows;
	failing->files = memory_new(1, sizeof(*failing->files));
	failing->file_count = 1;
	failing->files[0].name = text_copy("account.c");
	for (size_t c = 0; c < failing->criterion_count; c++)
		for (size_t i = 0; i < failing->criteria[c].evidence_count; i++)
			failing->criteria[c].evidence[i].ladder = sample_witness();
	json_t *log = json_of(format_sarif(failing, &shown, &error));
	ck_assert_int_eq(json_unpack(log, "{s:[{s:[{s:[{s:o}]}]}]}", "runs", "results",
				 "codeFlows", "threadFlows", &flows),
		0);
	ck_assert_uint_eq(json_array_size(flows), 2);
	ck_assert_int_eq(
		json_unpack(flows,
			"[{s:s, s:[{s:i}]}, {s:s, s:[{s:i, s:s, s:{s:{s:s}}}]}]", "id",
			&first, "locations", "executionOrder", &before, "id", &second,
			"locations", "executionOrder", &after, "importance", &weight,
			"location", "message", "text", &words),
		0);
	ck_assert_str_eq(first, "P2");
	ck_assert_str_eq(second, "P3");
	ck_assert_int_lt(before, after);
	ck_assert_str_eq(weight, "essential");
	ck_assert_str_eq(words, "write balance = 99");
	json_decref(log);
}
END_TEST

/* GitHub refuses a whole upload for one result without a location. */
START_TEST(every_result_has_a_location)
{
	size_t index;
	const json_t *finding;
	failing->files = memory_new(1, sizeof(*failing->files));
	failing->file_count = 1;
	failing->files[0].name = text_copy("account.c");
	for (size_t c = 0; c < failing->criterion_count; c++)
		for (size_t i = 0; i < failing->criteria[c].evidence_count; i++)
			failing->criteria[c].evidence[i].place.line = 0;
	json_t *log = json_of(format_sarif(failing, &shown, &error));
	const json_t *findings = json_object_get(
		json_array_get(json_object_get(log, "runs"), 0), "results");
	ck_assert_uint_gt(json_array_size(findings), 0);
	json_array_foreach (findings, index, finding) {
		const char *uri = NULL;
		int line = 0;
		ck_assert_int_eq(json_unpack((json_t *)(uintptr_t)finding,
					 "{s:[{s:{s:{s:s}, s:{s:i}}}]}", "locations",
					 "physicalLocation", "artifactLocation", "uri",
					 &uri, "region", "startLine", &line),
			0);
		ck_assert_msg(strstr(uri, "account.c") != NULL, "%s", uri);
		ck_assert_int_ge(line, 1);
	}
	json_decref(log);
}
END_TEST

START_TEST(sarif_tells_the_graders_failures_from_the_students)
{
	json_t *log = json_of(format_sarif(unjudged, &shown, &error));
	const json_t *run = json_array_get(json_object_get(log, "runs"), 0);
	const json_t *invocation = json_array_get(json_object_get(run, "invocations"), 0);

	ck_assert_uint_eq(json_array_size(json_object_get(run, "results")), 0);
	ck_assert(json_is_false(json_object_get(invocation, "executionSuccessful")));
	ck_assert_uint_eq(json_array_size(json_object_get(
				  invocation, "toolExecutionNotifications")),
		2);
	json_decref(log);
}
END_TEST

int main(void)
{
	static const TTest *const *const tests[] = {
		&sarif_points_at_rules_and_lines,
		&sarif_shows_the_interleaving,
		&every_result_has_a_location,
		&sarif_tells_the_graders_failures_from_the_students,
	};
	return suite_run_with(
		"sarif", tests, sizeof(tests) / sizeof(*tests), prepare, put_away);
}
