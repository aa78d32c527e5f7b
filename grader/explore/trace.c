/* SPDX-License-Identifier: MIT */
#include "explore/trace.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static void limit(uint32_t *count, uint32_t most)
{
	if (*count > most)
		*count = most;
}

static void reserve(struct trace *trace, uint32_t steps)
{
	if (trace->steps_room >= steps)
		return;
	trace->steps_room = steps + steps / 2;
	trace->steps = memory_grow(trace->steps, trace->steps_room, sizeof *trace->steps);
}

static void keep_shown(char to[FILE_SHOWN], const char *from)
{
	memcpy(to, from, FILE_SHOWN);
	to[FILE_SHOWN - 1] = '\0';
	for (; *to; to++)
		if (*to < ' ' || *to > '~')
			*to = '?';
}

/* Of files, by their numbers, and of paths. */
static void read_file_names(struct trace *trace, const struct control_memory *memory)
{
	memset(trace->files, 0, sizeof trace->files);
	for (int i = 0; i < FILE_NAMES_MAX; i++) {
		const struct file_name *name = &memory->file_names[i];
		trace->file_names[i].key = name->key;
		keep_shown(trace->file_names[i].shown, name->shown);
		if (name->file && name->file <= FILES_MAX)
			keep_shown(trace->files[name->file - 1], name->shown);
	}
}

void trace_read(
	struct trace *trace, const struct control_memory *memory, uint32_t max_steps)
{
	memcpy(&trace->result, &memory->result, sizeof trace->result);
	struct execution_result *result = &trace->result;
	limit(&result->steps, max_steps < STEPS_MAX ? max_steps : STEPS_MAX);
	limit(&result->tasks, TASKS_MAX);
	limit(&result->processes, TASKS_MAX);
	limit(&result->defects, DEFECTS_MAX);
	limit(&result->pointers, POINTERS_MAX);
	if (result->ending > ENDING_DIVERGED)
		result->ending = ENDING_NONE;
	result->limit[sizeof result->limit - 1] = '\0';
	for (char *at = result->limit; *at; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
	reserve(trace, result->steps);
	if (result->steps)
		memcpy(trace->steps, memory->steps, result->steps * sizeof *trace->steps);
	for (uint32_t i = 0; i < result->steps; i++) {
		trace->steps[i].task %= TASKS_MAX;
		trace->steps[i].previous %= TASKS_MAX;
		if (trace->steps[i].kind >= STEP_KINDS)
			trace->steps[i].kind = STEP_NONE;
	}
	memcpy(trace->pointers, memory->pointers,
		result->pointers * sizeof *trace->pointers);
	for (int i = 0; i < NAMES_MAX; i++) {
		memcpy(trace->names[i], memory->names[i].name, sizeof trace->names[i]);
		trace->names[i][sizeof trace->names[i] - 1] = '\0';
	}
	read_file_names(trace, memory);
	trace->programs_count = memory->programs_count;
	limit(&trace->programs_count, PROGRAMS_MAX);
	for (int i = 0; i < PROGRAMS_MAX; i++)
		keep_shown(trace->programs[i], memory->programs[i]);
	memcpy(trace->defects, memory->defects, result->defects * sizeof *trace->defects);
	for (uint32_t i = 0; i < result->defects; i++) {
		struct defect *defect = &trace->defects[i];
		defect->text[sizeof defect->text - 1] = '\0';
		if (defect->kind >= DEFECT_KINDS)
			defect->kind = DEFECT_NONE;
		if (defect->waiting_count > 16)
			defect->waiting_count = 16;
		defect->task %= TASKS_MAX;
		defect->other_task %= TASKS_MAX;
	}
}

void trace_release(struct trace *trace)
{
	free(trace->steps);
	*trace = (struct trace){0};
}

void trace_copy(struct trace *to, const struct trace *from)
{
	reserve(to, from->result.steps);
	to->result = from->result;
	memcpy(to->defects, from->defects, sizeof to->defects);
	memcpy(to->pointers, from->pointers,
		from->result.pointers * sizeof *to->pointers);
	memcpy(to->names, from->names, sizeof to->names);
	memcpy(to->files, from->files, sizeof to->files);
	memcpy(to->file_names, from->file_names, sizeof to->file_names);
	to->programs_count = from->programs_count;
	memcpy(to->programs, from->programs, sizeof to->programs);
	if (from->result.steps)
		memcpy(to->steps, from->steps, from->result.steps * sizeof *to->steps);
}

const struct defect *trace_defect(const struct trace *trace, uint32_t kinds)
{
	for (uint32_t i = 0; i < trace->result.defects; i++)
		if (kinds >> trace->defects[i].kind & 1)
			return &trace->defects[i];
	return NULL;
}

bool step_could_stay(const struct step *step)
{
	return !step_kind_picks(step->kind) && !(step->flags & FLAG_FREE_SWITCH) &&
	       step->enabled_count > 1 && step->previous < 64 &&
	       step->enabled >> step->previous & 1;
}

bool step_is_preemption(const struct step *step)
{
	return step->flags & FLAG_EARLY ||
	       (step_could_stay(step) && step->task != step->previous);
}

uint32_t trace_preemptions(const struct trace *trace)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < trace->result.steps; i++)
		count += step_is_preemption(&trace->steps[i]);
	return count;
}

bool trace_repeats(
	const struct trace *trace, uint32_t from, uint32_t length, uint32_t turns)
{
	if (!length || trace->result.steps != from + turns * length + 1)
		return false;
	for (uint32_t turn = 1; turn <= turns; turn++)
		if (!trace->steps[from].state ||
			trace->steps[from].state !=
				trace->steps[from + turn * length].state)
			return false;
	return true;
}

bool trace_equal(const struct trace *a, const struct trace *b)
{
	if (a->result.steps != b->result.steps || a->result.ending != b->result.ending)
		return false;
	for (uint32_t i = 0; i < a->result.steps; i++) {
		const struct step *left = &a->steps[i], *right = &b->steps[i];
		if (left->task != right->task || left->kind != right->kind ||
			left->pc != right->pc || left->address != right->address)
			return false;
	}
	return true;
}
