/* SPDX-License-Identifier: MIT */
#include "explore/witness.h"

#include "base/memory.h"

#include <mp/checker.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	ROWS_FIRST = 30,
	ROWS_LAST = 60,
	COLUMNS_MOST = 5,
	COLUMN_GAP = 2,
	LONGEST_LOOP = 12,
	FOLDED = 3
};

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
	[STEP_SIGNAL_WAIT] = "wait for signal",
	[STEP_SIGNAL_READ] = "look at signals",
	[STEP_SIGNAL_MASK] = "block signals",
	[STEP_STOPPED] = "stopped",
	[STEP_SET] = "semaphore set",
	[STEP_MESSAGE_SEND] = "send message",
	[STEP_MESSAGE_RECEIVE] = "receive message",
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

/* The lines of the reference library, and of functions in a lab's headers, say little to whoever
 * called them. */
static bool in_library(const struct place *place)
{
	return strstr(place->file, "reference/src/") || strstr(place->file, "/mp/") ||
	       strstr(place->file, "/kit/lab/");
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

static const char *library_word(uint64_t operation)
{
	switch (operation) {
	case MP_CHECKER_EVENT_WAIT:
		return "wait for event";
	case MP_CHECKER_EVENT_SET:
		return "set event";
	case MP_CHECKER_EVENT_CLEAR:
		return "clear event";
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

static const char *step_word(const struct step *step)
{
	if (step->kind == STEP_LIBRARY)
		return library_word(step->detail);
	if (step->kind == STEP_COND_RELOCK && step->flags & FLAG_TIMED_OUT)
		return "time out on";
	return step_names[step->kind];
}

void step_words(const struct step *step, struct names *names, char *text, size_t size)
{
	struct name object = {0};
	char value[40] = "";
	bool of_tasks = step->kind == STEP_JOIN || step->kind == STEP_CREATE ||
			step->kind == STEP_FORK;
	if (of_tasks) {
		uint64_t other = step->kind == STEP_JOIN ? step->detail : step->value;
		task_name(names_trace(names), (uint32_t)other, value, sizeof value);
		snprintf(text, size, "%s %s", step_names[step->kind], value);
		return;
	}
	if (step->address && step->kind != STEP_WAIT_CHILD)
		names_find(
			names, step->address, has_value(step) ? step->size : 0, &object);
	if (has_value(step))
		value_words(&object, step->value, step->size, value, sizeof value);
	snprintf(text, size, "%s%s%s%s%s%s", step_word(step), object.text[0] ? " " : "",
		object.text, value[0] ? " = " : "", value,
		step->flags & FLAG_TIMED_OUT && step->kind != STEP_COND_RELOCK
			? " in vain"
			: "");
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

static const char *waiting_words(uint8_t kind)
{
	switch (kind) {
	case STEP_COND_WAIT:
		return "on a condition";
	case STEP_SEM_WAIT:
		return "on a semaphore";
	default:
		return kind < STEP_KINDS ? step_names[kind] : "?";
	}
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
			place_words(symbols, defect->waiting_pc[i],
				defect->waiting_callers[i], where, sizeof where);
		fprintf(out, "    %s %s at %s (%s)\n", name,
			finding->repeats_from ? "goes round" : "waits", where,
			waiting_words(defect->waiting_kind[i]));
	}
}

static void print_access(FILE *out, const struct trace *trace, uint32_t task,
	bool is_write, const char *object, const char *where)
{
	char name[16];
	task_name(trace, task, name, sizeof name);
	fprintf(out, "    %s %s %s at %s", name, is_write ? "writes" : "reads", object,
		where);
}

static void print_race(FILE *out, const struct finding *finding, struct names *names,
	struct symbols *symbols)
{
	const struct defect *defect = &finding->defect;
	struct name object;
	char where[160];
	names_find(names, defect->address, defect->size, &object);
	place_words(symbols, defect->pc, defect->callers, where, sizeof where);
	print_access(
		out, &finding->trace, defect->task, defect->is_write, object.text, where);
	place_words(symbols, defect->other_pc, NULL, where, sizeof where);
	fprintf(out, "\n");
	print_access(out, &finding->trace, defect->other_task, defect->other_is_write,
		object.text, where);
	fprintf(out, ", and nothing orders the two\n");
}

static void print_defect(FILE *out, const struct finding *finding, struct names *names,
	struct symbols *symbols)
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
	if (defect->kind == DEFECT_RACE) {
		print_race(out, finding, names, symbols);
		return;
	}
	place_words(symbols, defect->pc, defect->callers, where, sizeof where);
	if (defect->kind == DEFECT_SERIAL) {
		fprintf(out, "    they begin at %s\n", where);
		return;
	}
	task_name(&finding->trace, defect->task, name, sizeof name);
	fprintf(out, "    %s at %s\n", name, where);
}

void defect_print(FILE *out, const struct finding *finding, struct symbols *symbols)
{
	struct names *names = names_new(&finding->trace, symbols);
	print_defect(out, finding, names, symbols);
	names_free(names);
}

static bool same_line(struct symbols *symbols, uint64_t pc, uint64_t other_pc)
{
	struct place place, other;
	return symbols_find(symbols, pc, &place) &&
	       symbols_find(symbols, other_pc, &other) && place.line == other.line &&
	       !strcmp(place.file, other.file);
}

/* The read and the write of one line race with the same other lines. */
static bool same_race(
	const struct defect *a, const struct defect *b, struct symbols *symbols)
{
	return a->kind == DEFECT_RACE && b->kind == DEFECT_RACE &&
	       a->address == b->address &&
	       ((same_line(symbols, a->pc, b->pc) &&
			same_line(symbols, a->other_pc, b->other_pc)) ||
		       (same_line(symbols, a->pc, b->other_pc) &&
			       same_line(symbols, a->other_pc, b->pc)));
}

void findings_print(FILE *out, const struct finding *findings, uint32_t count,
	const struct finding *first, struct symbols *symbols)
{
	struct names *names = names_new(&first->trace, symbols);
	print_defect(out, first, names, symbols);
	for (uint32_t i = 0; i < count; i++) {
		bool told = &findings[i] == first ||
			    same_race(&findings[i].defect, &first->defect, symbols);
		for (uint32_t k = 0; k < i && !told; k++)
			told = same_race(
				&findings[i].defect, &findings[k].defect, symbols);
		if (!told)
			print_defect(out, &findings[i], names, symbols);
	}
	names_free(names);
}

/* What the player does before and after the submission's functions. */
static bool is_players(const struct place *place)
{
	return strstr(place->file, "play/player/main.c") != NULL;
}

/* Neither the player's nor the driver's. */
static bool is_submissions(const struct place *place)
{
	return !is_players(place) && !place_is_drivers(place);
}

bool defect_place(
	const struct defect *defect, struct symbols *symbols, struct place *place)
{
	if (place_of(symbols, defect->pc, defect->callers, place) &&
		is_submissions(place))
		return true;
	for (int i = 0; i < defect->waiting_count; i++)
		if (place_of(symbols, defect->waiting_pc[i], defect->waiting_callers[i],
			    place) &&
			is_submissions(place))
			return true;
	return false;
}

bool step_says_nothing(const struct step *step, struct symbols *symbols)
{
	struct place place;
	bool placed = place_of(symbols, step->pc, step->callers, &place);
	return (placed && is_players(&place)) || (!placed && step->kind == STEP_EXIT) ||
	       step->kind == STEP_START || step->kind == STEP_ONCE ||
	       step->kind == STEP_FORK || step->kind == STEP_CREATE;
}

struct row {
	uint32_t step;
	uint32_t number;     /* counted from 1, with those that are folded */
	uint32_t period;     /* so many rows, of which this is the last, */
	uint32_t times_more; /* come again so often: those are left out */
	bool preempts;	     /* or a step before it that has no row */
	bool early;
	char words[96];
};

/* One column a task, or the task's name before its words where they are many. */
struct ladder {
	struct row *rows;
	uint32_t rows_used;
	uint32_t steps;	  /* rows_used, and what is folded */
	uint32_t columns; /* 0: too many tasks for columns */
	int widths[COLUMNS_MOST];
};

static bool same_row(const struct trace *trace, const struct row *a, const struct row *b)
{
	const struct step *left = &trace->steps[a->step], *right = &trace->steps[b->step];
	return left->task == right->task && left->pc == right->pc &&
	       a->preempts == b->preempts && !strcmp(a->words, b->words) &&
	       !memcmp(left->callers, right->callers, sizeof left->callers);
}

/* How often the `period` rows from `at` on come again right behind themselves. */
static uint32_t comes_again(const struct ladder *ladder, const struct trace *trace,
	uint32_t at, uint32_t period)
{
	uint32_t i = at + period;
	while (i < ladder->rows_used &&
		same_row(trace, &ladder->rows[i], &ladder->rows[i - period]))
		i++;
	return (i - at) / period - 1;
}

/* What goes round in a loop is shown once. */
static void ladder_fold(struct ladder *ladder, const struct trace *trace)
{
	uint32_t kept = 0;
	ladder->steps = ladder->rows_used;
	for (uint32_t i = 0; i < ladder->rows_used;) {
		uint32_t period = 1, times = 0;
		for (; period <= LONGEST_LOOP && i + period < ladder->rows_used; period++)
			if ((times = comes_again(ladder, trace, i, period)) >= FOLDED)
				break;
		uint32_t shown = times >= FOLDED ? period : 1;
		for (uint32_t k = 0; k < shown; k++)
			ladder->rows[kept++] = ladder->rows[i + k];
		if (times >= FOLDED) {
			ladder->rows[kept - 1].period = period;
			ladder->rows[kept - 1].times_more = times;
			i += times * period;
		}
		i += shown;
	}
	ladder->rows_used = kept;
}

static void ladder_make(
	struct ladder *ladder, const struct trace *trace, struct symbols *symbols)
{
	struct names *names = names_new(trace, symbols);
	bool preempts = false;
	ladder->columns = trace->result.tasks <= COLUMNS_MOST ? trace->result.tasks : 0;
	ladder->rows = memory_new((size_t)trace->result.steps + 1, sizeof *ladder->rows);
	for (uint32_t i = 0; i < trace->result.steps; i++) {
		const struct step *step = &trace->steps[i];
		preempts |= step_is_preemption(step);
		if (step_says_nothing(step, symbols))
			continue;
		struct row *row = &ladder->rows[ladder->rows_used++];
		row->step = i;
		row->number = ladder->rows_used;
		row->preempts = preempts;
		row->early = step->flags & FLAG_EARLY;
		preempts = false;
		step_words(step, names, row->words, sizeof row->words);
		int *width =
			&ladder->widths[step->task < ladder->columns ? step->task : 0];
		if (*width < (int)strlen(row->words) + COLUMN_GAP)
			*width = (int)strlen(row->words) + COLUMN_GAP;
	}
	names_free(names);
	ladder_fold(ladder, trace);
}

static void print_columns(FILE *out, const struct ladder *ladder,
	const struct trace *trace, const struct row *row)
{
	const struct step *step = &trace->steps[row->step];
	if (!ladder->columns) {
		char name[16];
		task_name(trace, step->task, name, sizeof name);
		fprintf(out, "%-5s %-*s", name, ladder->widths[0], row->words);
	}
	for (uint32_t i = 0; i < ladder->columns; i++)
		fprintf(out, "%-*s", ladder->widths[i] > 4 ? ladder->widths[i] : 4,
			i == step->task ? row->words : "|");
}

static void print_row(FILE *out, const struct ladder *ladder, const struct trace *trace,
	uint32_t index, struct symbols *symbols)
{
	const struct row *row = &ladder->rows[index];
	const struct step *step = &trace->steps[row->step];
	char where[160];
	place_words(symbols, step->pc, step->callers, where, sizeof where);
	fprintf(out, "  %5u ", row->number);
	print_columns(out, ladder, trace, row);
	fprintf(out, "%s%s\n", where,
		row->early	? "   <- its time is up"
		: row->preempts ? "   <- preemption"
				: "");
	if (row->period == 1)
		fprintf(out, "        the same %u times more\n", row->times_more);
	else if (row->period)
		fprintf(out, "        the last %u steps %u times more\n", row->period,
			row->times_more);
}

static void print_head(
	FILE *out, const struct finding *finding, const struct ladder *ladder)
{
	const struct trace *trace = &finding->trace;
	fprintf(out, "\nwitness: %u preemption%s%s, ", finding->preemptions,
		finding->preemptions == 1 ? "" : "s",
		finding->fewest ? " (none has fewer)" : "");
	if (!ladder->rows_used) {
		fprintf(out, "no steps to show\n");
		return;
	}
	fprintf(out, "%u step%s\n\n   step", ladder->steps,
		ladder->steps == 1 ? "" : "s");
	int gap = 1;
	for (uint32_t i = 0; i < ladder->columns; i++) {
		char name[16];
		task_name(trace, i, name, sizeof name);
		fprintf(out, "%*s%s", gap, "", name);
		gap = (ladder->widths[i] > 4 ? ladder->widths[i] : 4) - (int)strlen(name);
	}
	fprintf(out, "\n");
}

void witness_print(FILE *out, const struct finding *finding, struct symbols *symbols)
{
	struct ladder ladder = {0};
	uint32_t repeats_from = 0;
	ladder_make(&ladder, &finding->trace, symbols);
	print_head(out, finding, &ladder);
	for (uint32_t i = 0; i < ladder.rows_used; i++) {
		if (ladder.rows_used > ROWS_FIRST + ROWS_LAST && i == ROWS_FIRST) {
			i = ladder.rows_used - ROWS_LAST;
			fprintf(out, "    ... %u steps ...\n",
				ladder.rows[i].number - ladder.rows[ROWS_FIRST].number);
		}
		if (finding->repeats_from && !repeats_from &&
			ladder.rows[i].step >= finding->repeats_from) {
			fprintf(out, "        from here on it repeats:\n");
			repeats_from = ladder.rows[i].number;
		}
		print_row(out, &ladder, &finding->trace, i, symbols);
	}
	if (finding->repeats_from)
		fprintf(out, "        and so on, for ever, from step %u\n", repeats_from);
	free(ladder.rows);
}
