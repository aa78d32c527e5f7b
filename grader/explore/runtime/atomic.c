/* SPDX-License-Identifier: MIT */
/*
 * C11 atomics. The compiler leaves the operation itself to us; since one task runs at a time,
 * doing it is the easy part. What each memory order synchronises with follows C11 7.17.3:
 * a release store begins a new release sequence, an update carries on the one it finds.
 * Values are sequentially consistent until the explorer asks for RC11, which it does once it has
 * seen a weaker order than that: then history.c says what is read, and memory holds the newest
 * value.
 */
#include "history.h"
#include "protection.h"

/* Fences: one object collects what relaxed reads saw, one keeps what a fence released. */
static uint64_t fence_key(const char *which)
{
	return 3ull << 60 | (uint64_t)explore_self.index << 48 | (uint64_t)which;
}
static const char fence_reads[8], fence_releases[8];

static bool atomic_reachable(const volatile void *pointer)
{
	if (!explore_self.task || explore_self.inside)
		return false;
	access_guard(pointer, 1);
	return reachable((uintptr_t)pointer);
}

/* The step, taken; what it says of the order is there in all models. */
static void before(
	const volatile void *pointer, unsigned size, enum step_kind kind, int order)
{
	struct operation operation = operation_on(kind, pointer);
	operation.size = (uint16_t)size;
	operation.detail = (uint64_t)(order & 0xff) + 1;
	if (!order_is_sequential(order) && control->result.tasks > 1)
		control->result.weaker_orders = 1; /* alone, all orders are the same */
	operation.flags = FLAG_ATOMIC | (kind == STEP_ATOMIC_READ ? 0 : FLAG_WRITE);
	control->result.accesses++;
	if (control->request.protect) /* see announced_call() in announced.c */
		protection_announced(pointer, size, false);
	if (control->request.protect && kind != STEP_ATOMIC_READ)
		protection_announced(pointer, size, true);
	mapping_touched(operation.address, size);
	if (heap_freed((uintptr_t)pointer))
		defect_fatal(DEFECT_FREED, "memory is used after it was freed");
	if (stack_ended((uintptr_t)pointer))
		defect_fatal(DEFECT_FREED,
			"a thread's stack is used after the end of the thread");
	if (kind != STEP_ATOMIC_WRITE)
		yield_turn();
	point(&operation);
}

static void after_read(uint64_t key, unsigned size, int order, uint64_t value)
{
	own_step()->value = value;
	race_check(key, size, FLAG_ATOMIC, explore_self.frame->pc);
	if (control->request.rc11)
		return;
	if (order_acquires(order)) {
		object_acquire(key);
	} else {
		struct object *from = object_find(key, false);
		if (from)
			clock_join(object_find(fence_key(fence_reads), true)->clock,
				from->clock);
	}
}

static void after_write(
	uint64_t key, unsigned size, int order, uint64_t value, bool update)
{
	own_step()->value = value;
	race_check(key, size, FLAG_ATOMIC | FLAG_WRITE, explore_self.frame->pc);
	if (control->request.rc11)
		return;
	if (order_releases(order)) {
		if (update)
			object_release(key);
		else
			object_set(key);
		object_find(key, true)->owner = update ? 0 : explore_self.index + 1;
	} else {
		/* the task that began the release sequence carries it on */
		const struct object *sequence = object_find(key, false);
		if (!update && sequence && sequence->owner != explore_self.index + 1)
			object_forget(key);
		const struct object *fence =
			object_find(fence_key(fence_releases), false);
		if (fence)
			clock_join(object_find(key, true)->clock, fence->clock);
	}
}

/* An update that leaves the value as it was changed nothing that a loop could wait for. */
static void after_update(const volatile void *pointer, unsigned size, int order,
	uint64_t old, uint64_t new)
{
	if (control->request.rc11)
		history_update(pointer, size, order, new);
	after_read(canonical(pointer), size, order, old);
	after_write(canonical(pointer), size, order, new, true);
	if (old != new)
		changed();
}

/* What is read instead of `value`, which is the newest. */
static uint64_t loaded(
	const volatile void *pointer, unsigned size, int order, uint64_t value)
{
	if (control->request.rc11)
		value = history_load(pointer, size, order);
	after_read(canonical(pointer), size, order, value);
	return value;
}

/* True if memory is to hold the value. */
static bool stored(const volatile void *pointer, unsigned size, int order, uint64_t value,
	bool differs)
{
	bool newest =
		!control->request.rc11 || history_store(pointer, size, order, value);
	after_write(canonical(pointer), size, order, value, false);
	if (differs)
		changed();
	return newest;
}

/* True if the value was as expected and is to be replaced; else what was found instead. */
static bool compared(const volatile void *pointer, unsigned size,
	struct comparison *wanted, bool same, uint64_t value)
{
	wanted->found = value;
	if (control->request.rc11)
		same = history_compare(pointer, size, wanted);
	if (same)
		return true;
	own_step()->detail |= DETAIL_FAILED;
	after_read(canonical(pointer), size, wanted->failure, wanted->found);
	return false;
}

/* A lock of the assembly's is taken by an atomic instruction and often given back by a move,
 * which the processor orders like a release store. */
bool atomic_of_machine(const void *pointer, unsigned size)
{
	if (!atomic_reachable(pointer))
		return false;
	const struct object *object = object_find(canonical(pointer), false);
	return object && object->machine == size;
}

void atomic_update(void *pointer, unsigned size)
{
	explore_self.updated = atomic_reachable(pointer) ? pointer : NULL;
	if (!explore_self.updated)
		return;
	before(pointer, size, STEP_ATOMIC_UPDATE, __ATOMIC_SEQ_CST);
	explore_self.before[0] = explore_self.before[1] = 0;
	real.memcpy(explore_self.before, pointer, size);
}

/* One that compares first and finds something else has only read, as a fence does. */
void atomic_updated(unsigned size, bool conditional)
{
	uint64_t now[2] = {0, 0};
	void *pointer = explore_self.updated;
	if (!pointer)
		return;
	object_find(canonical(pointer), true)->machine = size;
	real.memcpy(now, pointer, size);
	int half = now[0] == explore_self.before[0];
	if (conditional && half && now[1] == explore_self.before[1]) {
		(void)loaded(pointer, size, __ATOMIC_SEQ_CST, now[0]);
	} else {
		/* The history of values is told of an update before it is made. */
		real.memcpy(pointer, explore_self.before, size);
		after_update(pointer, size, __ATOMIC_SEQ_CST, explore_self.before[half],
			now[half]);
		real.memcpy(pointer, now, size);
	}
}

/* The arguments are names of types and operands of one expression. */
/* NOLINTBEGIN(bugprone-macro-parentheses) */
#define NAMED_(bits, name) runtime___tsan_atomic##bits##_##name
#define NAMED(bits, name) NAMED_(bits, name)
#define UPDATE(bits, type, name, expression)                                             \
	type NAMED(bits, name)(volatile type * pointer, type value, int order);          \
	type NAMED(bits, name)(volatile type * pointer, type value, int order)           \
	{                                                                                \
		bool seen = atomic_reachable(pointer);                                   \
		if (seen)                                                                \
			before(pointer, bits / 8, STEP_ATOMIC_UPDATE, order);            \
		type old = *pointer;                                                     \
		type new = (type)(expression);                                           \
		if (seen)                                                                \
			after_update(pointer, bits / 8, order, (uint64_t)old,            \
				(uint64_t) new);                                         \
		*pointer = new;                                                          \
		return old;                                                              \
	}

#define COMPARE(bits, type, strength, may_fail)                                          \
	int NAMED(bits, compare_exchange_##strength)(volatile type * pointer,            \
		type * expected, type value, int order, int failure);                    \
	int NAMED(bits, compare_exchange_##strength)(volatile type * pointer,            \
		type * expected, type value, int order, int failure)                     \
	{                                                                                \
		bool seen = atomic_reachable(pointer);                                   \
		if (seen)                                                                \
			before(pointer, bits / 8, STEP_ATOMIC_UPDATE, order);            \
		type old = *pointer;                                                     \
		struct comparison wanted = {.expected = (uint64_t)*expected,             \
			.failure = failure,                                              \
			.weak = may_fail};                                               \
		bool same = old == *expected;                                            \
		if (seen)                                                                \
			same = compared(                                                 \
				pointer, bits / 8, &wanted, same, (uint64_t)old);        \
		if (!same) {                                                             \
			*expected = seen && bits <= 64 ? (type)wanted.found : old;       \
			return 0;                                                        \
		}                                                                        \
		if (seen)                                                                \
			after_update(pointer, bits / 8, order, (uint64_t)old,            \
				(uint64_t)value);                                        \
		*pointer = value;                                                        \
		return 1;                                                                \
	}

#define ATOMICS(bits, type)                                                              \
	type NAMED(bits, load)(const volatile type *pointer, int order);                 \
	type NAMED(bits, load)(const volatile type *pointer, int order)                  \
	{                                                                                \
		if (!atomic_reachable(pointer))                                          \
			return *pointer;                                                 \
		before(pointer, bits / 8, STEP_ATOMIC_READ, order);                      \
		type value = *pointer;                                                   \
		uint64_t low = loaded(pointer, bits / 8, order, (uint64_t)value);        \
		return bits <= 64 ? (type)low : value;                                   \
	}                                                                                \
	void NAMED(bits, store)(volatile type * pointer, type value, int order);         \
	void NAMED(bits, store)(volatile type * pointer, type value, int order)          \
	{                                                                                \
		if (atomic_reachable(pointer)) {                                         \
			before(pointer, bits / 8, STEP_ATOMIC_WRITE, order);             \
			if (!stored(pointer, bits / 8, order, (uint64_t)value,           \
				    *pointer != value))                                  \
				return;                                                  \
		}                                                                        \
		*pointer = value;                                                        \
	}                                                                                \
	COMPARE(bits, type, strong, false)                                               \
	COMPARE(bits, type, weak, true)                                                  \
	type NAMED(bits, compare_exchange_val)(volatile type * pointer, type expected,   \
		type value, int order, int failure);                                     \
	type NAMED(bits, compare_exchange_val)(volatile type * pointer, type expected,   \
		type value, int order, int failure)                                      \
	{                                                                                \
		NAMED(bits, compare_exchange_strong)                                     \
		(pointer, &expected, value, order, failure);                             \
		return expected;                                                         \
	}                                                                                \
	UPDATE(bits, type, exchange, value)                                              \
	UPDATE(bits, type, fetch_add, old + value)                                       \
	UPDATE(bits, type, fetch_sub, old - value)                                       \
	UPDATE(bits, type, fetch_and, old &value)                                        \
	UPDATE(bits, type, fetch_or, old | value)                                        \
	UPDATE(bits, type, fetch_xor, old ^ value)                                       \
	UPDATE(bits, type, fetch_nand, ~(old & value))

/* NOLINTEND(bugprone-macro-parentheses) */

ATOMICS(8, uint8_t)
ATOMICS(16, uint16_t)
ATOMICS(32, uint32_t)
ATOMICS(64, uint64_t)
__extension__ typedef unsigned __int128 uint128;
ATOMICS(128, uint128)

void runtime___tsan_atomic_thread_fence(int order)
{
	if (!explore_self.task)
		return;
	if (control->request.rc11) {
		if (order_is_sequential(order)) {
			struct operation operation = operation_at(STEP_FENCE, 0, NULL);
			point(&operation);
		}
		history_fence(order);
		return;
	}
	if (order_acquires(order))
		object_acquire(fence_key(fence_reads));
	if (order_releases(order))
		object_release(fence_key(fence_releases));
}

void runtime___tsan_atomic_signal_fence(int order)
{
	(void)order;
}
