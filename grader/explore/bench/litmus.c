/* SPDX-License-Identifier: MIT */
#include "explore/bench/litmus.h"

#include <string.h>

bool litmus_add(struct litmus *litmus, const char *words)
{
	if (litmus->tasks >= LITMUS_TASKS)
		return false;
	int task = litmus->tasks++;
	for (const char *word = words; *word; word += word[4] == ' ' ? 5 : 4) {
		if (strlen(word) < 4 || litmus->lengths[task] >= LITMUS_OPERATIONS)
			return false;
		litmus->operations[task][litmus->lengths[task]++] =
			(struct litmus_operation){.kind = word[0],
				.where = word[0] == 'F' ? -1 : word[1] - 'x',
				.value = word[2] == '-' ? 0 : word[2] - '0',
				.order = word[3]};
	}
	return true;
}

void litmus_outcome_add(struct litmus_outcomes *outcomes, uint32_t key)
{
	if (!litmus_outcome_is(outcomes, key) && outcomes->count < LITMUS_OUTCOMES)
		outcomes->keys[outcomes->count++] = key;
}

bool litmus_outcome_is(const struct litmus_outcomes *outcomes, uint32_t key)
{
	for (int i = 0; i < outcomes->count; i++)
		if (outcomes->keys[i] == key)
			return true;
	return false;
}

/* Relations between events: row[a] has bit b if a is related to b */
struct relation {
	uint32_t row[LITMUS_EVENTS];
};

static struct relation compose(const struct relation *a, const struct relation *b)
{
	struct relation result = {0};
	for (int i = 0; i < LITMUS_EVENTS; i++)
		for (int k = 0; k < LITMUS_EVENTS; k++)
			if (a->row[i] >> k & 1)
				result.row[i] |= b->row[k];
	return result;
}

static struct relation join(const struct relation *a, const struct relation *b)
{
	struct relation result;
	for (int i = 0; i < LITMUS_EVENTS; i++)
		result.row[i] = a->row[i] | b->row[i];
	return result;
}

static struct relation closure(struct relation relation)
{
	for (int k = 0; k < LITMUS_EVENTS; k++)
		for (int i = 0; i < LITMUS_EVENTS; i++)
			if (relation.row[i] >> k & 1)
				relation.row[i] |= relation.row[k];
	return relation;
}

static bool cyclic(const struct relation *relation)
{
	struct relation all = closure(*relation);
	for (int i = 0; i < LITMUS_EVENTS; i++)
		if (all.row[i] >> i & 1)
			return true;
	return false;
}

static bool irreflexive(const struct relation *relation)
{
	for (int i = 0; i < LITMUS_EVENTS; i++)
		if (relation->row[i] >> i & 1)
			return false;
	return true;
}

struct event {
	int task; /* -1: the first value of a location */
	const struct litmus_operation *operation;
	int where;
	char order;
	bool reads, writes;
	bool swaps; /* a compare-and-swap, in the case at hand */
	int source; /* what it reads from */
	int value;  /* that it writes */
};

struct execution {
	const struct litmus *litmus;
	struct litmus_outcomes *outcomes;
	struct event events[LITMUS_EVENTS];
	int count;
	int place[LITMUS_EVENTS]; /* of a store in the order of its location */
	int placed[LITMUS_LOCATIONS];
	struct relation sequenced, reads_from, happens, modified, before;
};

static bool relates(const struct relation *relation, int a, int b)
{
	return relation->row[a] >> b & 1;
}

static void relate(struct relation *relation, int a, int b)
{
	relation->row[a] |= 1u << b;
}

static bool acquires(char order)
{
	return order == 'a' || order == 'b' || order == 's';
}

static bool releases(char order)
{
	return order == 'l' || order == 'b' || order == 's';
}

static bool compares(const struct event *event)
{
	return event->operation &&
	       (event->operation->kind == 'C' || event->operation->kind == 'D');
}

static bool same_place(const struct execution *x, int a, int b)
{
	return x->events[a].where >= 0 && x->events[a].where == x->events[b].where;
}

/* The value that a store, or an update, leaves. False: it goes round in a circle. */
static bool find_value(struct execution *x, int event, int depth, int *value)
{
	const struct event *e = &x->events[event];
	*value = e->operation ? e->operation->value : 0;
	if (!e->operation || e->operation->kind != 'U')
		return true;
	if (depth > x->count || !find_value(x, e->source, depth + 1, value))
		return false;
	*value = (*value + 1) % 4;
	return true;
}

static bool values_fit(struct execution *x)
{
	for (int i = 0; i < x->count; i++) {
		struct event *e = &x->events[i];
		int found = 0;
		if (e->writes && !find_value(x, i, 0, &e->value))
			return false;
		if (!compares(e))
			continue;
		if (!find_value(x, e->source, 0, &found))
			return false;
		if (e->swaps ? found != 0 : found == 0 && e->operation->kind == 'C')
			return false;
	}
	return true;
}

/* The release sequence of a store: later ones of its task to its place, and updates of these. */
static uint32_t sequence_of(const struct execution *x, int head)
{
	uint32_t members = 1u << head, before = 0;
	for (int i = 0; i < x->count; i++)
		if (x->events[i].writes && relates(&x->sequenced, head, i) &&
			same_place(x, head, i))
			members |= 1u << i;
	while (before != members) {
		before = members;
		for (int i = 0; i < x->count; i++)
			if (x->events[i].reads && x->events[i].writes &&
				before >> x->events[i].source & 1)
				members |= 1u << i;
	}
	return members;
}

static uint32_t fences(
	const struct execution *x, bool (*kind)(char), int at, bool earlier)
{
	uint32_t set = 0;
	for (int i = 0; i < x->count; i++) {
		const struct event *e = &x->events[i];
		if (e->operation && e->operation->kind == 'F' && kind(e->order) &&
			(earlier ? relates(&x->sequenced, i, at)
				 : relates(&x->sequenced, at, i)))
			set |= 1u << i;
	}
	return set;
}

static void find_happens_before(struct execution *x)
{
	struct relation synchronises = {0};
	for (int store = 0; store < x->count; store++) {
		const struct event *s = &x->events[store];
		uint32_t members = s->writes && s->operation ? sequence_of(x, store) : 0;
		for (int load = 0; load < x->count; load++) {
			const struct event *l = &x->events[load];
			if (!l->reads || !(members >> l->source & 1))
				continue;
			uint32_t heads = fences(x, releases, store, true) |
					 (releases(s->order) ? 1u << store : 0);
			uint32_t tails = fences(x, acquires, load, false) |
					 (acquires(l->order) ? 1u << load : 0);
			for (int i = 0; i < x->count; i++)
				if (heads >> i & 1)
					synchronises.row[i] |= tails & ~(1u << i);
		}
	}
	struct relation both = join(&x->sequenced, &synchronises);
	x->happens = closure(both);
}

static struct relation only(const struct execution *x, const struct relation *relation,
	bool (*keep)(const struct execution *, int, int))
{
	struct relation result = {0};
	for (int a = 0; a < x->count; a++)
		for (int b = 0; b < x->count; b++)
			if (relates(relation, a, b) && keep(x, a, b))
				relate(&result, a, b);
	return result;
}

static bool other_place(const struct execution *x, int a, int b)
{
	return !same_place(x, a, b) && x->events[a].where != x->events[b].where;
}

static bool is_fence(const struct event *e)
{
	return e->operation && e->operation->kind == 'F';
}

/* The order of what is sequentially consistent: psc_base and psc_F of the paper. */
static bool sequential_order_exists(const struct execution *x, const struct relation *eco)
{
	struct relation elsewhere = only(x, &x->sequenced, other_place);
	struct relation here = only(x, &x->happens, same_place);
	struct relation around = compose(&elsewhere, &x->happens);
	struct relation left = {0}, right = {0}, between_fences = {0};
	around = compose(&around, &elsewhere);
	struct relation order = join(&x->sequenced, &around);
	order = join(&order, &here);
	order = join(&order, &x->modified);
	order = join(&order, &x->before);
	struct relation long_way = compose(&x->happens, eco);
	long_way = compose(&long_way, &x->happens);
	long_way = join(&long_way, &x->happens);
	for (int i = 0; i < x->count; i++) {
		if (x->events[i].order != 's')
			continue;
		relate(&left, i, i);
		relate(&right, i, i);
		for (int k = 0; k < x->count && is_fence(&x->events[i]); k++) {
			if (relates(&x->happens, i, k))
				relate(&left, i, k);
			if (relates(&x->happens, k, i))
				relate(&right, k, i);
			if (is_fence(&x->events[k]) && x->events[k].order == 's' &&
				relates(&long_way, i, k))
				relate(&between_fences, i, k);
		}
	}
	order = compose(&left, &order);
	order = compose(&order, &right);
	order = join(&order, &between_fences);
	return !cyclic(&order);
}

static void find_orders(struct execution *x)
{
	x->modified = x->before = (struct relation){0};
	for (int a = 0; a < x->count; a++)
		for (int b = 0; b < x->count; b++) {
			if (a == b || !same_place(x, a, b) || !x->events[b].writes)
				continue;
			if (x->events[a].writes && x->place[a] < x->place[b])
				relate(&x->modified, a, b);
			if (x->events[a].reads &&
				x->place[x->events[a].source] < x->place[b])
				relate(&x->before, a, b);
		}
}

static void check_execution(struct execution *x)
{
	uint32_t key = 0;
	int last[LITMUS_LOCATIONS] = {0};
	for (int i = 0; i < x->count; i++) {
		const struct event *e = &x->events[i];
		if (e->reads && e->writes && x->place[i] != x->place[e->source] + 1)
			return;
	}
	find_orders(x);
	struct relation eco = join(&x->reads_from, &x->modified);
	eco = join(&eco, &x->before);
	eco = closure(eco);
	struct relation round = compose(&x->happens, &eco);
	if (!irreflexive(&round) || !sequential_order_exists(x, &eco))
		return;
	for (int i = 0; i < x->count; i++) {
		const struct event *e = &x->events[i];
		if (e->reads)
			key = key * 4 + (uint32_t)x->events[e->source].value;
		if (e->writes && x->place[i] + 1 == x->placed[e->where])
			last[e->where] = e->value;
	}
	for (int i = 0; i < LITMUS_LOCATIONS; i++)
		key = key * 4 + (uint32_t)last[i];
	litmus_outcome_add(x->outcomes, key);
}

/* Every order of the stores to each location; the first values come first. */
static void place_stores(struct execution *x)
{
	bool some = false;
	for (int where = 0; where < LITMUS_LOCATIONS && !some; where++)
		for (int i = 0; i < x->count; i++) {
			if (!x->events[i].writes || x->events[i].where != where ||
				x->place[i] >= 0)
				continue;
			some = true;
			x->place[i] = x->placed[where]++;
			place_stores(x);
			x->placed[where]--;
			x->place[i] = -1;
		}
	if (!some)
		check_execution(x);
}

static void try_sources(struct execution *x)
{
	if (!values_fit(x))
		return;
	x->reads_from = (struct relation){0};
	for (int i = 0; i < x->count; i++)
		if (x->events[i].reads)
			relate(&x->reads_from, x->events[i].source, i);
	struct relation both = join(&x->sequenced, &x->reads_from);
	if (cyclic(&both)) /* no load buffering */
		return;
	find_happens_before(x);
	if (!irreflexive(&x->happens))
		return;
	for (int i = 0; i < x->count; i++)
		x->place[i] = -1;
	memset(x->placed, 0, sizeof x->placed);
	for (int i = 0; i < x->count; i++)
		if (x->events[i].task < 0)
			x->place[i] = x->placed[x->events[i].where]++;
	place_stores(x);
}

/* Everything that each load may read, from the given one on. */
static void choose_sources(struct execution *x, int from)
{
	while (from < x->count && !x->events[from].reads)
		from++;
	if (from == x->count) {
		try_sources(x);
		return;
	}
	for (int i = 0; i < x->count; i++)
		if (i != from && x->events[i].writes && same_place(x, i, from)) {
			x->events[from].source = i;
			choose_sources(x, from + 1);
		}
}

static char order_of_failure(char order)
{
	return order == 'b' ? 'a' : order == 'l' ? 'r' : order;
}

/* Each compare-and-swap may swap or not. */
static void choose_swaps(struct execution *x, int from)
{
	while (from < x->count && !compares(&x->events[from]))
		from++;
	if (from == x->count) {
		choose_sources(x, 0);
		return;
	}
	struct event *e = &x->events[from];
	for (int swaps = 0; swaps < 2; swaps++) {
		e->swaps = e->writes = swaps;
		e->order = swaps ? e->operation->order
				 : order_of_failure(e->operation->order);
		choose_swaps(x, from + 1);
	}
}

static void add_event(struct execution *x, int task,
	const struct litmus_operation *operation, int where)
{
	struct event *e = &x->events[x->count++];
	*e = (struct event){.task = task, .operation = operation, .where = where};
	e->order = operation ? operation->order : 'r';
	e->reads = operation && strchr("RUCD", operation->kind);
	e->writes = !operation || strchr("WU", operation->kind);
}

void litmus_enumerate(const struct litmus *litmus, struct litmus_outcomes *outcomes)
{
	struct execution x = {.litmus = litmus, .outcomes = outcomes};
	outcomes->count = 0;
	for (int where = 0; where < LITMUS_LOCATIONS; where++)
		add_event(&x, -1, NULL, where);
	for (int task = 0; task < litmus->tasks; task++)
		for (int i = 0; i < litmus->lengths[task] && x.count < LITMUS_EVENTS; i++)
			add_event(&x, task, &litmus->operations[task][i],
				litmus->operations[task][i].where);
	for (int a = 0; a < x.count; a++)
		for (int b = 0; b < x.count; b++)
			if (x.events[a].task < 0
					? x.events[b].task >= 0
					: a < b && x.events[a].task == x.events[b].task)
				relate(&x.sequenced, a, b);
	choose_swaps(&x, 0);
}
