/* SPDX-License-Identifier: MIT */
/*
 * Who goes on where the plan leaves it open.
 *
 * PCT: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A randomized scheduler with
 * probabilistic guarantees of finding bugs", ASPLOS 2010. POS: Yuan, Yang, Gu, "Partial
 * order aware concurrency sampling", CAV 2018. SURW: Zhao, Wolff, Mathur and Roychoudhury,
 * "Selectively uniform concurrency testing", ASPLOS 2025. The target is the reads-from pair that RFF (Wolff, Shi,
 * Duck, Mathur, Roychoudhury, "Greybox fuzzing for concurrency testing", ASPLOS 2024) asks
 * for: the reader waits for the writer, then other writers wait for the reader.
 */
#include "runtime.h"

static bool in_set(const uint64_t *set, uint32_t index)
{
	return set[index / 64] >> (index % 64) & 1;
}

static uint32_t first_of(const uint64_t *set, uint32_t from)
{
	for (uint32_t i = 0; i < TASKS_MAX; i++) {
		uint32_t index = (from + i) % TASKS_MAX;
		if (in_set(set, index))
			return index;
	}
	return TASKS_MAX;
}

static uint32_t any_of(const uint64_t *set)
{
	uint32_t count = 0;
	for (int i = 0; i < CLOCK_WORDS; i++)
		count += (uint32_t)__builtin_popcountll(set[i]);
	uint32_t index = first_of(set, 0);
	for (uint64_t skip = random_next() % count; skip > 0; skip--)
		index = first_of(set, index + 1);
	return index;
}

static uint32_t highest_of(const uint64_t *set)
{
	uint32_t best = TASKS_MAX;
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		if (!in_set(set, i))
			continue;
		if (best == TASKS_MAX ||
			control->tasks[i].priority > control->tasks[best].priority)
			best = i;
	}
	return best;
}

static bool conflicts(const struct operation *a, const struct operation *b)
{
	if (a->address != b->address || !a->address)
		return false;
	bool a_reads = a->kind == STEP_READ || a->kind == STEP_ATOMIC_READ;
	bool b_reads = b->kind == STEP_READ || b->kind == STEP_ATOMIC_READ;
	return !a_reads || !b_reads;
}

static uint32_t pct(const uint64_t *set)
{
	for (uint32_t i = 0; i < control->request.changes_count; i++)
		if (i < PRIORITY_CHANGES_MAX &&
			control->request.changes[i] == control->result.steps) {
			control->request.changes[i] = UINT32_MAX;
			control->tasks[highest_of(set)].priority =
				--control->low_priority;
		}
	return highest_of(set);
}

static bool of_interest(uint32_t index)
{
	return control->request.focus &&
	       control->tasks[index].pending.address == control->request.focus;
}

/* Draws among the tasks that are there, by the steps of interest each still has to take. */
static uint32_t draw_intended(void)
{
	uint64_t total = 0;
	for (uint32_t i = 0; i < control->result.tasks; i++)
		if (control->tasks[i].state != TASK_FINISHED)
			total += control->request.weights[i];
	if (!total)
		return TASKS_MAX;
	uint64_t drawn = random_next() % total;
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		if (control->tasks[i].state == TASK_FINISHED)
			continue;
		if (drawn < control->request.weights[i])
			return i;
		drawn -= control->request.weights[i];
	}
	return TASKS_MAX;
}

/*
 * The intended task stays the same until it has taken its step of interest; the others that
 * stand before such a step wait for it, unless nobody else can go on. All the rest is a
 * random walk.
 */
static uint32_t surw(const uint64_t *set)
{
	uint64_t open[CLOCK_WORDS] = {0};
	bool some = false;
	if (!control->intended ||
		control->tasks[control->intended - 1].state == TASK_FINISHED)
		control->intended = draw_intended() + 1;
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		if (!in_set(set, i) || (of_interest(i) && i + 1 != control->intended))
			continue;
		open[i / 64] |= 1ull << (i % 64);
		some = true;
	}
	return any_of(some ? open : set);
}

static void surw_stepped(uint32_t index)
{
	if (!of_interest(index))
		return;
	if (control->request.weights[index])
		control->request.weights[index]--;
	control->intended = 0;
}

/* A task that has come to one of its stops goes on with the priority given there. */
static bool stops_here(uint32_t index)
{
	struct task *task = &control->tasks[index];
	bool stops = false;
	for (uint32_t i = 0; i < control->request.stops_count && i < STOPS_MAX; i++) {
		struct stop *stop = &control->request.stops[i];
		if (stop->task != index || stop->passed || stop->nth ||
			stop->pc != task->pending.pc || stop->kind != task->pending.kind)
			continue;
		stop->passed = 1;
		task->priority = stop->priority;
		stops = true;
	}
	return stops;
}

/* Goes on with the running task as long as it can and does not stop. */
static uint32_t directed(uint32_t current, const uint64_t *set)
{
	bool stays = current < TASKS_MAX && in_set(set, current);
	for (uint32_t i = 0; i < control->result.tasks; i++)
		if (in_set(set, i) && stops_here(i) && i == current)
			stays = false;
	return stays ? current : highest_of(set);
}

static void directed_stepped(uint32_t index)
{
	const struct operation *done = &control->tasks[index].pending;
	for (uint32_t i = 0; i < control->request.stops_count && i < STOPS_MAX; i++) {
		struct stop *stop = &control->request.stops[i];
		if (stop->task == index && stop->nth && stop->pc == done->pc &&
			stop->kind == done->kind)
			stop->nth--;
	}
}

static bool held_back(const struct operation *pending)
{
	const struct target *target = &control->request.target;
	if (pending->address != target->address)
		return false;
	if (control->target_state == 0) /* the writer has to come first */
		return pending->pc == target->reader;
	if (control->target_state == 1) /* then the reader, before any other writer */
		return pending->pc != target->reader && pending->kind != STEP_READ &&
		       pending->kind != STEP_ATOMIC_READ;
	return false;
}

/* Leaves in the set what the target does not hold back, unless that is nobody. */
static void apply_target(uint64_t *set)
{
	uint64_t left[CLOCK_WORDS] = {0};
	bool some = false;
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		if (!in_set(set, i) || held_back(&control->tasks[i].pending))
			continue;
		left[i / 64] |= 1ull << (i % 64);
		some = true;
	}
	if (some)
		for (int i = 0; i < CLOCK_WORDS; i++)
			set[i] = left[i];
}

uint32_t strategy_choose(uint32_t current, const uint64_t *candidates)
{
	uint64_t set[CLOCK_WORDS];
	for (int i = 0; i < CLOCK_WORDS; i++)
		set[i] = candidates[i];
	if (control->request.target.address)
		apply_target(set);
	switch (control->request.strategy) {
	case STRATEGY_RANDOM:
		return any_of(set);
	case STRATEGY_POS:
		return highest_of(set);
	case STRATEGY_PCT:
		return pct(set);
	case STRATEGY_SURW:
		return surw(set);
	case STRATEGY_DIRECTED:
		return directed(current, set);
	default:
		return first_of(set, current);
	}
}

void strategy_created(struct task *task)
{
	control->intended = 0; /* it takes part in the draw */
	if (control->request.strategy == STRATEGY_DIRECTED)
		task->priority = control->request.weights[task - control->tasks];
	else
		task->priority = random_next() >> 1 | 1ull << 62;
}

void strategy_arrived(struct task *task)
{
	if (control->request.strategy == STRATEGY_POS)
		task->priority = random_next();
	else if (control->request.strategy == STRATEGY_PCT && task->yielded)
		task->priority = --control->low_priority;
}

static void target_stepped(const struct operation *done)
{
	const struct target *target = &control->request.target;
	if (done->address != target->address)
		return;
	if (control->target_state == 0 && done->pc == target->writer)
		control->target_state = 1;
	else if (control->target_state == 1 && done->pc == target->reader)
		control->target_state = 2;
}

void strategy_stepped(uint32_t index)
{
	const struct operation *done = &control->tasks[index].pending;
	if (control->request.target.address)
		target_stepped(done);
	if (control->request.strategy == STRATEGY_SURW)
		surw_stepped(index);
	if (control->request.strategy == STRATEGY_DIRECTED)
		directed_stepped(index);
	if (control->request.strategy != STRATEGY_POS)
		return;
	for (uint32_t i = 0; i < control->result.tasks; i++)
		if (i != index && control->tasks[i].state == TASK_READY &&
			conflicts(&control->tasks[i].pending, done))
			control->tasks[i].priority = random_next();
}
