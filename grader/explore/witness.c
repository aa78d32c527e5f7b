/* SPDX-License-Identifier: MIT */
#include "explore/witness.h"

#include <mp/checker.h>

#include <inttypes.h>
#include <string.h>

enum { ROWS_FIRST = 30, ROWS_LAST = 60, COLUMN = 26 };

static const char *const step_names[STEP_KINDS] = {
	[STEP_NONE] = "?",
	[STEP_START] = "start",
	[STEP_READ] = "read",
	[STEP_WRITE] = "write",
	[STEP_ATOMIC_READ] = "atomic read",
	[STEP_ATOMIC_WRITE] = "atomic write",
	[STEP_ATOMIC_UPDATE] = "atomic update",
	[STEP_LOCK] = "lock",
	[STEP_TRY_LOCK] = "try",
	[STEP_UNLOCK] = "unlock",
	[STEP_READ_LOCK] = "read-lock",
	[STEP_COND_WAIT] = "wait on",
	[STEP_COND_RELOCK] = "woken, lock",
	[STEP_COND_SIGNAL] = "signal",
	[STEP_COND_BROADCAST] = "broadcast",
	[STEP_SEM_WAIT] = "wait on",
	[STEP_SEM_POST] = "post",
	[STEP_SEM_READ] = "look at",
	[STEP_BARRIER] = "reach barrier",
	[STEP_BARRIER_LEAVE] = "leave barrier",
	[STEP_ONCE] = "once",
	[STEP_CREATE] = "create",
	[STEP_JOIN] = "join",
	[STEP_FORK] = "fork",
	[STEP_WAIT_CHILD] = "wait for child",
	[STEP_EXIT] = "exit",
	[STEP_FUTEX_WAIT] = "futex wait",
	[STEP_FUTEX_WAKE] = "futex wake",
	[STEP_SLEEP] = "sleep",
	[STEP_YIELD] = "yield",
	[STEP_PIPE_READ] = "read pipe",
	[STEP_PIPE_WRITE] = "write pipe",
	[STEP_SIGNAL] = "send signal",
	[STEP_PAUSE] = "pause",
	[STEP_DESTROY] = "destroy",
	[STEP_ITEM_END] = "end of item",
	[STEP_LIBRARY] = "library",
	[STEP_PICK] = "is woken",
};

void task_name(const struct trace *trace, uint32_t task, char *text, size_t size)
{
	if (trace->result.processes == trace->result.tasks)
		snprintf(text, size, "P%u", task + 1);
	else
		snprintf(text, size, "T%u", task + 1);
}

/* The reference library's own lines say little to whoever called it. */
static bool in_library(const struct place *place)
{
	return strstr(place->file, "reference/src/") || strstr(place->file, "/mp/");
}

bool place_of(struct symbols *symbols, uint64_t pc, const uint64_t callers[CALLERS_MAX],
	struct place *place)
{
	bool found = symbols_find(symbols, pc, place);
	struct place caller;
	for (int i = 0; callers && i < CALLERS_MAX && (!found || in_library(place)); i++)
		if (symbols_find(symbols, callers[i], &caller) &&
			(!found || !in_library(&caller))) {
			*place = caller;
			found = true;
		}
	return found;
}

static bool has_value(const struct step *step)
{
	return step->kind >= STEP_READ && step->kind <= STEP_ATOMIC_UPDATE &&
	       step->size <= 8;
}

static void object_name(
	const struct step *step, struct symbols *symbols, char *text, size_t size)
{
	uint64_t offset = 0;
	uint64_t region_flag = 1ull << 63;
	const char *name = "";
	text[0] = '\0';
	if (!step->address)
		return;
	if (!(step->address & region_flag))
		name = symbols_variable(
			symbols, step->address & 0xffffffffffffull, &offset);
	if (name[0] && offset)
		snprintf(text, size, " %s+%" PRIu64, name, offset);
	else if (name[0])
		snprintf(text, size, " %s", name);
	else if (step->address & region_flag)
		snprintf(text, size, " shared+%" PRIu64,
			(uint64_t)(step->address & 0xffffffffffull));
	else if (step->kind != STEP_JOIN && step->kind != STEP_WAIT_CHILD)
		snprintf(text, size, " 0x%" PRIx64,
			(uint64_t)(step->address & 0xffffffffffffull));
}

static const char *library_word(uint64_t operation)
{
	switch (operation) {
	case MP_CHECKER_EVENT_WAIT:
		return "wait for event";
	case MP_CHECKER_EVENT_SET:
		return "set event";
	case MP_CHECKER_QUEUE_PUT:
		return "put into queue";
	case MP_CHECKER_QUEUE_GET:
		return "get from queue";
	case MP_CHECKER_POOL_SUBMIT:
		return "submit to pool";
	case MP_CHECKER_POOL_TAKE:
		return "take from pool";
	case MP_CHECKER_POOL_FINISH:
		return "finish for pool";
	case MP_CHECKER_POOL_COLLECT:
		return "collect from pool";
	default:
		return "library";
	}
}

void step_words(const struct step *step, struct symbols *symbols, char *text, size_t size)
{
	char object[64];
	char value[40] = "";
	object_name(step, symbols, object, sizeof object);
	if (has_value(step) && step->size == 4)
		snprintf(value, sizeof value, " = %d", (int32_t)step->value);
	else if (has_value(step))
		snprintf(value, sizeof value, " = %" PRId64, (int64_t)step->value);
	if (step->kind == STEP_JOIN || step->kind == STEP_CREATE ||
		step->kind == STEP_FORK)
		snprintf(text, size, "%s T%" PRIu64, step_names[step->kind],
			(step->kind == STEP_JOIN ? step->detail : step->value) + 1);
	else
		snprintf(text, size, "%s%s%s%s",
			step->kind == STEP_LIBRARY ? library_word(step->detail)
						   : step_names[step->kind],
			object, value, step->flags & FLAG_TIMED_OUT ? " in vain" : "");
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static void place_words(struct symbols *symbols, uint64_t pc, const uint64_t *callers,
	char *text, size_t size)
{
	struct place place;
	if (place_of(symbols, pc, callers, &place))
		snprintf(text, size, "%s:%d%s%s", base_name(place.file), place.line,
			place.function ? " in " : "",
			place.function ? place.function : "");
	else
		snprintf(text, size, "(no source line)");
}

static void print_waiting(
	FILE *out, const struct finding *finding, struct symbols *symbols)
{
	const struct defect *defect = &finding->defect;
	const struct trace *trace = &finding->trace;
	for (int i = 0; i < defect->waiting_count; i++) {
		char name[16], where[160] = "(no source line)";
		task_name(trace, defect->waiting[i], name, sizeof name);
		if (defect->waiting_pc[i])
			place_words(symbols, defect->waiting_pc[i], NULL, where,
				sizeof where);
		fprintf(out, "    %s %s at %s (%s)\n", name,
			finding->repeats_from ? "goes round" : "waits", where,
			defect->waiting_kind[i] < STEP_KINDS
				? step_names[defect->waiting_kind[i]]
				: "?");
	}
}

void defect_print(FILE *out, const struct finding *finding, struct symbols *symbols)
{
	const struct defect *defect = &finding->defect;
	char name[16], where[160];
	fprintf(out, "%s: %s\n", defect_name(defect->kind), defect->text);
	if (defect->waiting_count) {
		print_waiting(out, finding, symbols);
		return;
	}
	if (!defect->pc)
		return;
	task_name(&finding->trace, defect->task, name, sizeof name);
	place_words(symbols, defect->pc, defect->callers, where, sizeof where);
	if (defect->kind == DEFECT_SERIAL) {
		fprintf(out, "    they begin at %s\n", where);
		return;
	}
	if (defect->kind != DEFECT_RACE) {
		fprintf(out, "    %s at %s\n", name, where);
		return;
	}
	struct step at = {.address = defect->address, .kind = STEP_READ, .size = 16};
	char object[64];
	object_name(&at, symbols, object, sizeof object);
	fprintf(out, "    %s %s%s at %s\n", name, defect->is_write ? "writes" : "reads",
		object, where);
	task_name(&finding->trace, defect->other_task, name, sizeof name);
	place_words(symbols, defect->other_pc, NULL, where, sizeof where);
	fprintf(out, "    %s %s%s at %s, and nothing orders the two\n", name,
		defect->other_is_write ? "writes" : "reads", object, where);
}

/* What the player does before and after the submission's functions. */
static bool is_players(const struct step *step, struct symbols *symbols)
{
	struct place place;
	return place_of(symbols, step->pc, step->callers, &place) &&
	       strstr(place.file, "play/player/main.c");
}

/* Rows that only say how the tasks came to be and went: the reader has the columns. Of a
 * library's own steps those count that the program asked for. */
static bool says_nothing(const struct step *step, struct symbols *symbols)
{
	return is_players(step, symbols) || step->kind == STEP_START ||
	       step->kind == STEP_ONCE || step->kind == STEP_FORK ||
	       step->kind == STEP_CREATE;
}

static void print_row(FILE *out, const struct trace *trace, uint32_t index, bool preempts,
	struct symbols *symbols)
{
	const struct step *step = &trace->steps[index];
	char words[96], where[160];
	uint32_t columns = trace->result.tasks < 5 ? trace->result.tasks : 5;
	step_words(step, symbols, words, sizeof words);
	place_words(symbols, step->pc, step->callers, where, sizeof where);
	fprintf(out, "  %5u ", index + 1);
	if (trace->result.tasks <= columns) {
		for (uint32_t i = 0; i < columns; i++)
			fprintf(out, "%-*.*s", COLUMN, COLUMN - 1,
				i == step->task ? words : "|");
	} else {
		char name[16];
		task_name(trace, step->task, name, sizeof name);
		fprintf(out, "%-5s %-*s ", name, COLUMN + 4, words);
	}
	fprintf(out, "%s%s\n", where,
		step->flags & FLAG_EARLY ? "   <- its time is up"
		: preempts		 ? "   <- preemption"
					 : "");
}

static void print_head(FILE *out, const struct finding *finding)
{
	const struct trace *trace = &finding->trace;
	fprintf(out, "\nwitness: %u preemption%s%s, %u steps\n\n   step ",
		finding->preemptions, finding->preemptions == 1 ? "" : "s",
		finding->fewest ? " (none has fewer)" : "", trace->result.steps);
	if (trace->result.tasks <= 5)
		for (uint32_t i = 0; i < trace->result.tasks; i++) {
			char name[16];
			task_name(trace, i, name, sizeof name);
			fprintf(out, "%-*s", COLUMN, name);
		}
	fprintf(out, "\n");
}

void witness_print(FILE *out, const struct finding *finding, struct symbols *symbols)
{
	const struct trace *trace = &finding->trace;
	uint32_t steps = trace->result.steps;
	bool preempts = false; /* by a row that was left out, of the task at hand */
	print_head(out, finding);
	for (uint32_t i = 0; i < steps; i++) {
		if (steps > ROWS_FIRST + ROWS_LAST && i == ROWS_FIRST) {
			fprintf(out, "    ... %u steps ...\n",
				steps - ROWS_FIRST - ROWS_LAST);
			i = steps - ROWS_LAST;
		}
		if (finding->repeats_from && i == finding->repeats_from)
			fprintf(out, "        from here on it repeats:\n");
		preempts |= step_is_preemption(&trace->steps[i]);
		if (says_nothing(&trace->steps[i], symbols))
			continue;
		print_row(out, trace, i, preempts, symbols);
		preempts = false;
	}
	if (finding->repeats_from)
		fprintf(out, "        and so on, for ever, from step %u\n",
			finding->repeats_from + 1);
}
