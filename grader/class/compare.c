/* SPDX-License-Identifier: MIT */
#include "class/compare.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"
#include "class/mistake.h"
#include "report/digest.h"

#include <stdlib.h>
#include <string.h>

bool compare_same_score(const struct result *before, const struct result *after)
{
	if (before->criterion_count != after->criterion_count ||
		before->points != after->points ||
		before->max_points != after->max_points)
		return false;
	for (size_t i = 0; i < before->criterion_count; i++) {
		const struct criterion_result *one = &before->criteria[i];
		const struct criterion_result *other = &after->criteria[i];
		if (strcmp(one->name, other->name) != 0 ||
			one->verdict != other->verdict || one->points != other->points ||
			one->max_points != other->max_points)
			return false;
	}
	return true;
}

static bool same_files(const struct result *before, const struct result *after)
{
	if (before->file_count != after->file_count)
		return false;
	for (size_t i = 0; i < before->file_count; i++)
		if (strcmp(before->files[i].sha256, after->files[i].sha256) != 0)
			return false;
	return true;
}

static void add_change(struct buffer *reason, const struct result *before,
	const struct criterion_result *criterion)
{
	int index = result_find(before, criterion->name);
	const struct criterion_result *old = index < 0 ? NULL : &before->criteria[index];

	if (old && old->verdict == criterion->verdict &&
		old->points == criterion->points &&
		old->max_points == criterion->max_points)
		return;
	buffer_print(reason, "  %s: %s -> %s", criterion->name,
		old ? verdict_name(old->verdict) : "not there",
		verdict_name(criterion->verdict));
	if (old && old->verdict == criterion->verdict)
		buffer_print(reason, ", worth %ld of %ld -> %ld of %ld", old->points,
			old->max_points, criterion->points, criterion->max_points);
	buffer_text(reason, "\n");
	char *mistake = mistake_of(criterion);
	if (mistake && criterion->verdict == VERDICT_FAIL) {
		buffer_text(reason, "    ");
		buffer_own(reason, text_line(mistake));
		buffer_text(reason, "\n");
	}
	free(mistake);
}

/* Why the two differ, in lines that are the same for all of whom it is true. */
static char *reason_of(const struct result *before, const struct result *after)
{
	struct buffer reason = {0};

	if (!before) {
		buffer_text(&reason, "  It was not graded before.\n");
		return buffer_take(&reason);
	}
	if (!after) {
		buffer_text(&reason, "  It was not graded again.\n");
		return buffer_take(&reason);
	}
	if (!same_files(before, after))
		buffer_text(&reason, "  Other files were handed in.\n");
	for (size_t i = 0; i < after->criterion_count; i++)
		add_change(&reason, before, &after->criteria[i]);
	for (size_t i = 0; i < before->criterion_count; i++)
		if (result_find(after, before->criteria[i].name) < 0)
			buffer_print(&reason, "  %s: the lab has it no longer\n",
				before->criteria[i].name);
	return buffer_take(&reason);
}

static struct difference *find_difference(struct comparison *comparison, char *reason)
{
	for (size_t i = 0; i < comparison->count; i++)
		if (strcmp(comparison->differences[i].reason, reason) == 0) {
			free(reason);
			return &comparison->differences[i];
		}
	comparison->differences = memory_grow(comparison->differences,
		comparison->count + 1, sizeof(*comparison->differences));
	struct difference *found = &comparison->differences[comparison->count++];
	*found = (struct difference){.reason = reason, .who = text_copy("")};
	return found;
}

static char *points_of(struct database *database, struct result *result)
{
	struct error none;

	if (!result)
		return text_copy("none");
	/* Points that cannot be read are told by whoever applies it. */
	if (database_adjusted(database, result, &none))
		return text_copy("unknown");
	return text_format("%ld of %ld", result->points, result->max_points);
}

void comparison_add(struct comparison *comparison, struct database *database,
	struct result *before, struct result *after)
{
	const struct result *known = after ? after : before;

	if (!known)
		return;
	comparison->compared++;
	if (before && after && compare_same_score(before, after)) {
		comparison->same++;
		return;
	}
	struct difference *found = find_difference(comparison, reason_of(before, after));
	char *old = points_of(database, before);
	char *new = points_of(database, after);
	char *name = text_line(known->submission);
	text_replace(&found->who, "%s      %s: %s -> %s\n", found->who, name, old, new);
	found->count++;
	free(name);
	free(new);
	free(old);
}

char *comparison_take(struct comparison *comparison, const char *notes)
{
	struct buffer page = {0};

	buffer_text(&page, notes);
	for (size_t i = 0; i < comparison->count; i++) {
		struct difference *difference = &comparison->differences[i];
		buffer_print(&page, "%s%s    %zu %s:\n%s", page.length > 0 ? "\n" : "",
			difference->reason, difference->count,
			difference->count == 1 ? "student" : "students", difference->who);
		free(difference->reason);
		free(difference->who);
	}
	buffer_print(&page, "%s%zu of %zu keep their score.\n",
		page.length > 0 ? "\n" : "", comparison->same, comparison->compared);
	free(comparison->differences);
	*comparison = (struct comparison){0};
	return buffer_take(&page);
}
