/* SPDX-License-Identifier: MIT */
#include "report/digest.h"

#include "base/memory.h"

#include <string.h>

struct tally tally_of(const struct result *result, bool hidden)
{
	struct tally tally = {0};

	for (size_t i = 0; i < result->criterion_count; i++) {
		const struct criterion_result *criterion = &result->criteria[i];
		enum verdict verdict = criterion->verdict;

		if (criterion->hidden && !hidden)
			continue;
		tally.shown++;
		tally.count[verdict]++;
		tally.points += criterion->points;
		if (verdict != VERDICT_INCONCLUSIVE && verdict != VERDICT_ERROR)
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
		return text_copy(evidence->reason);
	if (criterion->verdict == VERDICT_FAIL)
		return text_copy("This does not hold.");
	return text_copy("The grader could not judge this.");
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
