/* SPDX-License-Identifier: MIT */
#include "explore/witness.h"

#include <inttypes.h>
#include <jansson.h>

static json_t *place_json(struct symbols *symbols, uint64_t pc, const uint64_t *callers)
{
	struct place place;
	if (!place_of(symbols, pc, callers, &place))
		return json_null();
	return json_pack("{s:s, s:i, s:s}", "file", place.file, "line", place.line,
		"function", place.function ? place.function : "");
}

static json_t *task_json(const struct trace *trace, uint32_t task)
{
	char name[16];
	task_name(trace, task, name, sizeof name);
	return json_string(name);
}

static json_t *witness_json(const struct finding *finding)
{
	const struct trace *trace = &finding->trace;
	json_t *schedule = json_array();
	for (uint32_t i = 0; i < trace->result.steps; i++)
		json_array_append_new(schedule, json_integer(trace->steps[i].task));
	json_t *json = json_pack("{s:i, s:b, s:i, s:o}", "preemptions",
		(int)finding->preemptions, "fewest", finding->fewest, "tasks",
		(int)trace->result.tasks, "schedule", schedule);
	if (finding->repeats_from)
		json_object_set_new(
			json, "repeats_from", json_integer(finding->repeats_from));
	return json;
}

static json_t *waiting_json(const struct finding *finding, struct symbols *symbols)
{
	const struct defect *defect = &finding->defect;
	json_t *waiting = json_array();
	for (int i = 0; i < defect->waiting_count; i++)
		json_array_append_new(waiting,
			json_pack("{s:o, s:o}", "task",
				task_json(&finding->trace, defect->waiting[i]), "where",
				place_json(symbols, defect->waiting_pc[i],
					defect->waiting_callers[i])));
	return waiting;
}

/* Of several programs: which tasks are of which. */
static json_t *programs_json(const struct trace *trace)
{
	json_t *programs = json_array();
	for (uint32_t i = 0; i < trace->programs_count; i++) {
		json_t *tasks = json_array();
		for (uint32_t k = 0; k < trace->result.tasks; k++)
			if (trace->result.program_of[k] == i + 1)
				json_array_append_new(tasks, task_json(trace, k));
		json_array_append_new(
			programs, json_pack("{s:s, s:o}", "program", trace->programs[i],
					  "tasks", tasks));
	}
	return programs;
}

struct json_t *finding_json(
	const struct finding *finding, struct symbols *symbols, bool with_witness)
{
	const struct defect *defect = &finding->defect;
	json_t *json = json_pack("{s:s, s:s, s:i, s:o, s:o}", "kind",
		defect_name(defect->kind), "text", defect->text, "execution",
		(int)finding->execution, "task", task_json(&finding->trace, defect->task),
		"where", place_json(symbols, defect->pc, defect->callers));
	if (defect->kind == DEFECT_RACE)
		json_object_set_new(json, "other",
			json_pack("{s:o, s:o}", "task",
				task_json(&finding->trace, defect->other_task), "where",
				place_json(symbols, defect->other_pc, NULL)));
	if (defect->waiting_count)
		json_object_set_new(json, "waiting", waiting_json(finding, symbols));
	if (finding->trace.programs_count)
		json_object_set_new(json, "programs", programs_json(&finding->trace));
	if (with_witness)
		json_object_set_new(json, "witness", witness_json(finding));
	return json;
}
