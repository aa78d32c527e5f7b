/* SPDX-License-Identifier: MIT */
#include "explore/explore.h"

#include <stdio.h>
#include <string.h>

static const char *const defect_names[DEFECT_KINDS] = {
	[DEFECT_NONE] = "none",
	[DEFECT_RACE] = "race",
	[DEFECT_ASSERT] = "assert",
	[DEFECT_CRASH] = "crash",
	[DEFECT_DEADLOCK] = "deadlock",
	[DEFECT_LIVELOCK] = "livelock",
	[DEFECT_UNLOCK] = "unlock",
	[DEFECT_HELD] = "held",
	[DEFECT_DESTROYED] = "destroyed",
	[DEFECT_FREED] = "freed",
	[DEFECT_CHILDREN] = "children",
	[DEFECT_LEAK] = "leak",
	[DEFECT_EXIT_STATUS] = "exit",
	[DEFECT_SERIAL] = "serial",
	[DEFECT_PRIVATE] = "private",
	[DEFECT_CRITERION] = "criterion",
};

const char *defect_name(enum defect_kind kind)
{
	return (unsigned)kind < DEFECT_KINDS ? defect_names[kind] : "none";
}

bool defect_kind_named(const char *name, enum defect_kind *kind)
{
	for (int i = DEFECT_NONE + 1; i < DEFECT_KINDS; i++)
		if (!strcmp(name, defect_names[i])) {
			*kind = (enum defect_kind)i;
			return true;
		}
	return false;
}

uint32_t detect_named(const char *name)
{
	enum defect_kind kind = DEFECT_NONE;
	if (!defect_kind_named(name, &kind))
		return 0;
	return DETECT(kind) | (kind == DEFECT_LIVELOCK ? DETECT_CYCLES : 0);
}

const char *coverage_name(enum coverage kind)
{
	static const char *const names[] = {"complete", "bounded", "sampled", "partial"};
	return names[kind];
}

bool coverage_vouches(const struct coverage_report *report)
{
	return !report->cut && !report->uncovered_count;
}

/* The innermost place that is the program's own. */
static bool uncovered_place(
	const struct uncovered *uncovered, struct symbols *symbols, struct place *place)
{
	if (symbols_find(symbols, uncovered->pc, place))
		return true;
	for (int i = 0; i < CALLERS_MAX; i++)
		if (uncovered->callers[i] &&
			symbols_find(symbols, uncovered->callers[i], place))
			return true;
	return false;
}

void uncovered_sentence(const struct uncovered *uncovered, struct symbols *symbols,
	char *text, size_t size)
{
	struct place place;
	if (uncovered_place(uncovered, symbols, &place))
		snprintf(text, size, "not covered: %s at %s:%d in %s", uncovered->what,
			place.file, place.line, place.function);
	else
		snprintf(text, size, "not covered: %s", uncovered->what);
}

void coverage_sentence(const struct coverage_report *report, char *text, size_t size)
{
	char who[64];
	const char *model = report->rc11 ? "RC11" : "sequential consistency";
	const char *executions = report->executions == 1 ? "execution" : "executions";
	if (report->tasks == 1)
		snprintf(who, sizeof who, "one process");
	else if (report->processes == report->tasks)
		snprintf(who, sizeof who, "%u processes", report->tasks);
	else if (report->processes == 1)
		snprintf(who, sizeof who, "%u threads", report->tasks);
	else
		snprintf(who, sizeof who, "%u tasks in %u processes", report->tasks,
			report->processes);
	if (report->kind == COVERAGE_COMPLETE && !report->choices) {
		snprintf(text, size,
			"complete: all interleavings of %s are alike (%u %s, at most %u "
			"steps each), for these inputs and under %s",
			who, report->executions, executions, report->longest, model);
		return;
	}
	switch (report->kind) {
	case COVERAGE_COMPLETE:
		snprintf(text, size,
			"complete: all interleavings of %s (%llu states, %u %s, at most "
			"%u steps each), for these inputs and under %s",
			who, (unsigned long long)report->states, report->executions,
			executions, report->longest, model);
		break;
	case COVERAGE_BOUNDED:
		snprintf(text, size,
			"bounded: every interleaving of %s with at most %u preemption%s "
			"(%llu states, %u %s), for these inputs and under %s%s%s",
			who, report->bound, report->bound == 1 ? "" : "s",
			(unsigned long long)report->states, report->executions,
			executions, model, report->limit[0] ? "; " : "", report->limit);
		break;
	case COVERAGE_PARTIAL:
		snprintf(text, size,
			"partial: %u %s of %s, %llu steps; some ended where the program "
			"comes to what is not followed%s%s",
			report->executions, executions, who,
			(unsigned long long)report->steps, report->limit[0] ? "; " : "",
			report->limit);
		break;
	default:
		snprintf(text, size, "sampled: %u %s of %s, %llu steps%s%s",
			report->executions, executions, who,
			(unsigned long long)report->steps, report->limit[0] ? "; " : "",
			report->limit);
	}
}
