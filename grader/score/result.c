/* SPDX-License-Identifier: MIT */
#include "score/result.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct result *result_new(const struct lab *lab, const char *submission)
{
	struct result *result = memory_new(1, sizeof(*result));

	result->lab = text_copy(lab->name);
	result->lab_title = text_copy(lab->title);
	result->submission = text_copy(submission);
	result->verdict = VERDICT_ERROR;
	result->criterion_count = lab->criteria_count;
	result->criteria = memory_new(lab->criteria_count, sizeof(*result->criteria));
	for (size_t i = 0; i < lab->criteria_count; i++) {
		struct criterion_result *criterion = &result->criteria[i];
		criterion->name = text_copy(lab->criteria[i].name);
		criterion->title = text_copy(lab->criteria[i].title);
		criterion->hint = text_copy(lab->criteria[i].hint);
		criterion->hidden = lab->criteria[i].hidden;
		criterion->verdict = VERDICT_BLOCKED;
		criterion->max_points = lab->criteria[i].points;
	}
	return result;
}

static void evidence_release(struct evidence *evidence)
{
	free(evidence->reason);
	free(evidence->expected);
	free(evidence->actual);
	free(evidence->place.file);
	free(evidence->place.function);
	free(evidence->detail);
	free(evidence->ladder);
	free(evidence->output);
	free(evidence->reproduce);
	free(evidence->witness);
	free(evidence->schedule);
	free(evidence->coverage);
}

static void criterion_release(struct criterion_result *criterion)
{
	for (size_t i = 0; i < criterion->evidence_count; i++)
		evidence_release(&criterion->evidence[i]);
	free(criterion->evidence);
	free(criterion->name);
	free(criterion->title);
	free(criterion->hint);
	free(criterion->blocked_by);
}

void result_free(struct result *result)
{
	if (!result)
		return;
	for (size_t i = 0; i < result->file_count; i++) {
		free(result->files[i].name);
		free(result->files[i].text);
	}
	for (size_t i = 0; i < result->criterion_count; i++)
		criterion_release(&result->criteria[i]);
	free(result->files);
	free(result->criteria);
	free(result->lab);
	free(result->lab_title);
	free(result->submission);
	free(result->path);
	free(result->sandbox);
	free(result->toolchain);
	free(result->notice);
	free(result);
}

int result_find(const struct result *result, const char *criterion)
{
	for (size_t i = 0; i < result->criterion_count; i++)
		if (strcmp(result->criteria[i].name, criterion) == 0)
			return (int)i;
	return -1;
}

struct evidence *result_add_evidence(
	struct result *result, size_t criterion, enum stage stage, enum verdict verdict)
{
	struct criterion_result *judged = &result->criteria[criterion];

	judged->evidence = memory_grow(
		judged->evidence, judged->evidence_count + 1, sizeof(*judged->evidence));
	struct evidence *evidence = &judged->evidence[judged->evidence_count++];
	*evidence = (struct evidence){.stage = stage, .verdict = verdict};
	evidence->reason = text_copy("");
	return evidence;
}

void evidence_set_reason(struct evidence *evidence, const char *format, ...)
{
	va_list arguments;
	char *reason = NULL;

	va_start(arguments, format);
	int length = vasprintf(&reason, format, arguments);
	va_end(arguments);
	free(evidence->reason);
	evidence->reason =
		length < 0 ? text_copy("") : text_valid(reason, (size_t)length);
	if (length >= 0)
		free(reason);
}
