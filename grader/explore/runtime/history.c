/* SPDX-License-Identifier: MIT */
/*
 * RC11: which value an atomic load may return. Lahav, Vafeiadis, Kang, Hur and Dreyer,
 * "Repairing sequential consistency in C/C++11", PLDI 2017; as a machine that keeps for each
 * location the order of its stores, in the way of CDSChecker (Norris and Demsky, OOPSLA 2013)
 * and C11Tester (Luo and Demsky, ASPLOS 2021).
 *
 * Each store keeps which task came to know it at which point of its clock: by writing it, or
 * by reading it or a later one. A task must not read what is older than a store that somebody
 * knew before something that happens before the task's load (coherence). Everything from there
 * on it may read: the newest store is the default, an older one a choice that costs what a
 * preemption costs. Since all of that hangs on the clocks, locks, joins, pipes and semaphores
 * order atomics without further ado.
 *
 * A store carries a message: the clock that whoever reads it acquires, at once or at its next
 * acquire fence. It is the task's clock for a release store, else the clock of its last release
 * store to the location or its last release fence, whichever came later; an update passes on
 * what it read. A store may be put before others in the order, if the task need not know
 * these, and never between an update and what it read. An update reads the newest store. Load
 * buffering does not come about: what is read has been written.
 *
 * Sequentially consistent stores and fences have a place in one order: such a load reads
 * nothing older than the last such store to its location, nor than what was known at the last
 * such fence; and what follows a fence in happens-before reads nothing older than what was
 * known at that fence or written by such stores before it.
 *
 * Memory holds the newest value. What else writes there, or ends the memory, ends the history.
 */
#include "runtime.h"

#include "history.h"

enum { RELAXED, CONSUME, ACQUIRE, RELEASE, ACQUIRE_RELEASE, SEQUENTIAL, OPTIONS = 64 };

bool order_acquires(int order)
{
	order &= 0xff;
	return order == CONSUME || order == ACQUIRE || order == ACQUIRE_RELEASE ||
	       order == SEQUENTIAL;
}

bool order_releases(int order)
{
	order &= 0xff;
	return order == RELEASE || order == ACQUIRE_RELEASE || order == SEQUENTIAL;
}

bool order_is_sequential(int order)
{
	return (order & 0xff) == SEQUENTIAL;
}

static struct store *store_at(uint32_t number)
{
	return &control->stores[number - 1];
}

static void clear(uint32_t *clock)
{
	for (uint32_t i = 0; i < TASKS_MAX; i++)
		clock[i] = 0;
}

static void copy(uint32_t *to, const uint32_t *from)
{
	real.memcpy(to, from, TASKS_MAX * sizeof *to);
}

/* Sequentially consistent fences: what was known at the last one that lies before the clock. */

static const uint32_t no_clock[TASKS_MAX];

static uint32_t fences_before(const uint32_t *clock)
{
	uint32_t count = control->fences_used;
	while (count &&
		clock[control->fences[count - 1].task] < control->fences[count - 1].epoch)
		count--;
	return count;
}

static const uint32_t *known_at_fence(uint32_t count)
{
	return count ? control->fences[count - 1].known : no_clock;
}

/* Whoever has this clock, and what was known at the first `fences` fences, knows the store. */
static bool knows(const struct store *store, const uint32_t *clock, uint32_t fences)
{
	const uint32_t *known = known_at_fence(fences);
	for (uint32_t i = 0; i < control->result.tasks; i++)
		if (store->seen[i] &&
			(store->seen[i] <= clock[i] || store->seen[i] <= known[i]))
			return true;
	return store->sequential && store->fences < fences;
}

/* The oldest store that may be read with this clock: what was known hides what came before. */
static uint32_t floor_of(const struct location *location, const uint32_t *clock)
{
	uint32_t fences = fences_before(clock);
	uint32_t number = location->newest;
	while (store_at(number)->older && !knows(store_at(number), clock, fences))
		number = store_at(number)->older;
	return number;
}

/* For a sequentially consistent access: after all such stores and fences so far. */
static uint32_t sequential_floor(const struct location *location)
{
	const uint32_t *clock = explore_self.task->clock;
	uint32_t number = location->newest;
	while (store_at(number)->older && !store_at(number)->sequential &&
		!knows(store_at(number), clock, control->fences_used))
		number = store_at(number)->older;
	return number;
}

static uint32_t floor_for(const struct location *location, int order)
{
	return order_is_sequential(order) ? sequential_floor(location)
					  : floor_of(location, explore_self.task->clock);
}

/* Locations */

static uint32_t slot_of(uint64_t key)
{
	uint32_t slot = (uint32_t)control_mix(key) % LOCATIONS_MAX;
	while (control->locations[slot].generation == control->generation &&
		control->locations[slot].key != key)
		slot = (slot + 1) % LOCATIONS_MAX;
	return slot;
}

static uint32_t store_new(void)
{
	uint32_t number = control->stores_free;
	if (number)
		control->stores_free = store_at(number)->older;
	else if (control->stores_used < STORES_MAX)
		number = ++control->stores_used;
	else
		execution_full("stores to atomics that may still be read");
	struct store *store = store_at(number);
	store->older = store->newer = 0;
	store->value = 0;
	store->step = 0;
	store->update = store->sequential = 0;
	store->fences = 0;
	clear(store->seen);
	clear(store->message);
	return number;
}

static void store_free(uint32_t number)
{
	store_at(number)->older = control->stores_free;
	control->stores_free = number;
}

static uint64_t memory_value(const volatile void *pointer, unsigned size)
{
	switch (size) {
	case 1:
		return *(const volatile uint8_t *)pointer;
	case 2:
		return *(const volatile uint16_t *)pointer;
	case 4:
		return *(const volatile uint32_t *)pointer;
	default:
		return *(const volatile uint64_t *)pointer;
	}
}

static void forget_stores(struct location *location)
{
	while (location->newest) {
		uint32_t older = store_at(location->newest)->older;
		store_free(location->newest);
		location->newest = older;
	}
}

static void location_start(struct location *location, uint64_t value)
{
	location->newest = store_new();
	store_at(location->newest)->value = value;
}

/* Atomics that overlap without being the same have no common order of stores. */
static void refuse_overlaps(uint64_t key, unsigned size)
{
	for (uint32_t i = 0; i < control->locations_used; i++) {
		const struct location *other =
			&control->locations[control->locations_touched[i]];
		if (other->newest && key < other->key + other->size &&
			other->key < key + size &&
			(other->key != key || other->size != size))
			execution_full("sizes of atomics at one place");
	}
}

static struct location *location_of(const volatile void *pointer, unsigned size)
{
	uint64_t key = canonical(pointer);
	uint32_t slot = slot_of(key);
	struct location *location = &control->locations[slot];
	if (size > 8)
		execution_full("atomics of 16 bytes under RC11");
	if (location->generation != control->generation) {
		if (control->locations_used >= LOCATIONS_MAX / 2)
			execution_full("atomics under RC11");
		control->locations_touched[control->locations_used++] = slot;
		real.memset(location, 0, sizeof *location);
		location->generation = control->generation;
		location->key = key;
	}
	uint64_t value = memory_value(pointer, size);
	if (location->newest && location->size == size &&
		store_at(location->newest)->value != value)
		forget_stores(location); /* something else has written there */
	if (!location->newest || location->size != size) {
		refuse_overlaps(key, size);
		location->size = (uint16_t)size;
		location_start(location, value);
	}
	return location;
}

void history_end(uint64_t key, size_t size)
{
	for (uint32_t i = 0; i < control->locations_used; i++) {
		struct location *location =
			&control->locations[control->locations_touched[i]];
		if (location->key < key + size && key < location->key + location->size)
			forget_stores(location);
	}
}

/* What nobody can read any more. Tasks to come start with a clock of those that are there. */
static void trim(struct location *location)
{
	uint32_t oldest = 0;
	for (uint32_t number = location->newest; number; number = store_at(number)->older)
		store_at(number)->mark = 0;
	for (uint32_t i = 0; i < control->result.tasks; i++)
		if (control->tasks[i].state != TASK_FINISHED)
			store_at(floor_of(location, control->tasks[i].clock))->mark = 1;
	for (uint32_t number = location->newest; number; number = store_at(number)->older)
		if (store_at(number)->mark)
			oldest = number;
	while (oldest && store_at(oldest)->older) {
		uint32_t number = store_at(oldest)->older;
		store_at(oldest)->older = store_at(number)->older;
		store_free(number);
	}
}

/* Clocks of release stores and fences, and of relaxed loads */

/* The slot's clock is made, if there is none yet. */
static uint32_t *snapshot(uint16_t *slot)
{
	if (!*slot) {
		if (control->snapshots_used >= SNAPSHOTS_MAX)
			execution_full("tasks and atomics under RC11");
		*slot = (uint16_t)++control->snapshots_used;
		clear(control->snapshots[*slot - 1]);
	}
	return control->snapshots[*slot - 1];
}

/* What a relaxed store of the caller passes on: of two moments of a task the later knows all
 * that the earlier does. */
static const uint32_t *released(const struct location *location)
{
	uint32_t me = explore_self.index;
	uint16_t here = location->released[me], fence = explore_self.task->fence_released;
	const uint32_t *by_store = here ? control->snapshots[here - 1] : no_clock;
	const uint32_t *by_fence = fence ? control->snapshots[fence - 1] : no_clock;
	return by_store[me] >= by_fence[me] ? by_store : by_fence;
}

static void see(struct store *store)
{
	uint32_t me = explore_self.index;
	if (!store->seen[me])
		store->seen[me] = explore_self.task->clock[me];
}

static void acquire(const struct store *store, int order)
{
	struct task *task = explore_self.task;
	if (order_acquires(order))
		clock_join(task->clock, store->message);
	else
		clock_join(snapshot(&task->fence_acquires), store->message);
}

/* What follows in the task is later than what it has released. */
static void keep_release(struct location *location)
{
	struct task *task = explore_self.task;
	copy(snapshot(&location->released[explore_self.index]), task->clock);
	clock_tick(task);
}

/* The store gets its message. */
static void publish(struct location *location, struct store *store, int order)
{
	const struct task *task = explore_self.task;
	see(store);
	store->step = (uint32_t)(own_step() - control->steps) + 1;
	store->sequential = order_is_sequential(order);
	store->fences = control->fences_used;
	if (!order_releases(order)) {
		clock_join(store->message, released(location));
		return;
	}
	clock_join(store->message, task->clock);
	keep_release(location);
}

/* Choices */

/* The step that the choice belongs to says what came of it. */
static void tell_older(const struct location *location, uint32_t number)
{
	if (number != location->newest)
		own_step()->detail |=
			DETAIL_OLDER | (uint64_t)store_at(store_at(number)->newer)->step
					       << DETAIL_STEP_SHIFT;
}

/* An older value is no reason to wait for somebody else: the newest is there to be read. */
static void does_not_wait(void)
{
	explore_self.task->quiet = 0;
	explore_self.task->spin_count = 0;
}

static uint32_t choose(uint32_t *options, uint32_t count)
{
	if (count > OPTIONS)
		execution_full("values that an atomic may have");
	return count < 2 ? options[0] : options[pick_value(count)];
}

uint64_t history_load(const volatile void *pointer, unsigned size, int order)
{
	struct location *location = location_of(pointer, size);
	uint32_t options[OPTIONS + 1], count = 0;
	uint32_t last = floor_for(location, order);
	for (uint32_t number = location->newest;; number = store_at(number)->older) {
		if (count <= OPTIONS)
			options[count++] = number;
		if (number == last)
			break;
	}
	uint32_t number = choose(options, count);
	struct store *store = store_at(number);
	if (number != location->newest)
		does_not_wait();
	tell_older(location, number);
	see(store);
	acquire(store, order);
	uint64_t value = store->value;
	trim(location);
	return value;
}

static void put_behind(struct location *location, uint32_t number, uint32_t older)
{
	struct store *store = store_at(number);
	store->older = older;
	store->newer = store_at(older)->newer;
	if (store->newer)
		store_at(store->newer)->older = number;
	else
		location->newest = number;
	store_at(older)->newer = number;
}

bool history_store(const volatile void *pointer, unsigned size, int order, uint64_t value)
{
	struct location *location = location_of(pointer, size);
	uint32_t options[OPTIONS + 1], count = 0;
	uint32_t last = floor_for(location, order);
	for (uint32_t older = location->newest;; older = store_at(older)->older) {
		uint32_t newer = store_at(older)->newer;
		if (count <= OPTIONS && !(newer && store_at(newer)->update))
			options[count++] = older;
		if (older == last)
			break;
	}
	uint32_t older = choose(options, count);
	bool newest = older == location->newest;
	uint32_t number = store_new();
	put_behind(location, number, older);
	store_at(number)->value = value;
	if (!newest)
		own_step()->detail |=
			DETAIL_OLDER | (uint64_t)store_at(store_at(number)->newer)->step
					       << DETAIL_STEP_SHIFT;
	publish(location, store_at(number), order);
	trim(location);
	return newest;
}

/* Nothing that matters later happens before one of them and not before the other. */
static bool clocks_alike(const uint32_t *one, const uint32_t *other)
{
	for (uint32_t i = 0; i < control->locations_used; i++) {
		const struct location *location =
			&control->locations[control->locations_touched[i]];
		if (location->newest &&
			floor_of(location, one) != floor_of(location, other))
			return false;
	}
	return !race_tells_apart(one, other);
}

/*
 * An update that leaves the value as it was, as one that finds a lock taken does, is no other
 * store than the one it read, if who reads it comes after no more. So a task that spins comes
 * back to where it was.
 */
static bool repeats(const struct location *location, int order, uint64_t value)
{
	const struct store *store = store_at(location->newest);
	uint32_t message[TASKS_MAX];
	if (store->value != value || (order_is_sequential(order) && !store->sequential))
		return false;
	copy(message, store->message);
	clock_join(message,
		order_releases(order) ? explore_self.task->clock : released(location));
	return clocks_alike(message, store->message);
}

void history_update(
	const volatile void *pointer, unsigned size, int order, uint64_t value)
{
	struct location *location = location_of(pointer, size);
	uint32_t older = location->newest;
	see(store_at(older));
	acquire(store_at(older), order);
	if (repeats(location, order, value)) {
		if (order_releases(order))
			keep_release(location);
		trim(location);
		return;
	}
	uint32_t number = store_new();
	put_behind(location, number, older);
	struct store *store = store_at(number);
	store->value = value;
	store->update = 1;
	copy(store->message, store_at(older)->message);
	publish(location, store, order);
	trim(location);
}

bool history_compare(
	const volatile void *pointer, unsigned size, struct comparison *wanted)
{
	struct location *location = location_of(pointer, size);
	uint32_t options[OPTIONS + 1], count = 0;
	uint32_t last = floor_for(location, wanted->failure);
	uint64_t newest = store_at(location->newest)->value;
	options[count++] = location->newest;
	for (uint32_t number = location->newest;; number = store_at(number)->older) {
		bool differs = store_at(number)->value != wanted->expected;
		bool first = number == location->newest;
		if (count <= OPTIONS &&
			(wanted->weak ? !first || !differs : !first && differs))
			options[count++] = number;
		if (number == last)
			break;
	}
	if (count > OPTIONS)
		execution_full("values that an atomic may have");
	uint32_t chosen = count < 2 ? 0 : pick_value(count);
	if (!chosen && newest == wanted->expected)
		return true;
	struct store *store = store_at(options[chosen]);
	if (chosen)
		does_not_wait();
	tell_older(location, options[chosen]);
	see(store);
	acquire(store, wanted->failure);
	wanted->found = store->value;
	trim(location);
	return false;
}

static void sequential_fence(void)
{
	struct task *task = explore_self.task;
	if (control->fences_used >= FENCES_MAX)
		execution_full("sequentially consistent fences");
	struct fence *fence = &control->fences[control->fences_used];
	copy(fence->known, known_at_fence(control->fences_used));
	clock_join(fence->known, task->clock);
	fence->task = (uint16_t)explore_self.index;
	fence->epoch = task->clock[explore_self.index];
	control->fences_used++;
	clock_tick(task);
}

void history_fence(int order)
{
	struct task *task = explore_self.task;
	if (order_acquires(order) && task->fence_acquires)
		clock_join(task->clock, control->snapshots[task->fence_acquires - 1]);
	if (order_is_sequential(order))
		sequential_fence();
	if (order_releases(order)) {
		copy(snapshot(&task->fence_released), task->clock);
		clock_tick(task);
	}
}

/*
 * The state's hash. Two states are alike if whoever has some clock, or will take it over,
 * could read the same stores in both: so not clocks are hashed, but how much of each history
 * they hide.
 */

/* All clocks that matter to somebody later, each with a name. */
static void each_clock(void (*visit)(const uint32_t *, uint64_t, void *), void *context)
{
	for (uint32_t i = 0; i < control->result.tasks; i++)
		if (control->tasks[i].state != TASK_FINISHED)
			visit(control->tasks[i].clock, i + 1, context);
	for (uint32_t i = 0; i < control->objects_used; i++) {
		const struct object *object =
			&control->objects[control->objects_touched[i]];
		visit(object->clock, object->key * 5 + 1, context);
		permits_each(object, visit, context);
	}
}

static void visit_snapshot(uint16_t slot, uint64_t name,
	void (*visit)(const uint32_t *, uint64_t, void *), void *context)
{
	if (slot)
		visit(control->snapshots[slot - 1], name, context);
}

/* Likewise those that only atomics have. */
static void each_own_clock(
	void (*visit)(const uint32_t *, uint64_t, void *), void *context)
{
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		const struct task *task = &control->tasks[i];
		if (task->state == TASK_FINISHED)
			continue;
		visit_snapshot(task->fence_acquires, 0x1000 + i, visit, context);
		visit_snapshot(task->fence_released, 0x2000 + i, visit, context);
	}
	for (uint32_t i = 0; i < control->locations_used; i++) {
		const struct location *location =
			&control->locations[control->locations_touched[i]];
		uint64_t rank = 0;
		for (uint32_t number = location->newest; number;
			number = store_at(number)->older)
			visit(store_at(number)->message, location->key * 7 + ++rank,
				context);
		for (uint32_t k = 0; k < control->result.tasks; k++)
			if (control->tasks[k].state != TASK_FINISHED)
				visit_snapshot(location->released[k],
					location->key * 11 + k, visit, context);
	}
	visit(known_at_fence(control->fences_used), 0x3000, context);
}

static uint64_t rank_of(const struct location *location, uint32_t wanted)
{
	uint64_t rank = 0;
	for (uint32_t number = location->newest; number != wanted;
		number = store_at(number)->older)
		rank++;
	return rank;
}

static void add_floors(const uint32_t *clock, uint64_t name, void *sum)
{
	for (uint32_t i = 0; i < control->locations_used; i++) {
		const struct location *location =
			&control->locations[control->locations_touched[i]];
		if (location->newest)
			*(uint64_t *)sum += control_mix(
				control_mix(name) ^ location->key ^
				rank_of(location, floor_of(location, clock)) << 48);
	}
}

uint64_t history_hash(void)
{
	uint64_t sum = 0;
	for (uint32_t i = 0; i < control->locations_used; i++) {
		const struct location *location =
			&control->locations[control->locations_touched[i]];
		uint64_t hash = location->key;
		for (uint32_t number = location->newest; number;
			number = store_at(number)->older)
			hash = control_mix(hash * 3 + store_at(number)->value * 4 +
					   store_at(number)->update * 2u +
					   store_at(number)->sequential);
		sum += hash;
	}
	each_clock(add_floors, &sum);
	each_own_clock(add_floors, &sum);
	return sum;
}

struct coverage {
	const struct record *record;
	uint64_t hash, sum;
};

static void add_coverage(const uint32_t *clock, uint64_t name, void *context)
{
	struct coverage *coverage = context;
	if (clock[coverage->record->task] >= coverage->record->clock)
		coverage->sum += control_mix(coverage->hash ^ control_mix(name));
}

uint64_t history_after(const struct record *record, uint64_t hash)
{
	struct coverage coverage = {.record = record, .hash = hash};
	each_own_clock(add_coverage, &coverage);
	return coverage.sum;
}
