/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. A plan is a priority for each task and some stops; a stop lowers a
 * task's priority when it gets to one of its steps. Each execution of a plan is a base, from
 * which plans with one more stop follow. For two tasks A and B of the base, take A's
 * accesses that conflict with some of B's: between each two neighbours p and c of these, B
 * may come as a whole. A is stopped at the last place between them where it holds none of
 * the locks that B needs; B goes on as the first, A as the last.
 *
 * Plans that do the same at the same places of the program are tried once: the hundredth
 * task that runs the same function adds nothing. Which plan comes next is a matter of its
 * score: whether p, B, c is unserialisable, whether a lock was given back in between, how
 * many stops there are already; ties are broken by the seed.
 */
#include "explore/direct.h"

#include "base/memory.h"
#include "explore/events.h"

#include <stdlib.h>
#include <string.h>

enum {
	BASES_MOST = 48,
	CANDIDATES_MOST = 1 << 12,
	KEYS = 1 << 14,
	CYCLES_MOST = 16,
	EDGES_MOST = 512,
	DEPTH_MOST = 3,
	PAIRS_MOST = 4096, /* of tasks, in one base */
	WALK_MOST = 20000,
	TOP = 1 << 30,	   /* the first task's priority */
	APART = 1 << 12,   /* of two tasks' priorities */
	STOPPED = 1 << 20, /* below every priority at the start */
	NEXT_STOPPED = 16,
};

enum score {
	SCORE_CYCLE = 1000,
	SCORE_UNSERIALISABLE = 60,
	SCORE_TWO_VARIABLES = 55,
	SCORE_OTHER_ORDER = 40,
	SCORE_SERIALISABLE = 20,
	SCORE_GIVEN_BACK = 15,
	SCORE_DEEPER = -30,
	SCORE_AGAIN = -100,
	SCORE_NOISE = 20,
};

struct plan {
	uint32_t priorities[TASKS_MAX];
	struct stop stops[STOPS_MAX];
	uint32_t stops_count;
	uint32_t depth;
	uint64_t context;     /* what its stops are */
	uint32_t task, other; /* of the last stop; equal: none */
};

struct base {
	struct plan plan;
	struct events *events;
};

struct candidate {
	uint64_t key;
	int score;
	uint16_t base, task, other;
	uint16_t cycle; /* index + 1; 0: an interruption */
	uint32_t event; /* before which the task is stopped */
};

struct cycle {
	struct stop *stops;
	uint32_t count;
};

/* A task takes lock `to` while it has `from`. */
struct edge {
	uint64_t from, to, held;
	uint32_t event;
	uint16_t task;
};

struct director {
	uint64_t random;
	bool started;
	struct plan current;
	struct base bases[BASES_MOST];
	uint32_t bases_count;
	struct candidate candidates[CANDIDATES_MOST];
	uint32_t candidates_count;
	uint64_t keys[KEYS * 2]; /* of plans tried or waiting; open-addressed */
	uint32_t keys_count;
	struct cycle cycles[CYCLES_MOST];
	uint32_t cycles_count;
};

static uint64_t next_random(struct director *director)
{
	director->random += 0x9e3779b97f4a7c15ull;
	return control_mix(director->random);
}

struct director *director_new(uint64_t seed)
{
	struct director *director = memory_new(1, sizeof *director);
	director->random = control_mix(seed + 1);
	return director;
}

void director_free(struct director *director)
{
	if (!director)
		return;
	for (uint32_t i = 0; i < director->bases_count; i++)
		events_free(director->bases[i].events);
	for (uint32_t i = 0; i < director->cycles_count; i++)
		free(director->cycles[i].stops);
	free(director);
}

static bool key_known(const struct director *director, uint64_t key, uint32_t *slot)
{
	*slot = (uint32_t)(key >> 8) % (KEYS * 2);
	while (director->keys[*slot]) {
		if (director->keys[*slot] == key)
			return true;
		*slot = (*slot + 1) % (KEYS * 2);
	}
	return false;
}

/* True if it is new and there is room for it. */
static bool key_add(struct director *director, uint64_t key)
{
	uint32_t slot;
	if (director->keys_count >= KEYS || key_known(director, key, &slot))
		return false;
	director->keys[slot] = key;
	director->keys_count++;
	return true;
}

static void candidate_add(struct director *director, const struct candidate *candidate)
{
	if (director->candidates_count < CANDIDATES_MOST)
		director->candidates[director->candidates_count++] = *candidate;
}

/* Interruptions */

/* What a task does to one variable, side by side with another task: its first and last such
 * event + 1. */
struct use {
	uint32_t first_read, last_read, first_write, last_write;
};

static void find_uses(
	const struct events *events, uint32_t task, uint32_t other, struct use *uses)
{
	memset(uses, 0, events->variables * sizeof *uses);
	for (uint32_t i = events->first[task]; i < events->first[task + 1]; i++) {
		const struct event *event = &events->list[i];
		struct use *use = &uses[event->variable];
		if (!events_concurrent(events, event->step, task, other))
			continue;
		if (event->reads) {
			use->first_read = use->first_read ? use->first_read : i + 1;
			use->last_read = i + 1;
		}
		if (event->writes) {
			use->first_write = use->first_write ? use->first_write : i + 1;
			use->last_write = i + 1;
		}
	}
}

static uint32_t earlier(uint32_t a, uint32_t b)
{
	return !a || (b && b < a) ? b : a;
}

/* The other task's first or last event that conflicts with this one, + 1; 0: none. */
static uint32_t first_conflict(const struct event *event, const struct use *uses)
{
	const struct use *use = &uses[event->variable];
	if (!event->variable)
		return 0;
	return event->writes ? earlier(use->first_read, use->first_write)
			     : use->first_write;
}

static uint32_t last_conflict(const struct event *event, const struct use *uses)
{
	const struct use *use = &uses[event->variable];
	if (!event->variable)
		return 0;
	if (!event->writes)
		return use->last_write;
	return use->last_read > use->last_write ? use->last_read : use->last_write;
}

/* Two accesses of a task to one variable, and the other's in between. */
static bool unserialisable(
	const struct event *before, const struct event *after, const struct use *use)
{
	if (before->writes && after->writes && use->first_read)
		return true;
	return use->first_write && (before->reads || after->reads);
}

static int score_of(
	const struct event *before, const struct event *after, const struct use *uses)
{
	int score;
	if (!before)
		return SCORE_OTHER_ORDER;
	if (before->variable != after->variable)
		score = SCORE_TWO_VARIABLES;
	else if (unserialisable(before, after, &uses[after->variable]))
		score = SCORE_UNSERIALISABLE;
	else
		score = SCORE_SERIALISABLE;
	return score + (before->held & after->held ? SCORE_GIVEN_BACK : 0);
}

/* The last event after `from` and up to `to` before which the task has none of the locks
 * and the other task is there to run; UINT32_MAX: none. */
static uint32_t find_stop(const struct events *events, uint32_t task, uint32_t from,
	uint32_t to, uint32_t other, uint64_t locks)
{
	for (uint32_t i = to + 1; i-- > from;) {
		const struct event *event = &events->list[i];
		if (!(event->held & locks) &&
			events_concurrent(events, event->step, task, other))
			return i;
	}
	return UINT32_MAX;
}

static uint64_t pc_at(const struct events *events, uint32_t event)
{
	return event ? events->list[event - 1].pc : 0;
}

/* The one that came in between is stopped for the other in its turn. */
static bool in_turn(const struct plan *plan, uint32_t task, uint32_t other)
{
	return plan->task == other && plan->other == task;
}

/* The other task comes between A's events `before` (+ 1; 0: the start) and `after`. */
static void interrupt(struct director *director, uint32_t base_index, uint32_t task,
	uint32_t other, uint32_t before, uint32_t after, const struct use *uses)
{
	const struct base *base = &director->bases[base_index];
	const struct events *events = base->events;
	const struct event *c = &events->list[after];
	const struct event *p = before ? &events->list[before - 1] : NULL;
	uint32_t entered = p ? first_conflict(p, uses) : 0;
	uint32_t left = last_conflict(c, uses);
	uint32_t last = entered > left ? entered : left;
	uint32_t from = before ? before : events->first[task];
	uint32_t stop =
		find_stop(events, task, from, after, other, events->list[last - 1].taken);
	if (stop == UINT32_MAX)
		return;
	uint64_t key = control_mix(pc_at(events, before) + 1);
	key = control_mix(key + pc_at(events, entered));
	key = control_mix(key + pc_at(events, left));
	key = control_mix(key + c->pc) | 1;
	bool turned = in_turn(&base->plan, task, other);
	uint64_t again = control_mix(key + base->plan.context + turned) | 1;
	uint32_t depth = base->plan.depth, slot;
	bool known = key_known(director, key, &slot);
	if (!key_add(director, known ? again : key))
		return;
	int score = score_of(p, c, uses) + (int)depth * SCORE_DEEPER +
		    (known && !turned ? SCORE_AGAIN : 0) +
		    (int)(next_random(director) % SCORE_NOISE);
	struct candidate candidate = {.key = key,
		.score = score,
		.base = (uint16_t)base_index,
		.task = (uint16_t)task,
		.other = (uint16_t)other,
		.event = stop};
	candidate_add(director, &candidate);
}

static void interrupt_task(struct director *director, uint32_t base, uint32_t task,
	uint32_t other, const struct use *uses)
{
	const struct events *events = director->bases[base].events;
	uint32_t before = 0;
	for (uint32_t i = events->first[task]; i < events->first[task + 1]; i++) {
		const struct event *event = &events->list[i];
		if (!last_conflict(event, uses) ||
			!events_concurrent(events, event->step, task, other))
			continue;
		interrupt(director, base, task, other, before, i, uses);
		before = i + 1;
	}
}

/* Tasks that do the same to the same variables are alike: of each kind two are enough. */
static uint64_t signature(const struct events *events, uint32_t task)
{
	uint64_t hash = 1;
	for (uint32_t i = events->first[task]; i < events->first[task + 1]; i++)
		hash = control_mix(hash + events->list[i].pc) +
		       events->list[i].variable * 4u;
	return hash;
}

static uint32_t pick_tasks(const struct events *events, uint16_t *picked)
{
	uint64_t signatures[TASKS_MAX];
	uint32_t count = 0;
	for (uint32_t task = 0; task < events->tasks; task++) {
		uint32_t alike = 0;
		if (events->first[task] == events->first[task + 1])
			continue;
		signatures[count] = signature(events, task);
		for (uint32_t i = 0; i < count; i++)
			alike += signatures[i] == signatures[count];
		if (alike < 2)
			picked[count++] = (uint16_t)task;
	}
	return count;
}

static void find_interruptions(struct director *director, uint32_t base)
{
	const struct events *events = director->bases[base].events;
	uint16_t tasks[TASKS_MAX];
	uint32_t count = pick_tasks(events, tasks), pairs = 0;
	struct use *uses = memory_new(events->variables, sizeof *uses);
	for (uint32_t b = 0; b < count; b++)
		for (uint32_t a = 0; a < count && pairs < PAIRS_MOST; a++) {
			if (a == b)
				continue;
			find_uses(events, tasks[b], tasks[a], uses);
			interrupt_task(director, base, tasks[a], tasks[b], uses);
			pairs++;
		}
	free(uses);
}

/* Cycles in the order of locks */

struct walk {
	const struct edge *edges;
	uint32_t count;
	uint16_t path[TASKS_MAX]; /* indices of edges */
	uint32_t length;
	uint32_t visited;
};

static uint32_t find_edges(const struct events *events, struct edge *edges)
{
	uint32_t count = 0;
	for (uint32_t task = 0; task < events->tasks; task++)
		for (uint32_t i = events->first[task]; i < events->first[task + 1]; i++) {
			const struct event *event = &events->list[i];
			for (uint64_t held = event->acquires ? event->held : 0;
				held && count < EDGES_MOST; held &= held - 1) {
				edges[count].from = held & (~held + 1);
				edges[count].to = event->acquires;
				edges[count].held = event->held;
				edges[count].event = i;
				edges[count++].task = (uint16_t)task;
			}
		}
	return count;
}

/* The edge's task can wait there while the tasks of the path wait where they do. */
static bool fits(const struct walk *walk, const struct edge *edge)
{
	for (uint32_t i = 0; i < walk->length; i++) {
		const struct edge *other = &walk->edges[walk->path[i]];
		if (other->task == edge->task || other->held & edge->held)
			return false;
	}
	return true;
}

/* Extends the path until it comes back to where it began. */
static bool close_cycle(struct walk *walk)
{
	const struct edge *last = &walk->edges[walk->path[walk->length - 1]];
	if (walk->length > 1 && last->to == walk->edges[walk->path[0]].from)
		return true;
	if (walk->length == TASKS_MAX || ++walk->visited > WALK_MOST)
		return false;
	for (uint32_t i = 0; i < walk->count; i++) {
		if (walk->edges[i].from != last->to || !fits(walk, &walk->edges[i]))
			continue;
		walk->path[walk->length++] = (uint16_t)i;
		if (close_cycle(walk))
			return true;
		walk->length--;
	}
	return false;
}

static struct stop stop_before(const struct event *event, uint32_t task, uint32_t number)
{
	return (struct stop){.pc = event->pc,
		.nth = event->nth,
		.priority = STOPPED - NEXT_STOPPED * (number + 1),
		.task = (uint16_t)task,
		.kind = event->kind};
}

static void cycle_add(struct director *director, uint32_t base, const struct walk *walk)
{
	const struct events *events = director->bases[base].events;
	uint64_t key = 0;
	if (director->cycles_count >= CYCLES_MOST || walk->length > STOPS_MAX)
		return;
	for (uint32_t i = 0; i < walk->length; i++) {
		const struct edge *edge = &walk->edges[walk->path[i]];
		key += control_mix(control_mix(edge->from) + edge->to +
				   events->list[edge->event].pc);
	}
	if (!key_add(director, control_mix(key) | 1))
		return;
	struct cycle *cycle = &director->cycles[director->cycles_count++];
	cycle->stops = memory_new(walk->length, sizeof *cycle->stops);
	cycle->count = walk->length;
	for (uint32_t i = 0; i < walk->length; i++) {
		const struct edge *edge = &walk->edges[walk->path[i]];
		cycle->stops[i] = stop_before(&events->list[edge->event], edge->task, i);
	}
	struct candidate candidate = {.key = key,
		.score = SCORE_CYCLE - (int)walk->length,
		.base = (uint16_t)base,
		.cycle = (uint16_t)director->cycles_count};
	candidate_add(director, &candidate);
}

static void find_cycles(struct director *director, uint32_t base)
{
	struct edge *edges = memory_new(EDGES_MOST, sizeof *edges);
	struct walk walk = {.edges = edges};
	walk.count = find_edges(director->bases[base].events, edges);
	for (uint32_t i = 0; i < walk.count && walk.visited < WALK_MOST; i++) {
		walk.path[0] = (uint16_t)i;
		walk.length = 1;
		if (close_cycle(&walk))
			cycle_add(director, base, &walk);
	}
	free(edges);
}

/* Plans */

static void plan_serial(struct plan *plan)
{
	for (uint32_t i = 0; i < TASKS_MAX; i++)
		plan->priorities[i] = TOP - APART * i;
}

/* Where the task's priority is to be found once its last stop is behind it. */
static uint32_t *priority_of(struct plan *plan, uint32_t task)
{
	uint32_t *priority = &plan->priorities[task];
	for (uint32_t i = 0; i < plan->stops_count; i++)
		if (plan->stops[i].task == task)
			priority = &plan->stops[i].priority;
	return priority;
}

static void plan_candidate(struct director *director, const struct candidate *candidate)
{
	const struct base *base = &director->bases[candidate->base];
	struct plan *plan = &director->current;
	*plan = base->plan;
	plan->depth++;
	plan->context = control_mix(plan->context + candidate->key);
	if (candidate->cycle) {
		const struct cycle *cycle = &director->cycles[candidate->cycle - 1];
		plan->stops_count = cycle->count;
		memcpy(plan->stops, cycle->stops, cycle->count * sizeof *cycle->stops);
		return;
	}
	if (plan->stops_count == STOPS_MAX)
		return;
	*priority_of(plan, candidate->other) = *priority_of(plan, candidate->task) - 1;
	plan->stops[plan->stops_count] =
		stop_before(&base->events->list[candidate->event], candidate->task,
			plan->stops_count);
	plan->stops_count++;
	plan->task = candidate->task;
	plan->other = candidate->other;
}

static uint32_t best_candidate(const struct director *director)
{
	uint32_t best = 0;
	for (uint32_t i = 1; i < director->candidates_count; i++)
		if (director->candidates[i].score > director->candidates[best].score)
			best = i;
	return best;
}

bool director_plan(struct director *director, struct request *request)
{
	if (!director->started) {
		director->started = true;
		plan_serial(&director->current);
	} else if (director->candidates_count > 0) {
		uint32_t best = best_candidate(director);
		struct candidate candidate = director->candidates[best];
		director->candidates[best] =
			director->candidates[--director->candidates_count];
		plan_candidate(director, &candidate);
	} else {
		return false;
	}
	const struct plan *plan = &director->current;
	request->strategy = STRATEGY_DIRECTED;
	request->every_access = 1; /* or the next plans know too little */
	memcpy(request->weights, plan->priorities, sizeof request->weights);
	memcpy(request->stops, plan->stops, plan->stops_count * sizeof *plan->stops);
	request->stops_count = plan->stops_count;
	return true;
}

void director_learn(struct director *director, const struct trace *trace)
{
	if (director->bases_count >= BASES_MOST || director->current.depth >= DEPTH_MOST)
		return;
	uint32_t index = director->bases_count++;
	struct base *base = &director->bases[index];
	base->plan = director->current;
	base->events = events_of(trace);
	find_cycles(director, index);
	find_interruptions(director, index);
}
