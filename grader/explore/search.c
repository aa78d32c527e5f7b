/* SPDX-License-Identifier: MIT */
#include "explore/search.h"

#include "base/memory.h"
#include "explore/graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEVELS_MAX = 64, ITEMS_MAX = 8 << 20 };
#define NO_ITEM UINT32_MAX

/* One deviation from the default policy, on top of those of its parent. */
struct item {
	uint32_t parent;
	uint32_t step;
	uint32_t state; /* in the graph, before that step */
	uint16_t task;
	uint16_t level;
};

struct queue {
	uint32_t *items;
	size_t count, room, taken;
};

struct search {
	uint32_t bound;
	bool without_states;
	bool started;
	struct item *items;
	uint32_t items_count, items_room;
	struct queue levels[LEVELS_MAX];
	uint32_t level;	  /* of the current item */
	uint32_t current; /* NO_ITEM: the default policy alone */
	uint64_t *states; /* open-addressed set; 0 is empty */
	uint64_t states_count, states_room;
	struct graph *graph;
	bool beyond_bound; /* something was left out for the bound */
	char limit[96];
};

struct search *search_new(uint32_t bound, bool without_states)
{
	struct search *search = memory_new(1, sizeof *search);
	search->bound = bound;
	search->without_states = without_states;
	search->current = NO_ITEM;
	search->graph = graph_new();
	search->states_room = 1 << 12;
	search->states = memory_new(search->states_room, sizeof *search->states);
	return search;
}

void search_free(struct search *search)
{
	if (!search)
		return;
	for (uint32_t i = 0; i < LEVELS_MAX; i++)
		free(search->levels[i].items);
	free(search->items);
	free(search->states);
	graph_free(search->graph);
	free(search);
}

static bool insert(uint64_t *states, uint64_t room, uint64_t state)
{
	uint64_t slot = control_mix(state) & (room - 1);
	for (; states[slot]; slot = (slot + 1) & (room - 1))
		if (states[slot] == state)
			return false;
	states[slot] = state;
	return true;
}

/* True if the state is new. */
static bool state_add(struct search *search, uint64_t state)
{
	if (search->states_count * 2 >= search->states_room) {
		uint64_t room = search->states_room * 4;
		uint64_t *states = memory_new(room, sizeof *states);
		for (uint64_t i = 0; i < search->states_room; i++)
			if (search->states[i])
				insert(states, room, search->states[i]);
		free(search->states);
		search->states = states;
		search->states_room = room;
	}
	bool added = insert(search->states, search->states_room, state);
	search->states_count += added;
	return added;
}

static void give_up(struct search *search, const char *why)
{
	if (!search->limit[0])
		snprintf(search->limit, sizeof search->limit, "%s", why);
}

static void push(struct search *search, uint32_t step, uint32_t state, uint32_t task,
	uint32_t level)
{
	if (level > search->bound) {
		search->beyond_bound = true;
		return;
	}
	if (level >= LEVELS_MAX || search->items_count >= ITEMS_MAX) {
		give_up(search, "more schedules wait than can be kept");
		return;
	}
	if (search->items_count >= search->items_room) {
		search->items_room = search->items_room * 2 + 256;
		search->items = memory_grow(
			search->items, search->items_room, sizeof *search->items);
	}
	search->items[search->items_count] = (struct item){.parent = search->current,
		.step = step,
		.state = state,
		.task = (uint16_t)task,
		.level = (uint16_t)level};
	struct queue *queue = &search->levels[level];
	if (queue->count >= queue->room) {
		queue->room = queue->room * 2 + 64;
		queue->items =
			memory_grow(queue->items, queue->room, sizeof *queue->items);
	}
	queue->items[queue->count++] = search->items_count++;
}

uint32_t search_item(const struct search *search)
{
	return search->current;
}

uint32_t search_upcoming(const struct search *search, uint32_t k)
{
	const struct queue *queue = &search->levels[search->level];
	return k < queue->count - queue->taken ? queue->items[queue->taken + k]
					       : SEARCH_NONE;
}

/* The deviations that make up an item. */
void search_schedule(
	const struct search *search, uint32_t item, struct schedule *schedule)
{
	schedule_clear(schedule);
	for (uint32_t i = item; i != NO_ITEM; i = search->items[i].parent)
		if (search->items[i].step >= schedule->length)
			schedule_set(
				schedule, search->items[i].step, search->items[i].task);
		else
			schedule->choices[search->items[i].step] = search->items[i].task;
}

bool search_next(struct search *search, struct schedule *schedule)
{
	schedule_clear(schedule);
	if (!search->started) {
		search->started = true;
		return true;
	}
	while (search->levels[search->level].taken == search->levels[search->level].count)
		if (++search->level >= LEVELS_MAX)
			return false;
	struct queue *queue = &search->levels[search->level];
	search->current = queue->items[queue->taken++];
	search_schedule(search, search->current, schedule);
	return true;
}

/* How the execution went on from the last state that is in the graph. */
struct way {
	uint32_t state;
	uint32_t step;
};

static void note_state(
	struct search *search, const struct trace *trace, uint32_t index, struct way *way)
{
	const struct step *step = &trace->steps[index];
	uint32_t state = GRAPH_NONE;
	if (step->state)
		state = graph_state(search->graph, step, search->current, index);
	graph_edge(search->graph, way->state, state, &trace->steps[way->step],
		index - way->step);
	*way = (struct way){state, index};
}

void search_learn(struct search *search, const struct trace *trace)
{
	uint32_t from = 0;
	struct way way = {GRAPH_NONE, 0};
	if (search->current != NO_ITEM) {
		const struct item *item = &search->items[search->current];
		from = item->step + 1;
		way = (struct way){item->state, item->step};
	}
	if (trace->result.ending == ENDING_CAPPED)
		give_up(search, "an execution reached the cap on steps");
	if (trace->result.ending == ENDING_FULL) {
		char why[sizeof search->limit];
		snprintf(why, sizeof why, "an execution had too many %s",
			trace->result.limit);
		give_up(search, why);
	}
	if (trace->result.ending == ENDING_DIVERGED)
		give_up(search, "an execution went another way than what it repeats");
	if (trace->result.tasks > 64)
		give_up(search, "more than 64 tasks");
	for (uint32_t i = from; i < trace->result.steps; i++) {
		const struct step *step = &trace->steps[i];
		if (step->enabled_count < 2)
			continue;
		bool could_stay = step_could_stay(step);
		note_state(search, trace, i, &way);
		uint64_t state = step->state ^
				 (could_stay ? control_mix(step->previous + 1u) : 0) ^
				 (step_kind_picks(step->kind) ? 0x5bd1e995u : 0);
		if (!search->without_states && step->state && !state_add(search, state))
			return;
		for (uint32_t task = 0; task < 64; task++)
			if ((step->enabled | step->expiring) >> task & 1 &&
				task != step->task)
				push(search, i, way.state, task,
					search->level +
						(step->expiring >> task & 1 ||
							(could_stay &&
								task != step->previous)));
	}
}

uint32_t search_level(const struct search *search)
{
	return search->level;
}

uint64_t search_states(const struct search *search)
{
	return search->states_count;
}

const char *search_limit(const struct search *search)
{
	return search->limit;
}

bool search_livelock(const struct search *search, uint32_t turns,
	struct schedule *schedule, uint32_t *from, uint32_t *length)
{
	struct cycle cycle;
	if (!graph_livelock(search->graph, &cycle))
		return false;
	search_schedule(search, cycle.item, schedule);
	for (uint32_t turn = 0; turn < turns; turn++)
		for (uint32_t i = 0; i < cycle.choices_count; i++)
			schedule_set(schedule,
				cycle.index + turn * cycle.length + cycle.choices[i].step,
				cycle.choices[i].task);
	*from = cycle.index;
	*length = cycle.length;
	cycle_release(&cycle);
	return true;
}

uint32_t search_completed(const struct search *search)
{
	if (!search->started || search->limit[0])
		return SEARCH_NONE;
	for (uint32_t level = 0; level < LEVELS_MAX; level++)
		if (search->levels[level].taken < search->levels[level].count)
			return level ? level - 1 : SEARCH_NONE;
	return search->beyond_bound ? search->bound : SEARCH_ALL;
}
