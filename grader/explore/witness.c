/* SPDX-License-Identifier: MIT */
#include "explore/witness.h"

#include "base/text.h"
#include "explore/rungs.h"

#include <stdlib.h>
#include <string.h>

void task_name(const struct trace *trace, uint32_t task, char *text, size_t size)
{
	if (trace->result.processes == trace->result.tasks)
		snprintf(text, size, "P%u", task + 1);
	else
		snprintf(text, size, "T%u", task + 1);
}

enum { TASKS_TOLD = 8 };

/* The tasks of one of several programs, by its number from 0: "P2, P4 and more". */
static void program_tasks(
	const struct trace *trace, uint32_t program, char *text, size_t size)
{
	size_t length = 0;
	int told = 0;
	text[0] = '\0';
	for (uint32_t i = 0; i < trace->result.tasks && length + 16 < size; i++) {
		char name[16];
		if (trace->result.program_of[i] != program + 1)
			continue;
		if (++told > TASKS_TOLD) {
			snprintf(text + length, size - length, " and more");
			break;
		}
		task_name(trace, i, name, sizeof name);
		snprintf(
			text + length, size - length, "%s%s", told > 1 ? ", " : "", name);
		length += strlen(text + length);
	}
}

/* Which task is of which program, if there are several. */
static void print_programs(FILE *out, const struct trace *trace)
{
	char tasks[160];
	for (uint32_t i = 0; i < trace->programs_count; i++) {
		program_tasks(trace, i, tasks, sizeof tasks);
		fprintf(out, "%s%s: %s", i ? "; " : "programs: ", trace->programs[i],
			tasks[0] ? tasks : "not started");
	}
	if (trace->programs_count)
		fprintf(out, "\n");
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

static const char *waiting_words(uint8_t kind, bool named)
{
	switch (kind) {
	case STEP_COND_WAIT:
		return named ? "on condition" : "on a condition";
	case STEP_SEM_WAIT:
		return named ? "on semaphore" : "on a semaphore";
	default:
		return step_name(kind);
	}
}

/* For what the task waits, and who holds it: "lock a, which T2 holds". */
static void awaited_words(const struct finding *finding, int i, struct names *names,
	char *text, size_t size)
{
	const struct defect *defect = &finding->defect;
	uint32_t owner = defect->waiting_owner[i];
	struct name object = {0};
	char holder[48] = "", name[16];
	if (defect->waiting_address[i] && !step_only_ends(defect->waiting_kind[i]))
		names_find(names, defect->waiting_address[i], 0, &object);
	if (owner && owner - 1 == defect->waiting[i]) {
		snprintf(holder, sizeof holder, ", which it holds itself");
	} else if (owner && owner <= finding->trace.result.tasks) {
		task_name(&finding->trace, owner - 1, name, sizeof name);
		snprintf(holder, sizeof holder, ", which %s holds", name);
	}
	snprintf(text, size, "%s%s%s%s",
		waiting_words(defect->waiting_kind[i], object.text[0]),
		object.text[0] ? " " : "", object.text, holder);
}

static void print_waiting(FILE *out, const struct finding *finding, struct names *names,
	struct symbols *symbols)
{
	const struct defect *defect = &finding->defect;
	const struct trace *trace = &finding->trace;
	for (int i = 0; i < defect->waiting_count; i++) {
		char name[16], awaited[256], where[160] = "(no source line)";
		task_name(trace, defect->waiting[i], name, sizeof name);
		if (defect->waiting_pc[i])
			place_words(symbols, defect->waiting_pc[i],
				defect->waiting_callers[i], where, sizeof where);
		awaited_words(finding, i, names, awaited, sizeof awaited);
		fprintf(out, "    %s %s at %s (%s)\n", name,
			finding->repeats_from ? "goes round" : "waits", where, awaited);
	}
}

/* What it said before it ended so: how it is used, perhaps. */
static void print_output(FILE *out, const char *output)
{
	char *valid = text_valid(output, strlen(output));
	char *shown = text_visible(valid);
	char *rest = shown;
	fprintf(out, "    it printed:\n");
	for (char *line; (line = strtok_r(rest, "\n", &rest));)
		fprintf(out, "      %s\n", line);
	free(shown);
	free(valid);
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
		print_waiting(out, finding, names, symbols);
		return;
	}
	if (defect->kind == DEFECT_EXIT_STATUS && finding->trace.result.output_text[0])
		print_output(out, finding->trace.result.output_text);
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
	return step->kind == STEP_PICK_VALUE || (placed && is_players(&place)) ||
	       (!placed && step->kind == STEP_EXIT) || step->kind == STEP_START ||
	       step->kind == STEP_ONCE || step->kind == STEP_FORK ||
	       step->kind == STEP_CREATE;
}

void witness_print(
	FILE *out, const struct finding *finding, struct symbols *symbols, size_t width)
{
	struct ladder *ladder = ladder_of(finding, symbols);
	struct buffer page = {0};

	ladder_text(&page, ladder, 0, width);
	fprintf(out, "\n");
	print_programs(out, &finding->trace);
	fprintf(out, "%s", page.bytes);
	buffer_release(&page);
	ladder_free(ladder);
}
