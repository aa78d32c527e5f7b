/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. Strong fairness over tasks is checked as for Streett automata: take the
 * strongly connected components (Tarjan, "Depth-first search and linear graph algorithms",
 * SIAM J. Comput. 1972); where a component has a task that could run in it and never steps in
 * it, the states in which it could run are taken away and what is left is split again. A
 * component that remains is walked round so that each of its tasks steps and changes
 * something; the shortest walk found is the cycle.
 */
#include "explore/graph.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { STATES_MOST = 1 << 20, EDGES_MOST = 1 << 22, STARTS = 64, ROUNDS = 64 };

struct state {
	uint64_t hash;
	uint64_t enabled;
	uint32_t item, index;
	uint32_t first_edge; /* of those that leave it; chained */
};

struct edge {
	uint32_t from, to;
	uint32_t next;
	uint32_t length;
	uint64_t stepped, changed; /* tasks */
	uint16_t task;		   /* the choice in `from` */
};

struct graph {
	struct state *states;
	uint32_t states_count, states_room;
	struct edge *edges;
	uint32_t edges_count, edges_room;
	uint32_t *slots; /* open-addressed: index of the state + 1 */
	uint32_t slots_room;
};

struct graph *graph_new(void)
{
	struct graph *graph = memory_new(1, sizeof *graph);
	graph->slots_room = 1 << 10;
	graph->slots = memory_new(graph->slots_room, sizeof *graph->slots);
	return graph;
}

void graph_free(struct graph *graph)
{
	if (!graph)
		return;
	free(graph->states);
	free(graph->edges);
	free(graph->slots);
	free(graph);
}

static uint32_t *slot_of(
	uint32_t *slots, uint32_t room, const struct state *states, uint64_t hash)
{
	uint32_t slot = (uint32_t)control_mix(hash) & (room - 1);
	while (slots[slot] && states[slots[slot] - 1].hash != hash)
		slot = (slot + 1) & (room - 1);
	return &slots[slot];
}

static void grow(struct graph *graph)
{
	uint32_t room = graph->slots_room * 4;
	uint32_t *slots = memory_new(room, sizeof *slots);
	for (uint32_t i = 0; i < graph->states_count; i++)
		*slot_of(slots, room, graph->states, graph->states[i].hash) = i + 1;
	free(graph->slots);
	graph->slots = slots;
	graph->slots_room = room;
}

uint32_t graph_state(
	struct graph *graph, const struct step *step, uint32_t item, uint32_t index)
{
	uint64_t hash = step->state ^ (step_kind_picks(step->kind) ? 0x5bd1e995u : 0);
	if (graph->states_count * 2 >= graph->slots_room)
		grow(graph);
	uint32_t *slot = slot_of(graph->slots, graph->slots_room, graph->states, hash);
	if (*slot)
		return *slot - 1;
	if (graph->states_count >= STATES_MOST)
		return GRAPH_NONE;
	if (graph->states_count >= graph->states_room) {
		graph->states_room = graph->states_room * 2 + 64;
		graph->states = memory_grow(
			graph->states, graph->states_room, sizeof *graph->states);
	}
	*slot = graph->states_count + 1;
	/* Who is picked to be woken does not run by that: only its steps count. */
	graph->states[graph->states_count] = (struct state){.hash = hash,
		.enabled = step_kind_picks(step->kind) ? 0 : step->enabled,
		.item = item,
		.index = index,
		.first_edge = GRAPH_NONE};
	return graph->states_count++;
}

void graph_edge(struct graph *graph, uint32_t from, uint32_t to, const struct step *steps,
	uint32_t count)
{
	struct edge edge = {
		.from = from, .to = to, .length = count, .task = steps[0].task};
	if (from == GRAPH_NONE || to == GRAPH_NONE || graph->edges_count >= EDGES_MOST)
		return;
	for (uint32_t i = 0; i < count; i++) {
		const struct step *step = &steps[i];
		if (step->task >= 64 || step->kind == STEP_SLEEP ||
			step->effects & EFFECT_TIMED ||
			step->flags & (FLAG_TIMED | FLAG_EARLY))
			return; /* what time decides is no livelock */
		if (!step_kind_picks(step->kind))
			edge.stepped |= 1ull << step->task;
		if (step->effects & EFFECT_CHANGED)
			edge.changed |= 1ull << step->task;
	}
	if (graph->edges_count >= graph->edges_room) {
		graph->edges_room = graph->edges_room * 2 + 64;
		graph->edges = memory_grow(
			graph->edges, graph->edges_room, sizeof *graph->edges);
	}
	edge.next = graph->states[from].first_edge;
	graph->states[from].first_edge = graph->edges_count;
	graph->edges[graph->edges_count++] = edge;
}

/* The components of what is left of the graph */

struct split {
	const struct graph *graph;
	uint32_t *component; /* of each state; GRAPH_NONE: taken away */
	uint32_t *number, *low, *stack, *path, *edge_at;
	bool *on_stack;
	uint32_t numbers, stack_count, components;
};

static uint32_t *numbers_new(uint32_t count)
{
	return memory_new(count + 1, sizeof(uint32_t));
}

static void enter(struct split *split, uint32_t state)
{
	split->number[state] = split->low[state] = ++split->numbers;
	split->stack[split->stack_count++] = state;
	split->on_stack[state] = true;
	split->edge_at[state] = split->graph->states[state].first_edge;
}

static void leave_component(struct split *split, uint32_t root, uint32_t *to)
{
	uint32_t state;
	do {
		state = split->stack[--split->stack_count];
		split->on_stack[state] = false;
		to[state] = split->components;
	} while (state != root);
	split->components++;
}

static void lower(uint32_t *low, uint32_t value)
{
	if (*low > value)
		*low = value;
}

/* Tarjan's search from one state, with a path in place of recursion. */
static void visit(struct split *split, uint32_t from, uint32_t *to)
{
	const struct graph *graph = split->graph;
	uint32_t depth = 0;
	split->path[depth++] = from;
	enter(split, from);
	while (depth) {
		uint32_t state = split->path[depth - 1];
		uint32_t at = split->edge_at[state];
		if (at == GRAPH_NONE) {
			if (split->low[state] == split->number[state])
				leave_component(split, state, to);
			if (--depth)
				lower(&split->low[split->path[depth - 1]],
					split->low[state]);
			continue;
		}
		const struct edge *edge = &graph->edges[at];
		split->edge_at[state] = edge->next;
		if (split->component[edge->to] != split->component[state])
			continue;
		if (!split->number[edge->to]) {
			enter(split, edge->to);
			split->path[depth++] = edge->to;
		} else if (split->on_stack[edge->to]) {
			lower(&split->low[state], split->number[edge->to]);
		}
	}
}

/* Splits what is left of each component into strongly connected ones. */
static void split_again(struct split *split)
{
	uint32_t count = split->graph->states_count;
	uint32_t *to = numbers_new(count);
	memset(split->number, 0, count * sizeof *split->number);
	split->numbers = split->components = 0;
	for (uint32_t i = 0; i < count; i++) {
		if (split->component[i] == GRAPH_NONE)
			to[i] = GRAPH_NONE;
		else if (!split->number[i])
			visit(split, i, to);
	}
	memcpy(split->component, to, count * sizeof *to);
	free(to);
}

/* What the tasks do within each component. */
struct doings {
	uint64_t enabled, stepped, changed;
	bool edges;
};

static bool inside(const struct split *split, const struct edge *edge)
{
	return split->component[edge->from] != GRAPH_NONE &&
	       split->component[edge->from] == split->component[edge->to];
}

static struct doings *collect(const struct split *split)
{
	const struct graph *graph = split->graph;
	struct doings *doings = memory_new(split->components + 1, sizeof *doings);
	for (uint32_t i = 0; i < graph->states_count; i++)
		if (split->component[i] != GRAPH_NONE)
			doings[split->component[i]].enabled |= graph->states[i].enabled;
	for (uint32_t i = 0; i < graph->edges_count; i++) {
		const struct edge *edge = &graph->edges[i];
		if (!inside(split, edge))
			continue;
		struct doings *own = &doings[split->component[edge->from]];
		own->stepped |= edge->stepped;
		own->changed |= edge->changed;
		own->edges = true;
	}
	return doings;
}

/* Takes away where a neglected task could run, and what has no way round. True if there is
 * something left that has to be split again. */
static bool take_away(struct split *split, const struct doings *doings)
{
	bool again = false;
	for (uint32_t i = 0; i < split->graph->states_count; i++) {
		if (split->component[i] == GRAPH_NONE)
			continue;
		const struct doings *own = &doings[split->component[i]];
		uint64_t neglected = own->enabled & ~own->stepped;
		if (!own->edges) {
			split->component[i] = GRAPH_NONE;
		} else if (neglected & split->graph->states[i].enabled) {
			split->component[i] = GRAPH_NONE;
			again = true;
		}
	}
	return again;
}

static void split_start(struct split *split, const struct graph *graph)
{
	uint32_t count = graph->states_count;
	*split = (struct split){.graph = graph,
		.component = numbers_new(count),
		.number = numbers_new(count),
		.low = numbers_new(count),
		.stack = numbers_new(count),
		.path = numbers_new(count),
		.edge_at = numbers_new(count),
		.on_stack = memory_new(count + 1, sizeof(bool))};
}

static void split_release(struct split *split)
{
	free(split->component);
	free(split->number);
	free(split->low);
	free(split->stack);
	free(split->path);
	free(split->edge_at);
	free(split->on_stack);
}

/* A walk round a component */

struct walk {
	uint32_t *edges;
	uint32_t count, room, length;
};

static void walk_add(struct walk *walk, const struct graph *graph, uint32_t edge)
{
	if (walk->count >= walk->room) {
		walk->room = walk->room * 2 + 16;
		walk->edges = memory_grow(walk->edges, walk->room, sizeof *walk->edges);
	}
	walk->edges[walk->count++] = edge;
	walk->length += graph->edges[edge].length;
}

/* Appends the way backwards from the edge to where the search began, turned round. */
static void append_way(
	struct walk *walk, const struct split *split, uint32_t from, uint32_t last_edge)
{
	const struct graph *graph = split->graph;
	uint32_t first = walk->count;
	for (uint32_t edge = last_edge;; edge = split->edge_at[graph->edges[edge].from]) {
		walk_add(walk, graph, edge);
		if (graph->edges[edge].from == from)
			break;
	}
	for (uint32_t i = first, k = walk->count - 1; i < k; i++, k--) {
		uint32_t edge = walk->edges[i];
		walk->edges[i] = walk->edges[k];
		walk->edges[k] = edge;
	}
}

/*
 * The way with the fewest edges, within the component, whose last edge has one of the wanted
 * tasks change something, or, if none is wanted, leads to the target. The split's arrays serve
 * as the queue and as the edge by which each state was reached.
 */
static bool walk_on(struct walk *walk, struct split *split, uint32_t from,
	uint64_t wanted, uint32_t target)
{
	const struct graph *graph = split->graph;
	uint32_t head = 0, tail = 0;
	memset(split->on_stack, 0, graph->states_count * sizeof *split->on_stack);
	split->path[tail++] = from;
	split->on_stack[from] = true;
	while (head < tail) {
		uint32_t state = split->path[head++];
		for (uint32_t at = graph->states[state].first_edge; at != GRAPH_NONE;
			at = graph->edges[at].next) {
			const struct edge *edge = &graph->edges[at];
			if (!inside(split, edge))
				continue;
			if (wanted ? (edge->changed & wanted) != 0 : edge->to == target) {
				append_way(walk, split, from, at);
				return true;
			}
			if (split->on_stack[edge->to])
				continue;
			split->on_stack[edge->to] = true;
			split->edge_at[edge->to] = at;
			split->path[tail++] = edge->to;
		}
	}
	return false;
}

/* Round the component from a state and back to it, all its tasks on the way. */
static bool walk_round(
	struct walk *walk, struct split *split, uint32_t start, uint64_t tasks)
{
	const struct graph *graph = split->graph;
	uint32_t at = start;
	walk->count = walk->length = 0;
	while (tasks) {
		uint32_t before = walk->count;
		if (!walk_on(walk, split, at, tasks, 0))
			return false;
		for (uint32_t i = before; i < walk->count; i++)
			tasks &= ~graph->edges[walk->edges[i]].changed;
		at = graph->edges[walk->edges[walk->count - 1]].to;
	}
	return at == start || walk_on(walk, split, at, 0, start);
}

static void keep_cycle(struct cycle *cycle, const struct graph *graph,
	const struct walk *walk, uint32_t start)
{
	uint32_t step = 0;
	cycle_release(cycle);
	cycle->item = graph->states[start].item;
	cycle->index = graph->states[start].index;
	cycle->length = walk->length;
	cycle->choices_count = walk->count;
	cycle->choices = memory_new(walk->count + 1, sizeof *cycle->choices);
	for (uint32_t i = 0; i < walk->count; i++) {
		cycle->choices[i].step = step;
		cycle->choices[i].task = graph->edges[walk->edges[i]].task;
		step += graph->edges[walk->edges[i]].length;
	}
}

/* The shortest walk from some of the states that the search saw first. */
static bool find_cycle(
	struct split *split, const struct doings *doings, struct cycle *cycle)
{
	struct walk walk = {0};
	uint32_t starts = 0, best = UINT32_MAX;
	for (uint32_t i = 0; i < split->graph->states_count && starts < STARTS; i++) {
		if (split->component[i] == GRAPH_NONE)
			continue;
		const struct doings *own = &doings[split->component[i]];
		if ((own->enabled | own->stepped) & ~own->changed || !own->stepped)
			continue;
		starts++;
		if (!walk_round(&walk, split, i, own->stepped) ||
			split->graph->states[i].index + walk.length >= best)
			continue;
		best = split->graph->states[i].index + walk.length;
		keep_cycle(cycle, split->graph, &walk, i);
	}
	free(walk.edges);
	return best != UINT32_MAX;
}

bool graph_livelock(const struct graph *graph, struct cycle *cycle)
{
	struct split split;
	bool again = true, found = false;
	*cycle = (struct cycle){0};
	split_start(&split, graph);
	for (int i = 0; again && i < ROUNDS; i++) {
		split_again(&split);
		struct doings *doings = collect(&split);
		again = take_away(&split, doings);
		if (!again)
			found = find_cycle(&split, doings, cycle);
		free(doings);
	}
	split_release(&split);
	return found;
}

void cycle_release(struct cycle *cycle)
{
	free(cycle->choices);
	*cycle = (struct cycle){0};
}
