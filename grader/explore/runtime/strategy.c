/* SPDX-License-Identifier: MIT */
/*
 * Who goes on where the plan leaves it open.
 *
 * PCT: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A randomized scheduler with
 * probabilistic guarantees of finding bugs", ASPLOS 2010. POS: Yuan, Yang, Gu, "Partial
 * order aware concurrency sampling", CAV 2018. SURW: Zhao et al., "Selectively uniform
 * concurrency testing", ASPLOS 2025. The target is the reads-from pair that RFF (Wolff, Shi,
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

/*
 * The intended task is drawn by how many steps on the address of interest each still has;
 * the others that stand before such a step wait for it.
 */
static uint32_t surw(const uint64_t *set)
{
	uint64_t open[CLOCK_WORDS] = {0};
	uint64_t total = 0, weight = 0;
	uint32_t intended = TASKS_MAX;
	for (uint32_t i = 0; i < control->result.tasks; i++)
		if (in_set(set, i))
			total += control->request.weights[i] + 1;
	uint64_t drawn = random_next() % (total ? total : 1);
	for (uint32_t i = 0; i < control->result.tasks && intended == TASKS_MAX; i++) {
		if (!in_set(set, i))
			continue;
		weight += control->request.weights[i] + 1;
		if (drawn < weight)
			intended = i;
	}
	bool some = false;
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		if (!in_set(set, i))
			continue;
		const struct operation *pending = &control->tasks[i].pending;
		if (i == intended || pending->address != control->request.focus) {
			open[i / 64] |= 1ull << (i % 64);
			some = true;
		}
	}
	uint32_t chosen = some ? any_of(open) : any_of(set);
	if (control->tasks[chosen].pending.address == control->request.focus &&
		control->request.weights[chosen])
		control->request.weights[chosen]--;
	return chosen;
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
	default:
		return first_of(set, current);
	}
}

void strategy_created(struct task *task)
{
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
	if (control->request.strategy != STRATEGY_POS)
		return;
	for (uint32_t i = 0; i < control->result.tasks; i++)
		if (i != index && control->tasks[i].state == TASK_READY &&
			conflicts(&control->tasks[i].pending, done))
			control->tasks[i].priority = random_next();
}
