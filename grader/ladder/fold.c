/* SPDX-License-Identifier: MIT */
/*
 * What is kept of a long witness, and what is left out.
 *
 * First it is found where it goes wrong: at a write that undoes another task's, since the
 * value that it comes from was read before; at the second of two accesses that nothing
 * orders; or where the defect shows. Then what goes round in a loop is shown once. Then each
 * rung has a distance to the next one that matters, and all are kept that are as near as the
 * room allows. So a short witness stays whole, and of a long one what is left out lies far
 * from everything that matters.
 */
#include "ladder/ladder.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum {
	LOOKED_BACK = 512,
	LONGEST_LOOP = 12,
	FOLDED = 3, /* times that a loop comes again, at least */
	WIDEST = 16,
	DEEDS_TOLD = 5,
	LINE = 36, /* the least of a line that words have */
};

static bool is_access(const struct rung *rung)
{
	return rung->kind == RUNG_READ || rung->kind == RUNG_WRITE ||
	       rung->kind == RUNG_UPDATE;
}

static void add_arrow(
	struct ladder *ladder, enum arrow_kind kind, uint32_t from, uint32_t to)
{
	ladder->arrows = memory_grow(
		ladder->arrows, ladder->arrow_count + 1, sizeof(*ladder->arrows));
	ladder->arrows[ladder->arrow_count++] = (struct arrow){kind, from, to};
}

static void note(struct ladder *ladder, uint32_t at, char *text)
{
	free(ladder->rungs[at].note);
	ladder->rungs[at].note = text;
}

/* The task's own read of what it writes here, if another wrote there meanwhile; and the last
 * such write. False if there is none. */
static bool find_stale(
	const struct ladder *ladder, uint32_t write, uint32_t *read, uint32_t *lost)
{
	const struct rung *this = &ladder->rungs[write];
	uint32_t end = write > LOOKED_BACK ? write - LOOKED_BACK : 0;
	bool found = false;

	for (uint32_t i = write; i-- > end;) {
		const struct rung *rung = &ladder->rungs[i];
		if (!is_access(rung) || rung->address != this->address)
			continue;
		if (rung->task == this->task) {
			*read = i;
			return found && rung->kind == RUNG_READ;
		}
		if (!found && rung->kind != RUNG_READ) {
			*lost = i;
			found = true;
		}
	}
	return false;
}

static char *stale_words(const struct ladder *ladder, uint32_t read, uint32_t lost)
{
	const struct rung *from = &ladder->rungs[read], *other = &ladder->rungs[lost];
	const char *writer = ladder->tasks[other->task].name;

	if (!from->value || !other->value)
		return text_format("overwrites what %s wrote at step %u: the read was "
				   "at step %u, before it",
			writer, other->number, from->number);
	return text_format("overwrites %s's %s (step %u): it comes from the %s that was "
			   "read at step %u",
		writer, other->value, other->number, from->value, from->number);
}

static bool may_lose_updates(const struct ladder *ladder)
{
	static const char *const kinds[] = {"race", "criterion", "assert", "exit"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(ladder->kind, kinds[i]) == 0)
			return true;
	return false;
}

static bool mark_stale(struct ladder *ladder)
{
	uint32_t read = 0, lost = 0;

	if (!may_lose_updates(ladder))
		return false;
	for (uint32_t i = 0; i < ladder->rung_count; i++) {
		if (ladder->rungs[i].kind != RUNG_WRITE ||
			!find_stale(ladder, i, &read, &lost))
			continue;
		note(ladder, i, stale_words(ladder, read, lost));
		ladder->rungs[i].decisive = true;
		add_arrow(ladder, ARROW_STALE, read, i);
		return true;
	}
	return false;
}

static bool mark_race(struct ladder *ladder)
{
	if (!ladder->defect_rung || !ladder->other_rung)
		return false;
	uint32_t one = ladder->defect_rung - 1, two = ladder->other_rung - 1;
	uint32_t first = one < two ? one : two, last = one < two ? two : one;
	const struct rung *before = &ladder->rungs[first];
	note(ladder, last,
		text_format("nothing orders this and step %u of %s", before->number,
			ladder->tasks[before->task].name));
	ladder->rungs[last].decisive = true;
	add_arrow(ladder, ARROW_RACE, first, last);
	return true;
}

/* What a defect that shows at one step says there. */
static void note_defect(struct ladder *ladder, uint32_t at)
{
	static const struct {
		const char *kind, *words;
	} words[] = {
		{"assert", "and here its assertion fails"},
		{"crash", "and then it crashes"},
		{"unlock", "it does not hold this lock"},
		{"held", "it ends, and still holds a lock"},
		{"destroyed", "this is destroyed"},
		{"freed", "this memory is freed"},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i].kind, ladder->kind) == 0 && !ladder->rungs[at].note)
			note(ladder, at, text_copy(words[i].words));
}

/* The last step of any task, or of one that preempts. */
static uint32_t last_rung(const struct ladder *ladder, bool preempting)
{
	for (uint32_t i = ladder->rung_count; i-- > 0;)
		if (ladder->rungs[i].kind != RUNG_WAIT &&
			(!preempting || ladder->rungs[i].preempts))
			return i + 1;
	return 0;
}

static void mark_decisive(struct ladder *ladder)
{
	bool marked = mark_stale(ladder) || mark_race(ladder);
	bool waits = ladder->waiting_count > 0;
	uint32_t at = waits ? last_rung(ladder, false) : ladder->defect_rung;

	if (!at)
		at = last_rung(ladder, true);
	if (!at)
		at = last_rung(ladder, false);
	if (!at)
		return;
	if (!waits && ladder->defect_rung)
		note_defect(ladder, ladder->defect_rung - 1);
	if (!marked)
		ladder->rungs[at - 1].decisive = true;
}

/* Leaving rungs out. `place[i]` is where the ith rung of before is now. */
struct folding {
	struct ladder *ladder;
	struct rung *before;
	uint32_t count;
	uint32_t *place;
};

static void folding_begin(struct folding *folding, struct ladder *ladder)
{
	*folding = (struct folding){.ladder = ladder,
		.before = ladder->rungs,
		.count = ladder->rung_count,
		.place = memory_new((size_t)ladder->rung_count + 1, sizeof(uint32_t))};
	ladder->rungs = NULL;
	ladder->rung_count = 0;
}

static void keep(struct folding *folding, uint32_t i)
{
	folding->place[i] = folding->ladder->rung_count;
	*ladder_add(folding->ladder) = folding->before[i];
}

static uint32_t moved(const struct folding *folding, uint32_t rung_and_one)
{
	return rung_and_one ? folding->place[rung_and_one - 1] + 1 : 0;
}

static void folding_end(struct folding *folding)
{
	struct ladder *ladder = folding->ladder;

	for (uint32_t i = 0; i < ladder->arrow_count; i++) {
		ladder->arrows[i].from = folding->place[ladder->arrows[i].from];
		ladder->arrows[i].to = folding->place[ladder->arrows[i].to];
	}
	ladder->repeats_from = moved(folding, ladder->repeats_from);
	ladder->defect_rung = moved(folding, ladder->defect_rung);
	ladder->other_rung = moved(folding, ladder->other_rung);
	free(folding->before);
	free(folding->place);
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_rung(const struct rung *a, const struct rung *b)
{
	return a->task == b->task && a->pc == b->pc && a->kind == b->kind &&
	       a->line == b->line && a->preempts == b->preempts && !a->decisive &&
	       !b->decisive && !a->note && !b->note && same_text(a->deed, b->deed) &&
	       same_text(a->value, b->value);
}

/* How often the `period` rungs from `at` on come again right behind themselves. */
static uint32_t comes_again(const struct folding *folding, uint32_t at, uint32_t period)
{
	uint32_t i = at + period;

	while (i < folding->count &&
		same_rung(&folding->before[i], &folding->before[i - period]))
		i++;
	return (i - at) / period - 1;
}

/* The shortest loop that begins at the rung; *times is 0 if there is none. */
static uint32_t find_loop(const struct folding *folding, uint32_t at, uint32_t *times)
{
	for (uint32_t period = 1; period <= LONGEST_LOOP && at + period < folding->count;
		period++) {
		*times = comes_again(folding, at, period);
		if (*times >= FOLDED)
			return period;
	}
	*times = 0;
	return 1;
}

static void fold_loops(struct ladder *ladder)
{
	struct folding folding;

	folding_begin(&folding, ladder);
	for (uint32_t i = 0; i < folding.count;) {
		uint32_t times;
		uint32_t period = find_loop(&folding, i, &times);
		for (uint32_t k = 0; k < period; k++)
			keep(&folding, i++);
		if (!times)
			continue;
		struct rung *loop = ladder_add(ladder);
		loop->kind = RUNG_LOOP;
		loop->task = folding.before[i - 1].task;
		loop->count = times;
		loop->period = period;
		for (uint32_t k = 0; k < times * period; k++, i++) {
			folding.place[i] = ladder->rung_count - 1;
			rung_release(&folding.before[i]);
		}
	}
	folding_end(&folding);
}

/* 2: must be seen. 1: where tasks change, and where each ends. */
static void weigh(const struct ladder *ladder, uint8_t *weights)
{
	bool *ended = memory_new(ladder->task_count + 1, sizeof(*ended));

	for (uint32_t i = ladder->rung_count; i-- > 0;) {
		const struct rung *rung = &ladder->rungs[i];
		if (rung->decisive || rung->note || rung->kind == RUNG_WAIT)
			weights[i] = 2;
		else if (rung->preempts || !ended[rung->task] || i == 0)
			weights[i] = weights[i] ? weights[i] : 1;
		if (rung->preempts && i > 0 && !weights[i - 1])
			weights[i - 1] = 1;
		ended[rung->task] = true;
	}
	for (uint32_t i = 0; i < ladder->arrow_count; i++)
		weights[ladder->arrows[i].from] = 2;
	if (ladder->repeats_from)
		weights[ladder->repeats_from - 1] = 2;
	free(ended);
}

/* distances[i]: how far rung i is from the nearest of at least that weight. */
static void measure(
	const uint8_t *weights, uint8_t least, uint32_t count, uint32_t *distances)
{
	uint32_t far = count + WIDEST;

	for (uint32_t i = 0; i < count; i++) {
		far = weights[i] >= least ? 0 : far + 1;
		distances[i] = far;
	}
	far = count + WIDEST;
	for (uint32_t i = count; i-- > 0;) {
		far = weights[i] >= least ? 0 : far + 1;
		distances[i] = far < distances[i] ? far : distances[i];
	}
}

/* The lines that a rung takes in a report, or a few more. */
static uint32_t lines_of(const struct rung *rung)
{
	size_t deed = rung->deed ? strlen(rung->deed) : 0;
	size_t note = rung->note ? strlen(rung->note) / LINE + 1 : 0;

	return (uint32_t)(1 + deed / LINE + note + (rung->preempts && deed > LINE / 2));
}

/* The room that the rungs take which are at most so far away. */
static uint32_t room_for(
	const struct ladder *ladder, const uint32_t *distances, uint32_t widest)
{
	uint32_t room = 0;

	for (uint32_t i = 0; i < ladder->rung_count; i++)
		if (distances[i] <= widest)
			room += lines_of(&ladder->rungs[i]);
		else if (i == 0 || distances[i - 1] <= widest)
			room += 2;
	return room;
}

/* How far from what matters a rung may be. */
static uint32_t choose_width(const struct ladder *ladder, uint32_t *distances)
{
	uint8_t *weights = memory_new((size_t)ladder->rung_count + 1, 1);
	uint32_t widest = WIDEST;

	weigh(ladder, weights);
	measure(weights, 1, ladder->rung_count, distances);
	if (room_for(ladder, distances, UINT32_MAX) <= LADDER_RUNGS)
		widest = UINT32_MAX;
	else if (room_for(ladder, distances, 0) > LADDER_RUNGS)
		measure(weights, 2, ladder->rung_count, distances);
	while (widest != UINT32_MAX && widest > 0 &&
		room_for(ladder, distances, widest) > LADDER_RUNGS)
		widest--;
	free(weights);
	return widest;
}

/* What a task did among rungs that are left out, and how often. */
struct deeds {
	const char *deed[DEEDS_TOLD];
	uint32_t times[DEEDS_TOLD];
	uint32_t count;
	bool more;
};

static void count_deed(struct deeds *deeds, const char *deed)
{
	uint32_t i = 0;

	while (i < deeds->count && strcmp(deeds->deed[i], deed) != 0)
		i++;
	if (i == DEEDS_TOLD) {
		deeds->more = true;
		return;
	}
	deeds->deed[i] = deed;
	deeds->times[i]++;
	deeds->count = i < deeds->count ? deeds->count : i + 1;
}

/* "P2: lock a (3 times), read balance" */
static void tell_task(struct buffer *text, const struct folding *folding, uint32_t from,
	uint32_t to, uint32_t task)
{
	struct deeds deeds = {.count = 0};

	for (uint32_t i = from; i < to; i++)
		if (folding->before[i].task == task && folding->before[i].deed)
			count_deed(&deeds, folding->before[i].deed);
	for (uint32_t i = 0; i < deeds.count; i++) {
		if (i == 0)
			buffer_print(text, "%s%s: ", text->length ? "; " : "",
				folding->ladder->tasks[task].name);
		buffer_print(text, "%s%s", i > 0 ? ", " : "", deeds.deed[i]);
		if (deeds.times[i] > 1)
			buffer_print(text, " (%u times)", deeds.times[i]);
	}
	if (deeds.more)
		buffer_text(text, " and more");
}

/* What the rung leaves behind, in the place of what was left before. */
static void leave_behind(
	struct rung *fold, const char *object, uint32_t task, const char *value)
{
	uint32_t i = 0;

	while (i < fold->left_count &&
		(object ? !same_text(fold->left[i].object, object)
			: fold->left[i].object || fold->left[i].task != task))
		i++;
	if (i == fold->left_count) {
		fold->left = memory_grow(
			fold->left, (size_t)fold->left_count + 1, sizeof(*fold->left));
		fold->left[fold->left_count++] = (struct left){
			.object = object ? text_copy(object) : NULL, .task = task};
	}
	free(fold->left[i].value);
	fold->left[i].value = value ? text_copy(value) : NULL;
}

static void leave_behind_all(struct rung *fold, const struct rung *rung)
{
	if (rung->kind == RUNG_LOOP || rung->kind == RUNG_WAIT)
		return;
	if (rung->object && rung->value)
		leave_behind(fold, rung->object, 0, rung->value);
	leave_behind(fold, NULL, rung->task, rung->held);
}

static void leave_out(struct folding *folding, uint32_t from, uint32_t to)
{
	struct ladder *ladder = folding->ladder;
	struct buffer text = {0};
	struct rung *fold = ladder_add(ladder);

	fold->kind = RUNG_FOLD;
	fold->task = folding->before[from].task;
	for (uint32_t i = from; i < to; i++) {
		const struct rung *rung = &folding->before[i];
		folding->place[i] = ladder->rung_count - 1;
		leave_behind_all(fold, rung);
		fold->count += rung->kind == RUNG_LOOP ? rung->count * rung->period : 1;
	}
	for (uint32_t task = 0; task < ladder->task_count; task++)
		tell_task(&text, folding, from, to, task);
	fold->deed = buffer_take(&text);
	for (uint32_t i = from; i < to; i++)
		rung_release(&folding->before[i]);
}

static void fold_distant(struct ladder *ladder)
{
	uint32_t *distances =
		memory_new((size_t)ladder->rung_count + 1, sizeof(uint32_t));
	uint32_t widest = choose_width(ladder, distances);
	struct folding folding;

	folding_begin(&folding, ladder);
	for (uint32_t i = 0; i < folding.count;) {
		uint32_t end = i;
		while (end < folding.count && distances[end] > widest)
			end++;
		if (end - i > 1)
			leave_out(&folding, i, end);
		else
			end = i + 1, keep(&folding, i);
		i = end;
	}
	folding_end(&folding);
	free(distances);
}

/* Of tasks that have no column nothing is left behind. */
static void move_left(struct rung *rung, const int *place)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < rung->left_count; i++) {
		struct left *left = &rung->left[i];
		if (!left->object && place[left->task] < 0) {
			free(left->value);
			continue;
		}
		left->task = left->object ? 0 : (uint32_t)place[left->task];
		rung->left[kept++] = *left;
	}
	rung->left_count = kept;
}

/* Tasks that have no rung have no column. */
static void drop_idle_tasks(struct ladder *ladder)
{
	int *place = memory_new(ladder->task_count + 1, sizeof(*place));
	uint32_t kept = 0;

	for (uint32_t i = 0; i < ladder->rung_count; i++)
		place[ladder->rungs[i].task] = 1;
	for (uint32_t i = 0; i < ladder->waiting_count; i++)
		place[ladder->waiting[i].task] = 1;
	for (uint32_t task = 0; task < ladder->task_count; task++) {
		if (place[task]) {
			ladder->tasks[kept] = ladder->tasks[task];
			place[task] = (int)kept++;
		} else {
			free(ladder->tasks[task].name);
			free(ladder->tasks[task].runs);
			place[task] = -1;
		}
	}
	for (uint32_t i = 0; i < ladder->rung_count; i++) {
		ladder->rungs[i].task = (uint32_t)place[ladder->rungs[i].task];
		move_left(&ladder->rungs[i], place);
	}
	for (uint32_t i = 0; i < ladder->waiting_count; i++) {
		struct waiting *waiting = &ladder->waiting[i];
		waiting->task = (uint32_t)place[waiting->task];
		waiting->holder = waiting->holder < 0 ? -1 : place[waiting->holder];
	}
	ladder->task_count = kept;
	free(place);
}

static void name_tasks(struct ladder *ladder)
{
	for (uint32_t i = 0; i < ladder->rung_count; i++) {
		struct ladder_task *task = &ladder->tasks[ladder->rungs[i].task];
		if (!task->runs)
			task->runs = text_copy(ladder->rungs[i].function);
	}
}

void ladder_fold(struct ladder *ladder)
{
	for (uint32_t i = 0; i < ladder->rung_count; i++)
		ladder->steps += ladder->rungs[i].kind != RUNG_WAIT;
	name_tasks(ladder);
	mark_decisive(ladder);
	fold_loops(ladder);
	fold_distant(ladder);
	drop_idle_tasks(ladder);
}
