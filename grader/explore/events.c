/* SPDX-License-Identifier: MIT */
#include "explore/events.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum {
	STEPS_SEEN = 1 << 16,
	PLACES = 1 << 17,
	EVENTS_MOST = 1 << 12,
	ROLES = 256,
	LARGEST = 8
};

/* Bytes that some step touches, and who does. */
struct range {
	uint64_t start, end;
	uint16_t task; /* the first that touches it */
	uint16_t variable;
	bool several, written;
};

struct reader {
	const struct trace *trace;
	uint32_t steps;
	struct range *ranges;
	uint32_t ranges_count;
	uint32_t *places; /* how often a task was at a place; open-addressed */
	uint64_t *places_keys;
	uint64_t roles[ROLES]; /* what is known of semaphores: key << 1 | lock */
	uint64_t locks[64];
	uint32_t locks_count;
	uint64_t held[TASKS_MAX], taken[TASKS_MAX];
	struct events *events;
};

bool step_reads(const struct step *step)
{
	switch (step->kind) {
	case STEP_READ:
	case STEP_FILE_READ:
	case STEP_ATOMIC_READ:
	case STEP_ATOMIC_UPDATE:
	case STEP_LOCK:
	case STEP_TRY_LOCK:
	case STEP_READ_LOCK:
	case STEP_COND_WAIT:
	case STEP_SEM_WAIT:
	case STEP_SEM_READ:
		return true;
	default:
		return false;
	}
}

bool step_writes(const struct step *step)
{
	switch (step->kind) {
	case STEP_WRITE:
	case STEP_FILE_WRITE:
	case STEP_ATOMIC_WRITE:
	case STEP_ATOMIC_UPDATE:
	case STEP_LOCK:
	case STEP_TRY_LOCK:
	case STEP_COND_SIGNAL:
	case STEP_COND_BROADCAST:
	case STEP_LIBRARY:
		return true;
	default:
		return false;
	}
}

static bool plain_access(const struct step *step)
{
	return (step->kind >= STEP_READ && step->kind <= STEP_ATOMIC_UPDATE) ||
	       step->kind == STEP_FILE_READ || step->kind == STEP_FILE_WRITE;
}

/* Operations that hand something over, each of which may change what another finds. */
static bool hands_over(const struct step *step)
{
	switch (step->kind) {
	case STEP_COND_WAIT:
	case STEP_COND_SIGNAL:
	case STEP_COND_BROADCAST:
	case STEP_SEM_WAIT:
	case STEP_SEM_POST:
	case STEP_SEM_READ:
	case STEP_FUTEX_WAIT:
	case STEP_FUTEX_WAKE:
	case STEP_PIPE_READ:
	case STEP_PIPE_WRITE:
	case STEP_BIND:
	case STEP_LISTEN:
	case STEP_CONNECT:
	case STEP_ACCEPT:
	case STEP_SEND:
	case STEP_RECEIVE:
	case STEP_LIBRARY:
		return true;
	default:
		return false;
	}
}

static bool takes_lock(const struct step *step)
{
	return step->kind == STEP_LOCK || step->kind == STEP_TRY_LOCK ||
	       step->kind == STEP_READ_LOCK || step->kind == STEP_COND_RELOCK ||
	       step->kind == STEP_SEM_WAIT;
}

static bool releases_lock(const struct step *step)
{
	return step->kind == STEP_UNLOCK || step->kind == STEP_SEM_POST;
}

static int by_place(const void *left, const void *right)
{
	const struct range *a = left, *b = right;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->end < b->end ? -1 : a->end > b->end;
}

static uint64_t end_of(const struct step *step)
{
	return step->address + (plain_access(step) && step->size ? step->size : 1);
}

/* Copies of whole structures do not say what a variable is, nor does giving them back. */
static bool touches_many(const struct step *step)
{
	return step->size > LARGEST || step->flags & FLAG_GONE;
}

static void collect_ranges(struct reader *reader)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < reader->steps; i++) {
		const struct step *step = &reader->trace->steps[i];
		bool synchronises = hands_over(step);
		if (!step->address || (!plain_access(step) && !synchronises) ||
			touches_many(step))
			continue;
		reader->ranges[count++] = (struct range){.start = step->address,
			.end = end_of(step),
			.task = step->task,
			.written = synchronises || step_writes(step)};
	}
	qsort(reader->ranges, count, sizeof *reader->ranges, by_place);
	reader->ranges_count = count;
}

/* Ranges that overlap are one variable. */
static void merge_ranges(struct reader *reader)
{
	struct range *ranges = reader->ranges;
	uint32_t merged = 0;
	for (uint32_t i = 0; i < reader->ranges_count; i++) {
		struct range *last = merged ? &ranges[merged - 1] : NULL;
		if (!last || ranges[i].start >= last->end) {
			ranges[merged++] = ranges[i];
			continue;
		}
		if (last->end < ranges[i].end)
			last->end = ranges[i].end;
		last->several |= ranges[i].task != last->task;
		last->written |= ranges[i].written;
	}
	reader->ranges_count = merged;
}

/* The first range that ends behind the address. */
static uint32_t range_at(const struct reader *reader, uint64_t address)
{
	uint32_t from = 0, to = reader->ranges_count;
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		if (reader->ranges[middle].end <= address)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static void mark_many(struct reader *reader, const struct step *step)
{
	if (!step->address || !plain_access(step) || !touches_many(step) ||
		step->flags & FLAG_GONE)
		return;
	for (uint32_t i = range_at(reader, step->address);
		i < reader->ranges_count && reader->ranges[i].start < end_of(step); i++) {
		reader->ranges[i].several |= reader->ranges[i].task != step->task;
		reader->ranges[i].written |= step_writes(step);
	}
}

static void number_variables(struct reader *reader)
{
	uint32_t number = 1;
	for (uint32_t i = 0; i < reader->steps; i++)
		mark_many(reader, &reader->trace->steps[i]);
	for (uint32_t i = 0; i < reader->ranges_count; i++)
		if (reader->ranges[i].several && reader->ranges[i].written &&
			number < UINT16_MAX)
			reader->ranges[i].variable = (uint16_t)number++;
	reader->events->variables = number;
}

/* Of several, the first that tasks share. */
static uint16_t variable_of(const struct reader *reader, const struct step *step)
{
	if (!step->address || (!plain_access(step) && !hands_over(step)) ||
		step->flags & FLAG_GONE)
		return 0;
	for (uint32_t i = range_at(reader, step->address);
		i < reader->ranges_count && reader->ranges[i].start < end_of(step); i++)
		if (reader->ranges[i].variable)
			return reader->ranges[i].variable;
	return 0;
}

/* How often the task was here before, for one more time. */
static uint32_t count_place(struct reader *reader, const struct step *step)
{
	uint64_t key = control_mix(control_mix(step->pc) + step->task * 64u + step->kind);
	key |= 1;
	uint32_t slot = (uint32_t)(key >> 8) % PLACES;
	while (reader->places_keys[slot] && reader->places_keys[slot] != key)
		slot = (slot + 1) % PLACES;
	reader->places_keys[slot] = key;
	return reader->places[slot]++;
}

static uint64_t lock_bit(struct reader *reader, uint64_t address)
{
	for (uint32_t i = 0; i < reader->locks_count; i++)
		if (reader->locks[i] == address)
			return 1ull << i;
	if (reader->locks_count == 64)
		return 1ull << (control_mix(address) % 64);
	reader->locks[reader->locks_count] = address;
	return 1ull << reader->locks_count++;
}

/* A semaphore is a lock to a task that waits first and posts last. */
static bool waits_then_posts(const struct reader *reader, const struct step *at)
{
	bool first = true, posted = false;
	for (uint32_t i = 0; i < reader->steps; i++) {
		const struct step *step = &reader->trace->steps[i];
		if (step->task != at->task || step->address != at->address ||
			(step->kind != STEP_SEM_WAIT && step->kind != STEP_SEM_POST))
			continue;
		if (first && step->kind != STEP_SEM_WAIT)
			return false;
		first = false;
		posted = step->kind == STEP_SEM_POST;
	}
	return posted;
}

static bool serves_as_lock(struct reader *reader, const struct step *at)
{
	if (at->kind != STEP_SEM_WAIT && at->kind != STEP_SEM_POST)
		return true;
	uint64_t key = control_mix(control_mix(at->address) + at->task + 1) >> 1;
	uint64_t *role = &reader->roles[key % ROLES];
	if (*role >> 1 != key)
		*role = key << 1 | waits_then_posts(reader, at);
	return *role & 1;
}

/* The mutex that a wait on a condition gives up is named where it is taken again. */
static uint64_t given_up(const struct reader *reader, uint32_t at)
{
	const struct step *steps = reader->trace->steps;
	for (uint32_t i = at + 1; i < reader->steps; i++)
		if (steps[i].task == steps[at].task)
			return steps[i].kind == STEP_COND_RELOCK ? steps[i].detail : 0;
	return 0;
}

/* Keeps the sets of locks up to date; returns what the step itself takes. */
static uint64_t follow_locks(struct reader *reader, uint32_t at)
{
	const struct step *step = &reader->trace->steps[at];
	uint32_t task = step->task;
	if (step->kind == STEP_COND_WAIT) {
		uint64_t mutex = given_up(reader, at);
		if (mutex)
			reader->held[task] &= ~lock_bit(reader, mutex);
		return 0;
	}
	if (!takes_lock(step) && !releases_lock(step))
		return 0;
	if (!serves_as_lock(reader, step))
		return 0;
	uint64_t bit = lock_bit(reader, step->address);
	if (releases_lock(step)) {
		reader->held[task] &= ~bit;
		return 0;
	}
	reader->held[task] |= bit;
	reader->taken[task] |= bit;
	return bit;
}

static void follow_tasks(struct reader *reader)
{
	struct events *events = reader->events;
	uint32_t ended[TASKS_MAX] = {0};
	for (uint32_t i = 0; i < reader->steps; i++) {
		const struct step *step = &reader->trace->steps[i];
		ended[step->task] = i;
		if ((step->kind == STEP_CREATE || step->kind == STEP_FORK) &&
			step->value > 0 && step->value < TASKS_MAX) {
			events->created[step->value] = i;
			events->parent[step->value] = step->task;
		}
	}
	for (uint32_t i = 0; i < reader->steps; i++) {
		const struct step *step = &reader->trace->steps[i];
		if (step->kind != STEP_JOIN && step->kind != STEP_WAIT_CHILD)
			continue;
		for (uint32_t task = 1; task < events->tasks; task++)
			if (events->parent[task] == step->task && ended[task] < i &&
				events->joined[task] == UINT32_MAX)
				events->joined[task] = i;
	}
}

bool events_concurrent(
	const struct events *events, uint32_t step, uint32_t task, uint32_t other)
{
	if (events->parent[other] == task && step > events->joined[other])
		return false;
	/* what its parents did before they made it */
	for (uint32_t i = other; i > 0 && events->parent[i] < i; i = events->parent[i])
		if (events->parent[i] == task)
			return step > events->created[i];
	return true;
}

static void add_event(struct reader *reader, uint32_t at, uint32_t *tasks)
{
	const struct step *step = &reader->trace->steps[at];
	uint64_t held = reader->held[step->task];
	uint32_t nth = step_kind_picks(step->kind) ? 0 : count_place(reader, step);
	uint64_t acquires = follow_locks(reader, at);
	uint16_t variable = variable_of(reader, step);
	if ((!variable && !acquires) || step->kind == STEP_COND_RELOCK)
		return;
	tasks[reader->events->count] = step->task;
	reader->events->list[reader->events->count++] = (struct event){.pc = step->pc,
		.held = held,
		.taken = reader->taken[step->task],
		.acquires = acquires,
		.step = at,
		.nth = nth,
		.variable = variable,
		.kind = step->kind,
		.reads = hands_over(step) || step_reads(step),
		.writes = hands_over(step) || step_writes(step)};
}

/* From the order of the execution to that of the tasks. */
static void sort_by_task(struct events *events, const uint32_t *tasks)
{
	struct event *sorted = memory_new(events->count + 1, sizeof *sorted);
	uint32_t at[TASKS_MAX + 1] = {0};
	for (uint32_t i = 0; i < events->count; i++)
		events->first[tasks[i] + 1]++;
	for (uint32_t i = 0; i < TASKS_MAX; i++)
		events->first[i + 1] += events->first[i];
	memcpy(at, events->first, sizeof at);
	for (uint32_t i = 0; i < events->count; i++)
		sorted[at[tasks[i]]++] = events->list[i];
	free(events->list);
	events->list = sorted;
}

struct events *events_of(const struct trace *trace)
{
	struct events *events = memory_new(1, sizeof *events);
	struct reader *reader = memory_new(1, sizeof *reader);
	uint32_t *tasks = memory_new(EVENTS_MOST, sizeof *tasks);
	reader->trace = trace;
	reader->steps =
		trace->result.steps < STEPS_SEEN ? trace->result.steps : STEPS_SEEN;
	reader->ranges = memory_new(reader->steps + 1, sizeof *reader->ranges);
	reader->places = memory_new(PLACES, sizeof *reader->places);
	reader->places_keys = memory_new(PLACES, sizeof *reader->places_keys);
	reader->events = events;
	events->list = memory_new(EVENTS_MOST, sizeof *events->list);
	events->tasks = trace->result.tasks;
	memset(events->joined, 0xff, sizeof events->joined);
	collect_ranges(reader);
	merge_ranges(reader);
	number_variables(reader);
	follow_tasks(reader);
	for (uint32_t i = 0; i < reader->steps && events->count < EVENTS_MOST; i++)
		add_event(reader, i, tasks);
	sort_by_task(events, tasks);
	free(tasks);
	free(reader->ranges);
	free(reader->places);
	free(reader->places_keys);
	free(reader);
	return events;
}

void events_free(struct events *events)
{
	if (!events)
		return;
	free(events->list);
	free(events);
}
