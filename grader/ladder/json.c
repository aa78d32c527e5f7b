/* SPDX-License-Identifier: MIT */
/* The ladder's stored form. What is read may be anybody's: numbers are checked, and what does
 * not fit makes it no ladder. */
#include "base/json.h"
#include "base/memory.h"
#include "ladder/ladder.h"

#include <string.h>

enum { MOST = 4096 };

static const char *const kind_names[RUNG_KINDS] = {
	[RUNG_OTHER] = "step",
	[RUNG_READ] = "read",
	[RUNG_WRITE] = "write",
	[RUNG_UPDATE] = "update",
	[RUNG_LOCK] = "lock",
	[RUNG_UNLOCK] = "unlock",
	[RUNG_WAIT] = "wait",
	[RUNG_LOOP] = "loop",
	[RUNG_FOLD] = "fold",
};

const char *rung_kind_name(enum rung_kind kind)
{
	return kind_names[kind];
}

static void put_text(json_t *object, const char *key, const char *text)
{
	if (text)
		json_put(object, key, json_text(text));
}

static void put_number(json_t *object, const char *key, long number)
{
	if (number)
		json_put(object, key, json_require(json_integer(number)));
}

static void put_flag(json_t *object, const char *key, bool flag)
{
	if (flag)
		json_put(object, key, json_require(json_true()));
}

/* "memory" and "holding" of a rung. */
static void put_left(json_t *json, const struct rung *rung)
{
	json_t *memory = json_require(json_array());
	json_t *holding = json_require(json_array());

	for (uint32_t i = 0; i < rung->left_count; i++) {
		const struct left *left = &rung->left[i];
		json_t *one = json_require(json_object());
		put_text(one, "object", left->object);
		if (!left->object)
			json_put(one, "task", json_require(json_integer(left->task)));
		put_text(one, left->object ? "value" : "held", left->value);
		json_push(left->object ? memory : holding, one);
	}
	json_put(json, "memory", memory);
	json_put(json, "holding", holding);
}

static json_t *rung_json(const struct rung *rung)
{
	json_t *json = json_require(json_object());

	put_text(json, "kind", kind_names[rung->kind]);
	json_put(json, "task", json_require(json_integer(rung->task)));
	put_number(json, "step", rung->number);
	put_text(json, "deed", rung->deed);
	put_text(json, "object", rung->object);
	put_text(json, "value", rung->value);
	put_text(json, "file", rung->file);
	put_number(json, "line", rung->line);
	put_text(json, "function", rung->function);
	put_text(json, "held", rung->held);
	put_text(json, "note", rung->note);
	put_flag(json, "preempts", rung->preempts);
	put_flag(json, "early", rung->early);
	put_flag(json, "decisive", rung->decisive);
	put_number(json, "count", rung->count);
	put_number(json, "period", rung->period);
	if (rung->left_count)
		put_left(json, rung);
	return json;
}

static json_t *tasks_json(const struct ladder *ladder)
{
	json_t *tasks = json_require(json_array());

	for (uint32_t i = 0; i < ladder->task_count; i++) {
		json_t *task = json_require(json_object());
		put_text(task, "name", ladder->tasks[i].name);
		put_text(task, "runs", ladder->tasks[i].runs);
		json_push(tasks, task);
	}
	return tasks;
}

static json_t *rungs_json(const struct ladder *ladder)
{
	json_t *rungs = json_require(json_array());

	for (uint32_t i = 0; i < ladder->rung_count; i++)
		json_push(rungs, rung_json(&ladder->rungs[i]));
	return rungs;
}

static json_t *arrows_json(const struct ladder *ladder)
{
	json_t *arrows = json_require(json_array());

	for (uint32_t i = 0; i < ladder->arrow_count; i++) {
		const struct arrow *arrow = &ladder->arrows[i];
		json_push(
			arrows, json_require(json_pack("{s:s, s:i, s:i}", "kind",
					arrow->kind == ARROW_RACE ? "race" : "stale",
					"from", (int)arrow->from, "to", (int)arrow->to)));
	}
	return arrows;
}

static json_t *waiting_json(const struct ladder *ladder)
{
	json_t *all = json_require(json_array());

	for (uint32_t i = 0; i < ladder->waiting_count; i++) {
		const struct waiting *waiting = &ladder->waiting[i];
		json_t *one = json_require(json_pack("{s:i, s:i}", "task",
			(int)waiting->task, "holder", waiting->holder));
		put_text(one, "object", waiting->object);
		json_push(all, one);
	}
	return all;
}

json_t *ladder_value(const struct ladder *ladder)
{
	json_t *json = json_require(json_object());
	json_t *said = json_require(json_array());

	for (char **line = ladder->said; *line; line++)
		json_push(said, json_text(*line));
	put_text(json, "kind", ladder->kind);
	json_put(json, "said", said);
	put_number(json, "steps", ladder->steps);
	put_number(json, "preemptions", ladder->preemptions);
	put_flag(json, "fewest", ladder->fewest);
	put_number(json, "repeats_from", ladder->repeats_from);
	json_put(json, "tasks", tasks_json(ladder));
	json_put(json, "rungs", rungs_json(ladder));
	json_put(json, "arrows", arrows_json(ladder));
	json_put(json, "waiting", waiting_json(ladder));
	return json;
}

char *ladder_json(const struct ladder *ladder)
{
	return json_print_line(ladder_value(ladder));
}

/* Reading. */

static char *text_of(const json_t *object, const char *key)
{
	return text_copy(json_string_value(json_object_get(object, key)));
}

/* From 0 up, or `most` where it is none or more. */
static uint32_t number_of(const json_t *object, const char *key, uint32_t most)
{
	json_int_t number = json_integer_value(json_object_get(object, key));

	return number < 0 || number > most ? most : (uint32_t)number;
}

static bool flag_of(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

static bool read_left(
	struct ladder *ladder, struct rung *rung, const json_t *all, bool memory)
{
	size_t count = json_array_size(all);

	if (count > MOST)
		return false;
	rung->left = memory_grow(
		rung->left, rung->left_count + count + 1, sizeof(*rung->left));
	for (size_t i = 0; i < count; i++) {
		const json_t *json = json_array_get(all, i);
		struct left *left = &rung->left[rung->left_count++];
		*left = (struct left){.object = memory ? text_of(json, "object") : NULL,
			.task = memory ? 0 : number_of(json, "task", MOST),
			.value = text_of(json, memory ? "value" : "held")};
		if (memory ? !left->object || !left->value
			   : left->task >= ladder->task_count)
			return false;
	}
	return true;
}

static bool read_rung(struct ladder *ladder, const json_t *json)
{
	struct rung *rung = ladder_add(ladder);
	const char *kind = json_string_value(json_object_get(json, "kind"));

	rung->kind = RUNG_KINDS;
	for (int i = 0; kind && i < RUNG_KINDS; i++)
		if (strcmp(kind, kind_names[i]) == 0)
			rung->kind = (enum rung_kind)i;
	rung->task = number_of(json, "task", MOST);
	rung->number = number_of(json, "step", UINT32_MAX);
	rung->deed = text_of(json, "deed");
	rung->object = text_of(json, "object");
	rung->value = text_of(json, "value");
	rung->file = text_of(json, "file");
	rung->function = text_of(json, "function");
	rung->line = (long)number_of(json, "line", UINT32_MAX);
	rung->held = text_of(json, "held");
	rung->note = text_of(json, "note");
	rung->preempts = flag_of(json, "preempts");
	rung->early = flag_of(json, "early");
	rung->decisive = flag_of(json, "decisive");
	rung->count = number_of(json, "count", UINT32_MAX);
	rung->period = number_of(json, "period", UINT32_MAX);
	if (!read_left(ladder, rung, json_object_get(json, "memory"), true) ||
		!read_left(ladder, rung, json_object_get(json, "holding"), false))
		return false;
	return rung->kind < RUNG_KINDS && rung->task < ladder->task_count &&
	       (rung->deed || rung->kind == RUNG_LOOP);
}

static bool read_tasks(struct ladder *ladder, const json_t *tasks)
{
	size_t count = json_array_size(tasks);

	if (count > MOST)
		return false;
	ladder->tasks = memory_new(count, sizeof(*ladder->tasks));
	ladder->task_count = (uint32_t)count;
	for (size_t i = 0; i < count; i++) {
		const json_t *task = json_array_get(tasks, i);
		ladder->tasks[i].name = text_of(task, "name");
		ladder->tasks[i].runs = text_of(task, "runs");
		if (!ladder->tasks[i].name)
			return false;
	}
	return true;
}

static bool read_arrows(struct ladder *ladder, const json_t *arrows)
{
	size_t count = json_array_size(arrows);

	if (count > MOST)
		return false;
	ladder->arrows = memory_new(count, sizeof(*ladder->arrows));
	for (size_t i = 0; i < count; i++) {
		const json_t *json = json_array_get(arrows, i);
		const char *kind = json_string_value(json_object_get(json, "kind"));
		struct arrow *arrow = &ladder->arrows[ladder->arrow_count++];
		arrow->kind =
			kind && strcmp(kind, "race") == 0 ? ARROW_RACE : ARROW_STALE;
		arrow->from = number_of(json, "from", ladder->rung_count);
		arrow->to = number_of(json, "to", ladder->rung_count);
		if (arrow->from >= ladder->rung_count || arrow->to >= ladder->rung_count)
			return false;
	}
	return true;
}

static bool read_waiting(struct ladder *ladder, const json_t *all)
{
	size_t count = json_array_size(all);

	if (count > MOST)
		return false;
	ladder->waiting = memory_new(count, sizeof(*ladder->waiting));
	for (size_t i = 0; i < count; i++) {
		const json_t *json = json_array_get(all, i);
		json_int_t holder = json_integer_value(json_object_get(json, "holder"));
		struct waiting *waiting = &ladder->waiting[ladder->waiting_count++];
		waiting->task = number_of(json, "task", MOST);
		waiting->object = text_of(json, "object");
		waiting->holder =
			holder >= 0 && holder < ladder->task_count ? (int)holder : -1;
		if (waiting->task >= ladder->task_count)
			return false;
	}
	return true;
}

static bool read_ladder(struct ladder *ladder, const json_t *json)
{
	const json_t *rungs = json_object_get(json, "rungs");
	const json_t *said = json_object_get(json, "said");

	ladder->kind = text_of(json, "kind");
	if (!ladder->kind || !read_tasks(ladder, json_object_get(json, "tasks")) ||
		json_array_size(rungs) > MOST || json_array_size(said) > MOST)
		return false;
	for (size_t i = 0; i < json_array_size(said); i++) {
		const char *line = json_string_value(json_array_get(said, i));
		if (line)
			ladder_say(ladder, line, strlen(line));
	}
	for (size_t i = 0; i < json_array_size(rungs); i++)
		if (!read_rung(ladder, json_array_get(rungs, i)))
			return false;
	ladder->steps = number_of(json, "steps", UINT32_MAX);
	ladder->preemptions = number_of(json, "preemptions", UINT32_MAX);
	ladder->fewest = flag_of(json, "fewest");
	ladder->repeats_from = number_of(json, "repeats_from", MOST);
	return ladder->repeats_from <= ladder->rung_count &&
	       read_arrows(ladder, json_object_get(json, "arrows")) &&
	       read_waiting(ladder, json_object_get(json, "waiting"));
}

struct ladder *ladder_parse(const char *text)
{
	json_t *json = text ? json_loads(text, 0, NULL) : NULL;
	struct ladder *ladder = json ? ladder_new() : NULL;

	if (ladder && !read_ladder(ladder, json)) {
		ladder_free(ladder);
		ladder = NULL;
	}
	json_decref(json);
	return ladder;
}
