/* SPDX-License-Identifier: MIT */
/*
 * What a semaphore's posts order. A wait gets through by one post, and only what comes before
 * that post comes before the wait: each post leaves a permit with its clock, and each wait
 * takes one. Every order of steps that keeps each wait behind its post is an execution as
 * well, so that a race which the clocks show in one of them is a race.
 *
 * Of two permits the wait takes the one that orders less: if it left that one, whoever took it
 * would do so in an order of the waits that is tried, too. Where neither orders less than the
 * other, which one is taken is a choice. The permits of one task come one after the other, so
 * that the choice is between tasks.
 */
#include "runtime.h"

static struct permit *permit_at(uint32_t number)
{
	return &control->permits[number - 1];
}

static uint32_t permit_new(void)
{
	uint32_t number = control->permits_free;
	if (number)
		control->permits_free = permit_at(number)->next;
	else if (control->permits_used < PERMITS_MAX)
		number = ++control->permits_used;
	else
		execution_full("posts of semaphores that nobody has taken");
	permit_at(number)->next = 0;
	return number;
}

static void append(struct object *object, uint32_t number)
{
	uint32_t *last = &object->permits;
	while (*last)
		last = &permit_at(*last)->next;
	*last = number;
}

void permit_post(uint64_t key)
{
	struct task *task = explore_self.task;
	uint32_t number = permit_new();
	struct permit *permit = permit_at(number);
	permit->poster = (uint16_t)explore_self.index;
	permit->pc = explore_self.frame->pc;
	real.memcpy(permit->clock, task->clock, control->result.tasks * sizeof(uint32_t));
	for (uint32_t i = control->result.tasks; i < TASKS_MAX; i++)
		permit->clock[i] = 0;
	append(object_find(key, true), number);
	clock_tick(task);
}

/* All that would come before the caller by the first comes before it by the other as well. */
static bool orders_no_more(const struct permit *first, const struct permit *other)
{
	const uint32_t *own = explore_self.task->clock;
	for (uint32_t i = 0; i < control->result.tasks; i++)
		if (first->clock[i] > own[i] && first->clock[i] > other->clock[i])
			return false;
	return true;
}

/* Of those that order the same, the one that came first. */
static bool is_least(const struct object *object, uint32_t number)
{
	bool later = false;
	for (uint32_t other = object->permits; other; other = permit_at(other)->next) {
		if (other == number)
			later = true;
		else if (orders_no_more(permit_at(other), permit_at(number)) &&
			 (!later || !orders_no_more(permit_at(number), permit_at(other))))
			return false;
	}
	return true;
}

static uint32_t permit_of(const struct object *object, uint32_t poster)
{
	uint32_t number = object->permits;
	while (number && permit_at(number)->poster != poster)
		number = permit_at(number)->next;
	return number;
}

/* The permit to be taken, 0: none. */
static uint32_t choose(const struct object *object)
{
	uint64_t posters[CLOCK_WORDS] = {0};
	uint32_t first = 0, count = 0;
	for (uint32_t number = object->permits; number;
		number = permit_at(number)->next) {
		uint32_t poster = permit_at(number)->poster;
		if (posters[poster / 64] >> (poster % 64) & 1 ||
			!is_least(object, number))
			continue;
		posters[poster / 64] |= 1ull << (poster % 64);
		count++;
		if (!first)
			first = number;
	}
	if (count < 2)
		return first;
	uint32_t chosen = pick_among(
		STEP_PICK_POST, object->key, posters, permit_at(first)->poster);
	uint32_t number = permit_of(object, chosen);
	own_step()->pc = permit_at(number)->pc;
	return number;
}

static void unlink_permit(struct object *object, uint32_t number)
{
	uint32_t *link = &object->permits;
	while (*link != number)
		link = &permit_at(*link)->next;
	*link = permit_at(number)->next;
	permit_at(number)->next = control->permits_free;
	control->permits_free = number;
}

void permit_take(uint64_t key)
{
	struct object *object = object_find(key, false);
	uint32_t number = object ? choose(object) : 0;
	if (!number)
		return;
	clock_join(explore_self.task->clock, permit_at(number)->clock);
	unlink_permit(object, number);
}

void permits_forget(uint64_t key)
{
	struct object *object = object_find(key, false);
	while (object && object->permits)
		unlink_permit(object, object->permits);
}

void permits_copy(struct object *to, const struct object *from)
{
	for (uint32_t number = from->permits; number; number = permit_at(number)->next) {
		uint32_t copy = permit_new();
		*permit_at(copy) = *permit_at(number);
		permit_at(copy)->next = 0;
		append(to, copy);
	}
}

void permits_each(const struct object *object,
	void (*visit)(const uint32_t *, uint64_t, void *), void *context)
{
	uint64_t rank = 0;
	for (uint32_t number = object->permits; number;
		number = permit_at(number)->next) {
		const struct permit *permit = permit_at(number);
		rank++;
		visit(permit->clock,
			object->key ^ (permit->poster + 1ull) << 48 ^ rank << 56,
			context);
	}
}

/* The permits that come after an access, for the state's hash: how many of whose, and which. */
uint64_t permits_after(
	const struct object *object, const struct record *record, uint64_t hash)
{
	uint64_t sum = 0, rank = 0;
	for (uint32_t number = object->permits; number;
		number = permit_at(number)->next) {
		const struct permit *permit = permit_at(number);
		rank++;
		if (permit->clock[record->task] >= record->clock)
			sum += control_mix(hash ^ object->key ^
					   (permit->poster + 1ull) << 48 ^ rank << 56);
	}
	return sum;
}
