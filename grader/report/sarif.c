/* SPDX-License-Identifier: MIT */
/*
 * SARIF 2.1.0: a rule a criterion, a result for each that failed and for each failure
 * that a stage saw but that decides nothing. What the grader could not judge is a
 * notification of the invocation, not a result: it says nothing of the code. A witness is a
 * code flow with a thread flow for each task, whose steps are numbered in the order in which
 * they were taken. GitHub refuses an upload in which one result has no location.
 */
#include "report/format.h"

#include "base/buffer.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "ladder/ladder.h"
#include "report/digest.h"

#include <stdlib.h>
#include <string.h>

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

enum { MOST_TEXT = 16 << 10 };

static json_t *own(char *text)
{
	json_t *value = json_seen(text);

	free(text);
	return value;
}

static json_t *message_of(char *text)
{
	json_t *message = json_require(json_object());

	json_put(message, "text", own(text));
	return message;
}

/* A relative URI reference: what is no letter, digit or -._~/ is percent-encoded. */
static char *uri_of(const char *path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~/";
	struct buffer uri = {0};

	for (const char *next = path; *next; next++) {
		if (strchr(plain, *next))
			buffer_add(&uri, next, 1);
		else
			buffer_print(&uri, "%%%02X", (unsigned)(unsigned char)*next);
	}
	return buffer_take(&uri);
}

static json_t *location_of(const struct result *result, const struct source_place *place)
{
	json_t *location = json_require(json_object());
	json_t *physical = json_require(json_object());
	json_t *artifact = json_require(json_object());
	json_t *region = json_require(json_object());
	char *path = digest_path(result, place->file);

	json_put(artifact, "uri", own(uri_of(path)));
	json_put(region, "startLine", json_require(json_integer(place->line)));
	json_put(physical, "artifactLocation", artifact);
	json_put(physical, "region", region);
	json_put(location, "physicalLocation", physical);
	if (place->function) {
		json_t *all = json_require(json_array());
		json_t *logical = json_require(json_object());
		json_put(logical, "name", json_seen(place->function));
		json_put(logical, "kind", json_text("function"));
		json_push(all, logical);
		json_put(location, "logicalLocations", all);
	}
	free(path);
	return location;
}

/* A step of the witness that the submission took; NULL for another's. */
static json_t *flow_step(const struct result *result, const struct rung *rung)
{
	if (!rung->number || rung->line < 1 || !digest_submitted(result, rung->file))
		return NULL;
	struct source_place place = {.file = rung->file, .line = rung->line};
	json_t *location = location_of(result, &place);
	json_t *taken = json_require(json_object());
	char *words = rung_words(rung);

	json_put(location, "message",
		message_of(text_format("%s%s%s", words, rung->note ? ": " : "",
			rung->note ? rung->note : "")));
	json_put(taken, "location", location);
	json_put(taken, "executionOrder", json_require(json_integer(rung->number)));
	if (rung->preempts || rung->decisive)
		json_put(taken, "importance", json_text("essential"));
	free(words);
	return taken;
}

/* The flow of the task with this name; made if there is none. */
static json_t *flow_of(json_t *flows, const char *task)
{
	size_t index;
	json_t *flow;

	json_array_foreach (flows, index, flow)
		if (strcmp(json_string_value(json_object_get(flow, "id")), task) == 0)
			return json_object_get(flow, "locations");
	flow = json_require(json_object());
	json_t *locations = json_require(json_array());
	json_put(flow, "id", json_seen(task));
	json_put(flow, "locations", locations);
	json_push(flows, flow);
	return locations;
}

static json_t *thread_flows(const struct result *result, const struct ladder *ladder)
{
	json_t *flows = json_require(json_array());

	for (uint32_t i = 0; i < ladder->rung_count; i++) {
		const struct rung *rung = &ladder->rungs[i];
		json_t *taken = flow_step(result, rung);
		if (taken)
			json_push(flow_of(flows, ladder->tasks[rung->task].name), taken);
	}
	return flows;
}

/* Puts the interleaving there, if the criterion failed by one. */
static void put_flow(json_t *finding, const struct result *result,
	const struct criterion_result *criterion)
{
	struct ladder *ladder = digest_ladder(criterion);
	json_t *flows = ladder ? thread_flows(result, ladder) : NULL;

	if (json_array_size(flows)) {
		json_t *flow = json_require(json_object());
		json_t *all = json_require(json_array());
		json_put(flow, "threadFlows", flows);
		json_push(all, flow);
		json_put(finding, "codeFlows", all);
	} else {
		json_decref(flows);
	}
	ladder_free(ladder);
}

/* Takes the text of the message over. */
static json_t *finding_of(const struct result *result,
	const struct criterion_result *criterion, const char *level, char *text,
	const struct source_place *place)
{
	json_t *finding = json_require(json_object());
	json_t *fingerprints = json_require(json_object());
	json_t *locations = json_require(json_array());

	json_put(finding, "ruleId", json_seen(criterion->name));
	json_put(finding, "level", json_text(level));
	json_put(finding, "message", message_of(text));
	json_push(locations, location_of(result, place));
	json_put(finding, "locations", locations);
	json_put(fingerprints, "criterion/v1",
		own(text_format("%s/%s/%s", result->lab, criterion->name, level)));
	json_put(finding, "partialFingerprints", fingerprints);
	return finding;
}

static void push_findings(json_t *findings, const struct result *result,
	const struct criterion_result *criterion)
{
	struct source_place anywhere = digest_location(result, criterion);

	if (criterion->verdict == VERDICT_FAIL) {
		json_t *finding = finding_of(result, criterion, "error",
			digest_body(result, criterion, MOST_TEXT), &anywhere);
		put_flow(finding, result, criterion);
		json_push(findings, finding);
	}
	for (size_t i = 0; i < criterion->evidence_count; i++) {
		const struct evidence *evidence = &criterion->evidence[i];
		bool placed = evidence->place.file && evidence->place.line > 0;
		if (evidence->verdict != VERDICT_FAIL || evidence->decides)
			continue;
		json_push(findings,
			finding_of(result, criterion, "note",
				text_format("%s: %s", stage_name(evidence->stage),
					evidence->reason),
				placed ? &evidence->place : &anywhere));
	}
}

static json_t *rule_of(const struct criterion_result *criterion)
{
	json_t *rule = json_require(json_object());

	json_put(rule, "id", json_seen(criterion->name));
	json_put(rule, "shortDescription", message_of(text_copy(criterion->title)));
	if (criterion->hint)
		json_put(rule, "help", message_of(text_copy(criterion->hint)));
	return rule;
}

static json_t *notification_of(
	const struct result *result, const struct criterion_result *criterion)
{
	json_t *notification = json_require(json_object());
	char *why = digest_message(result, criterion);

	json_put(notification, "level", json_text("error"));
	json_put(notification, "message",
		message_of(text_format("%s: %s", criterion->name, why)));
	free(why);
	return notification;
}

static json_t *tool_of(json_t *rules)
{
	json_t *tool = json_require(json_object());
	json_t *driver = json_require(json_object());

	json_put(driver, "name", json_text("interlock"));
	json_put(driver, "version", json_text(INTERLOCK_VERSION));
	json_put(driver, "rules", rules);
	json_put(tool, "driver", driver);
	return tool;
}

/* A weak sandbox is about how we were run, and makes no execution a failure. */
static json_t *warnings_of(const struct result *result)
{
	json_t *warnings = json_require(json_array());
	json_t *warning = json_require(json_object());
	json_t *message = json_require(json_object());

	json_put(message, "text", json_seen(result->notice));
	json_put(warning, "level", json_text("warning"));
	json_put(warning, "message", message);
	json_push(warnings, warning);
	return warnings;
}

static json_t *invocations_of(const struct result *result, json_t *notifications)
{
	json_t *invocations = json_require(json_array());
	json_t *invocation = json_require(json_object());

	json_put(invocation, "executionSuccessful",
		json_require(json_boolean(json_array_size(notifications) == 0)));
	json_put(invocation, "toolExecutionNotifications", notifications);
	if (result->notice)
		json_put(invocation, "toolConfigurationNotifications",
			warnings_of(result));
	json_push(invocations, invocation);
	return invocations;
}

char *format_sarif(const struct result *result, const struct format_options *options,
	struct error *error)
{
	json_t *log = json_require(json_object());
	json_t *runs = json_require(json_array());
	json_t *run = json_require(json_object());
	json_t *rules = json_require(json_array());
	json_t *findings = json_require(json_array());
	json_t *notifications = json_require(json_array());

	(void)error;
	for (size_t i = 0; i < result->criterion_count; i++) {
		const struct criterion_result *criterion = &result->criteria[i];
		if (criterion->hidden && !options->hidden)
			continue;
		json_push(rules, rule_of(criterion));
		push_findings(findings, result, criterion);
		if (!digest_judged(criterion))
			json_push(notifications, notification_of(result, criterion));
	}
	json_put(run, "tool", tool_of(rules));
	json_put(run, "invocations", invocations_of(result, notifications));
	json_put(run, "results", findings);
	json_push(runs, run);
	json_put(log, "$schema", json_text(SCHEMA));
	json_put(log, "version", json_text("2.1.0"));
	json_put(log, "runs", runs);
	return json_print(log);
}
