/* SPDX-License-Identifier: MIT */
#include "report/digest.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "ladder/ladder.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_REASON = 2048 };

bool digest_judged(const struct criterion_result *criterion)
{
	return criterion->verdict != VERDICT_INCONCLUSIVE &&
	       criterion->verdict != VERDICT_ERROR;
}

struct tally tally_of(const struct result *result, bool hidden)
{
	struct tally tally = {0};

	for (size_t i = 0; i < result->criterion_count; i++) {
		const struct criterion_result *criterion = &result->criteria[i];

		if (criterion->hidden && !hidden)
			continue;
		tally.shown++;
		tally.count[criterion->verdict]++;
		tally.points += criterion->points;
		if (digest_judged(criterion))
			tally.max_points += criterion->max_points;
	}
	return tally;
}

static bool speaks(
	const struct criterion_result *criterion, const struct evidence *evidence)
{
	return evidence->decides && evidence->verdict == criterion->verdict;
}

const struct evidence *digest_evidence(const struct criterion_result *criterion)
{
	const struct evidence *found = NULL;

	if (criterion->verdict == VERDICT_PASS || criterion->blocked_by)
		return NULL;
	for (size_t i = 0; i < criterion->evidence_count; i++) {
		const struct evidence *evidence = &criterion->evidence[i];
		if (!speaks(criterion, evidence))
			continue;
		if (!found || (evidence->stage == STAGE_EXPLORE &&
				      found->stage != STAGE_EXPLORE))
			found = evidence;
	}
	return found;
}

const struct source_place *digest_place(const struct criterion_result *criterion)
{
	const struct evidence *first = digest_evidence(criterion);

	if (!first)
		return NULL;
	if (first->place.file && first->place.line > 0)
		return &first->place;
	for (size_t i = 0; i < criterion->evidence_count; i++) {
		const struct evidence *evidence = &criterion->evidence[i];
		if (speaks(criterion, evidence) && evidence->place.file &&
			evidence->place.line > 0)
			return &evidence->place;
	}
	return NULL;
}

const char *digest_submitted(const struct result *result, const char *name)
{
	for (size_t i = 0; name && i < result->file_count; i++)
		if (strcmp(result->files[i].name, name) == 0)
			return result->files[i].name;
	return NULL;
}

const char *digest_source(const struct result *result, const char *name)
{
	for (size_t i = 0; name && i < result->file_count; i++)
		if (strcmp(result->files[i].name, name) == 0)
			return result->files[i].text;
	return NULL;
}

char *digest_reproduce(const struct result *result, const struct evidence *evidence)
{
	const char *path = result->path ? result->path : "";
	const char *command = evidence->reproduce;

	if (evidence->witness)
		return text_format("interlock replay %s", evidence->witness);
	if (!command || !*command)
		return NULL;
	const char *at = *path ? strstr(command, path) : NULL;
	if (!at)
		return text_copy(command);
	return text_format("%.*s.%s", (int)(at - command), command, at + strlen(path));
}

struct ladder *digest_ladder(const struct criterion_result *criterion)
{
	const struct evidence *evidence = digest_evidence(criterion);

	return evidence ? ladder_parse(evidence->ladder) : NULL;
}

/* Of the submission's steps the one at which it goes wrong, or the last before it. */
static struct source_place ladder_place(
	const struct result *result, const struct ladder *ladder)
{
	struct source_place place = {0};

	for (uint32_t i = 0; ladder && i < ladder->rung_count; i++) {
		const struct rung *rung = &ladder->rungs[i];
		const char *file = digest_submitted(result, rung->file);
		if (file && rung->line > 0)
			place = (struct source_place){
				/* the result's own: nobody frees or changes it */
				.file = (char *)(uintptr_t)file,
				.line = rung->line};
		if (rung->decisive && place.file)
			break;
	}
	return place;
}

struct source_place digest_location(
	const struct result *result, const struct criterion_result *criterion)
{
	static char unknown[] = "submission";
	const struct source_place *known = digest_place(criterion);

	if (known)
		return *known;
	struct ladder *ladder = digest_ladder(criterion);
	struct source_place place = ladder_place(result, ladder);
	ladder_free(ladder);
	if (!place.file)
		place = (struct source_place){
			.file = result->file_count > 0 ? result->files[0].name : unknown,
			.line = 1};
	return place;
}

/* A need that is hidden from the reader keeps its name. */
static char *obstacle_message(
	const struct result *result, const struct criterion_result *criterion)
{
	int index = result_find(result, criterion->blocked_by);
	bool secret = index >= 0 && result->criteria[index].hidden && !criterion->hidden;
	const char *need = secret ? "a hidden criterion" : criterion->blocked_by;

	if (criterion->verdict == VERDICT_BLOCKED)
		return text_format(
			"Not judged: it needs %s, which was not passed.", need);
	return text_format("Not judged: it needs %s, which could not be judged.", need);
}

char *digest_message(
	const struct result *result, const struct criterion_result *criterion)
{
	const struct evidence *evidence = digest_evidence(criterion);

	if (criterion->verdict == VERDICT_PASS)
		return text_copy("");
	if (criterion->blocked_by)
		return obstacle_message(result, criterion);
	if (evidence && *evidence->reason)
		return text_cut(evidence->reason, MOST_REASON);
	if (criterion->verdict == VERDICT_FAIL)
		return text_copy("This does not hold.");
	return text_copy("The grader could not judge this.");
}

static void add_part(
	struct buffer *body, const char *title, const char *text, size_t most)
{
	if (!text || !*text)
		return;
	bool long_text = strchr(text, '\n') != NULL;
	buffer_print(body, "%s:%s", title, long_text ? "\n" : " ");
	buffer_own(body, text_cut(text, most));
	if (body->bytes[body->length - 1] != '\n')
		buffer_text(body, "\n");
}

char *digest_body(const struct result *result, const struct criterion_result *criterion,
	size_t most)
{
	struct buffer body = {0};
	const struct evidence *evidence = digest_evidence(criterion);
	const struct source_place *place = digest_place(criterion);

	if (criterion->verdict == VERDICT_PASS)
		return buffer_take(&body);
	buffer_own(&body, digest_message(result, criterion));
	buffer_text(&body, "\n");
	if (place)
		buffer_print(&body, "at %s:%ld\n", place->file, place->line);
	if (evidence) {
		add_part(&body, "expected", evidence->expected, most);
		add_part(&body, "actual", evidence->actual, most);
		add_part(&body, "detail", evidence->detail, most);
		add_part(&body, "covered", evidence->coverage, most);
		add_part(&body, "reproduce", evidence->reproduce, most);
	}
	if (criterion->verdict == VERDICT_FAIL)
		add_part(&body, "hint", criterion->hint, most);
	return buffer_take(&body);
}

char *digest_story(const struct result *result, const struct criterion_result *criterion,
	size_t most)
{
	struct buffer story = {0};
	const struct evidence *evidence = digest_evidence(criterion);

	buffer_own(&story, digest_body(result, criterion, most));
	if (evidence)
		add_part(&story, "output", evidence->output, most);
	return buffer_take(&story);
}

/* Whether the path leads down from the working folder only. */
static bool is_below(const char *path)
{
	if (*path == '/')
		return false;
	for (const char *part = path; part; part = strchr(part, '/')) {
		part += *part == '/';
		if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
			return false;
	}
	return true;
}

char *digest_path(const struct result *result, const char *file)
{
	const char *path = result->path ? result->path : "";
	size_t length = strlen(path);
	size_t tail = strlen(file);

	while (strncmp(path, "./", 2) == 0) {
		path += 2;
		length -= 2;
	}
	while (length > 1 && path[length - 1] == '/')
		length--;
	if (length == 0 || (length == 1 && *path == '.') || !is_below(path))
		return text_copy(file);
	/* The path may be that of the file itself. */
	if (length >= tail && strncmp(path + length - tail, file, tail) == 0 &&
		(length == tail || path[length - tail - 1] == '/'))
		return text_format("%.*s", (int)length, path);
	return text_format("%.*s/%s", (int)length, path, file);
}
