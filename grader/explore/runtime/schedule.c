/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. Every task that is not running has said what it will do next
 * (`pending`) and sleeps on its baton. The running task comes here when it has reached its
 * own next step. It decides which pending step is taken now, logs that step, and passes the
 * baton if the step is another's; the chosen task returns from task_wait_turn() and does it.
 * So a step without a switch is some memory traffic and no system call.
 *
 * A task whose step cannot be taken (the lock is held) is BLOCKED and is made READY by the
 * step that changes this; what is READY is thus exactly what could run, which is what the
 * search on the other side needs to know. Time passes when nobody could run; and since steps
 * may take any time, a wait with a deadline may also give up while others could run. That is
 * a choice as well, which counts like a preemption, some times in a row at most: a loop that
 * tries again and again learns nothing new as long as nobody else changes anything.
 *
 * Releases (unlock, post) only move to the left past the steps of other tasks, so that
 * stopping before them shows nothing new (Lipton, "Reduction", CACM 1975): they are noted,
 * without a decision, unless every_release asks for it.
 */
#include "signals.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>

enum { EXPIRIES_IN_A_ROW = 3, STEPS_AT_ONCE = 1024, TURNS_OF_TIMERS = 1024 };

static bool in_set(const uint64_t *set, uint32_t index)
{
	return set[index / 64] >> (index % 64) & 1;
}

/* In so many words of a set there can be tasks. */
static uint32_t words_used(void)
{
	return (control->result.tasks + 63) / 64;
}

static uint32_t set_count(const uint64_t *set)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < words_used(); i++)
		for (uint64_t left = set[i]; left; left &= left - 1)
			count++;
	return count;
}

static bool set_empty(const uint64_t *set)
{
	uint64_t some = 0;
	for (uint32_t i = 0; i < words_used(); i++)
		some |= set[i];
	return !some;
}

uint64_t random_next(void)
{
	uint64_t *s = control->random; /* splitmix64 */
	uint64_t z = (s[0] += 0x9e3779b97f4a7c15ull);
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

/* Return addresses up the chain of frame pointers, as far as it is plausible. */
void callers_of(const struct frame *frame, uint64_t callers[CALLERS_MAX])
{
	const struct task *task = explore_self.task;
	uint64_t below = (uint64_t)frame, link = frame->rbp;
	for (int i = 0; i < CALLERS_MAX; i++) {
		callers[i] = 0;
		if (link <= below || link + 16 > task->stack_top || link % 8 ||
			link - below >= STACK_MOST)
			continue;
		const uint64_t *record = (const uint64_t *)link;
		callers[i] = record[1];
		below = link;
		link = record[0];
	}
}

struct operation operation_at(
	enum step_kind kind, uint64_t key, const volatile void *pointer)
{
	struct operation operation = {.address = key,
		.pc = explore_self.frame->pc,
		.pointer = (uint64_t)pointer,
		.kind = (uint8_t)kind};
	return operation;
}

struct operation operation_on(enum step_kind kind, const volatile void *object)
{
	return operation_at(kind, canonical(object), object);
}

/* A write's value is there only once the program has done it: it is read at the next entry. */
void value_settle(void)
{
	struct task *task = explore_self.task;
	if (!task->last_write)
		return;
	struct step *step = &control->steps[task->last_write - 1];
	const unsigned char *from = (const unsigned char *)task->pending.pointer;
	step->value = 0;
	for (unsigned i = 0; i < step->size && i < 8; i++)
		step->value |= (uint64_t)from[i] << (8 * i);
	task->last_write = 0;
}

struct step *own_step(void)
{
	struct step *step = &control->steps[control->result.steps - 1];
	while (step->kind == STEP_PICK_VALUE)
		step--; /* what was read is a part of the access */
	return step;
}

/* Part by part, as it was written: a wider load would have to wait for all those stores. */
static void operation_copy(struct operation *to, const struct operation *from)
{
	to->address = from->address;
	to->pc = from->pc;
	to->pointer = from->pointer;
	to->detail = from->detail;
	to->size = from->size;
	__asm__ volatile("" ::: "memory"); /* the compiler would join these */
	to->kind = from->kind;
	__asm__ volatile("" ::: "memory");
	to->flags = from->flags;
}

/* The pages of the trace that come next, in one go: one fault for each would cost as much as
 * the steps in it. Older kernels refuse. */
static void steps_populate(const struct step *next)
{
	uintptr_t start = ((uintptr_t)next + 4095) & ~4095ull;
	kernel(SYS_madvise, (long)start, STEPS_AT_ONCE * sizeof *next,
		MADV_POPULATE_WRITE, 0, 0, 0);
}

static bool somebody_is_timed(void)
{
	if (timers_next() != UINT64_MAX)
		return true;
	for (uint32_t i = 0; control->timed && i < control->result.tasks; i++)
		if (control->tasks[i].state == TASK_BLOCKED && control->tasks[i].deadline)
			return true;
	return false;
}

static struct step *log_step(uint32_t next, const uint64_t *enabled,
	const uint64_t *expiring, uint32_t count, unsigned flags)
{
	if (control->result.steps >= control->request.max_steps) {
		if (control->request.endless)
			report_endless();
		execution_end(ENDING_CAPPED);
	}
	struct step *step = &control->steps[control->result.steps];
	if (control->result.steps % STEPS_AT_ONCE == STEPS_AT_ONCE - 1)
		steps_populate(step + 1);
	const struct task *task = &control->tasks[next];
	const struct operation *pending = &task->pending;
	uint32_t previous = control->running;
	step->pc = pending->pc;
	for (int i = 0; control->request.want_values && i < CALLERS_MAX; i++)
		step->callers[i] = task->callers[i];
	step->address = pending->address;
	step->value = 0;
	step->enabled = enabled[0];
	step->expiring = expiring[0];
	step->enabled_count = count;
	step->state = 0;
	step->detail = pending->detail;
	step->task = (uint16_t)next;
	step->previous = (uint16_t)previous;
	step->size = pending->size;
	step->kind = pending->kind;
	step->flags = (uint8_t)(pending->flags | flags |
				(task->timed_out ? FLAG_TIMED_OUT : 0));
	step->held = (uint16_t)task->held_count;
	step->effects = somebody_is_timed() ? EFFECT_TIMED : 0;
	if (count > 1 && control->result.steps >= control->request.hash_from)
		step->state = state_hash();
	control->result.steps++;
	return step;
}

/* A step that is no choice. */
static void log_alone(uint32_t index)
{
	uint64_t only[CLOCK_WORDS] = {0}, none[CLOCK_WORDS] = {0};
	only[index / 64] = 1ull << (index % 64);
	log_step(index, only, none, 1, 0);
}

static void baton_give(uint32_t index)
{
	struct task *task = &control->tasks[index];
	control->result.switches++;
	__atomic_store_n(&task->baton, 1, __ATOMIC_RELEASE); /* with task_wait_turn() */
	kernel(SYS_futex, (long)&task->baton, FUTEX_WAKE, 1, 0, 0, 0);
}

/* The clock has moved on: deadlines that lie behind it have passed. */
bool time_advance(uint64_t time)
{
	bool some = false;
	if (control->time < time)
		control->time = time;
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		struct task *task = &control->tasks[i];
		if (task->state != TASK_BLOCKED || !task->deadline)
			continue;
		if (task->deadline == WHEN_STUCK ? time != WHEN_STUCK
						 : task->deadline > control->time)
			continue;
		task->timed_out = 1;
		make_ready(i);
		some = true;
	}
	return (time != WHEN_STUCK && timers_fire()) || some;
}

/* Nobody can run: the time of the earliest deadline comes. */
static bool time_passes(void)
{
	uint32_t first = TASKS_MAX;
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		const struct task *task = &control->tasks[i];
		if (task->state != TASK_BLOCKED || !task->deadline)
			continue;
		if (first == TASKS_MAX || task->deadline < control->tasks[first].deadline)
			first = i;
	}
	uint64_t next = timers_next();
	if (first == TASKS_MAX && next == UINT64_MAX)
		return false;
	if (first == TASKS_MAX || next < control->tasks[first].deadline)
		time_advance(next);
	else
		time_advance(control->tasks[first].deadline);
	return true;
}

/* Early expiries since another task last changed something. */
uint32_t expiries_used(const struct task *task)
{
	return task->expired_changes == control->changes - task->own_changes
		       ? task->expired_count
		       : 0;
}

/* When the task's wait ends by itself, or by a timer's signal; 0: it does not. */
static uint64_t wait_ends(uint32_t index)
{
	uint64_t deadline = control->tasks[index].deadline, timer = timer_of(index);
	if (deadline <= WHEN_STUCK)
		return timer;
	return timer && timer < deadline ? timer : deadline;
}

/* POSIX lets a wait for a condition end for no reason. */
static bool sleeps_on_condition(const struct task *task)
{
	return task->state == TASK_BLOCKED && task->pending.kind == STEP_COND_RELOCK &&
	       task->pending.address != task->pending.detail;
}

/* Once, until another task has changed something. */
static bool may_wake_for_no_reason(const struct task *task)
{
	return sleeps_on_condition(task) && !task->deadline && !expiries_used(task);
}

/* The waits that may give up although somebody can run. */
static void find_expiring(uint64_t *set)
{
	for (int i = 0; i < CLOCK_WORDS; i++)
		set[i] = 0;
	for (uint32_t i = 0; control->timed && i < control->result.tasks; i++) {
		const struct task *task = &control->tasks[i];
		if (task->state != TASK_BLOCKED ||
			control->processes[task->process].stopped)
			continue;
		if ((wait_ends(i) && expiries_used(task) < EXPIRIES_IN_A_ROW) ||
			may_wake_for_no_reason(task))
			set[i / 64] |= 1ull << (i % 64);
	}
}

static unsigned early_flags(uint32_t index)
{
	return FLAG_EARLY | (wait_ends(index) ? FLAG_TIMED_OUT : 0);
}

static void expire(uint32_t index)
{
	struct task *task = &control->tasks[index];
	task->expired_count = expiries_used(task) + 1;
	task->expired_changes = control->changes - task->own_changes;
	if (wait_ends(index))
		time_advance(wait_ends(index));
	else
		make_ready(index);
}

/* In samples, some waits lose patience after a number of decisions. */
static uint32_t out_of_patience(const uint64_t *expiring)
{
	uint32_t found = TASKS_MAX;
	for (uint32_t i = 0; control->timed && i < control->result.tasks; i++) {
		struct task *task = &control->tasks[i];
		if (in_set(expiring, i) && task->patience && !--task->patience &&
			found == TASKS_MAX)
			found = i;
	}
	return found;
}

/* Nobody can run. Nothing is wrong when everybody has finished. */
static void stuck(void)
{
	uint32_t unfinished = 0, spinning = 0;
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		unfinished += control->tasks[i].state != TASK_FINISHED;
		spinning += control->tasks[i].state == TASK_SPINNING;
	}
	if (unfinished)
		report_deadlock(spinning > 0);
	report_endings();
	outcome_keep();
	execution_end(ENDING_FINISHED);
}

/* Yielded tasks stand back as long as there are others. */
static void find_candidates(uint64_t *set)
{
	uint64_t eager[CLOCK_WORDS];
	for (int i = 0; i < CLOCK_WORDS; i++)
		eager[i] = set[i] = control->ready[i];
	for (uint32_t i = 0; i < control->result.tasks; i++)
		if (control->tasks[i].yielded)
			eager[i / 64] &= ~(1ull << (i % 64));
	if (!set_empty(eager))
		for (int i = 0; i < CLOCK_WORDS; i++)
			set[i] = eager[i];
}

static uint32_t planned(const uint64_t *enabled, uint32_t otherwise, bool *followed)
{
	uint32_t index = control->result.steps;
	*followed = false;
	if (index >= control->request.plan_length || control->plan[index] == PLAN_FREE)
		return otherwise;
	uint32_t wanted = control->plan[index];
	if (wanted < TASKS_MAX && in_set(enabled, wanted)) {
		*followed = true;
		return wanted;
	}
	if (!control->request.lenient) {
		control->result.diverged_at = index;
		execution_end(ENDING_DIVERGED);
	}
	return otherwise;
}

/* Everybody who can run only goes round in a loop. */
static bool all_stand_back(void)
{
	for (uint32_t i = 0; i < control->result.tasks; i++)
		if (in_set(control->ready, i) && !control->tasks[i].yielded)
			return false;
	return true;
}

/* What a task can do at once, since nothing that another may do comes in its way or sees
 * whether it was done: start, and return from a join. */
static bool is_silent(const struct task *task)
{
	const struct operation *pending = &task->pending;
	return pending->kind == STEP_START ||
	       (pending->kind == STEP_JOIN && !task->deadline &&
		       control->tasks[pending->detail].state == TASK_FINISHED);
}

/* A task that goes on at once: when it does is no choice (a persistent set of one: Godefroid,
 * LNCS 1032, 1996). TASKS_MAX: there is none. */
static uint32_t silent_task(void)
{
	for (uint32_t i = 0; i < control->result.tasks && !control->request.every_turn;
		i++)
		if (in_set(control->ready, i) && is_silent(&control->tasks[i]))
			return i;
	return TASKS_MAX;
}

static uint32_t go_on(uint32_t silent)
{
	if (!control->stood_by)
		control->stood_by = control->running + 1;
	log_alone(silent);
	strategy_stepped(silent);
	control->running = silent;
	return silent;
}

static uint32_t choose_next(void)
{
	uint32_t silent = silent_task();
	if (silent != TASKS_MAX)
		return go_on(silent);
	if (control->stood_by) /* the tasks that went on were no choice of its turn */
		control->running = control->stood_by - 1;
	control->stood_by = 0;
	for (uint32_t turns = 0; set_empty(control->ready); turns++)
		if (turns > TURNS_OF_TIMERS || !time_passes())
			stuck(); /* a timer may go off for ever and help nobody */
	if (timers_next() != UINT64_MAX && all_stand_back())
		time_advance(timers_next());
	uint64_t candidates[CLOCK_WORDS], expiring[CLOCK_WORDS], open[CLOCK_WORDS];
	uint32_t previous = control->running;
	bool could_stay = in_set(control->ready, previous);
	bool free_switch = control->tasks[previous].yielded;
	bool followed;
	find_expiring(expiring);
	for (int i = 0; i < CLOCK_WORDS; i++)
		open[i] = control->ready[i] | expiring[i];
	uint32_t next = planned(open, TASKS_MAX, &followed);
	if (next == TASKS_MAX)
		next = out_of_patience(expiring);
	if (next == TASKS_MAX) {
		find_candidates(candidates);
		next = strategy_choose(previous, candidates);
	}
	bool early = in_set(expiring, next);
	if (early || (next != previous && could_stay && !free_switch))
		control->result.preemptions++;
	log_step(next, control->ready, expiring, set_count(open),
		(free_switch ? FLAG_FREE_SWITCH : 0) | (early ? early_flags(next) : 0));
	if (early)
		expire(next);
	struct task *task = &control->tasks[next];
	if (next != previous)
		for (uint32_t i = 0; i < control->result.tasks; i++)
			control->tasks[i].yielded = 0;
	if (set_count(open) > 1)
		task->yielded = 0;
	strategy_stepped(next);
	control->running = next;
	return next;
}

static void pass_baton(uint32_t next)
{
	if (control->request.hash_from != UINT32_MAX) {
		state_keep_process();
		state_keep_regions();
	}
	struct task *task = explore_self.task;
	__atomic_store_n(&task->baton, 0, __ATOMIC_RELAXED);
	baton_give(next);
	task_wait_turn();
	explore_self.left_behind = 1;
}

static void take_turn(void)
{
	uint32_t next = choose_next();
	if (next != explore_self.index)
		pass_baton(next);
	if (control->pending_used)
		signals_deliver();
}

static void timed_wait_begins(struct task *task)
{
	control->timed = 1;
	task->pending.flags |= FLAG_TIMED;
	if (control->request.strategy != STRATEGY_FIRST)
		task->patience = random_next() % 4 ? 0 : 1 + random_next() % 16;
}

/* For a witness: where the step comes from, and what its memory is called. */
static void note_origin(struct task *task)
{
	if (!control->request.want_values)
		return;
	callers_of(explore_self.frame, task->callers);
	pointers_note(&task->pending);
}

void arrive_until(const struct operation *operation, bool able, uint64_t deadline)
{
	struct task *task = explore_self.task;
	loop_left();
	value_settle();
	operation_copy(&task->pending, operation);
	task->timed_out = 0;
	task->interruption = NOT_INTERRUPTED;
	task->deadline = deadline;
	if (deadline > WHEN_STUCK || (!able && timer_of(explore_self.index)))
		timed_wait_begins(task);
	task->error_number = errno;
	state_note_frame(task);
	note_origin(task);
	strategy_arrived(task);
	if (cancellation_due((enum step_kind)operation->kind))
		able = true; /* it does not wait any more */
	if (!able && deadline > WHEN_STUCK && deadline <= control->time) {
		task->timed_out = 1; /* before it has begun to wait */
	} else if (!able) {
		task->wait_key = operation->address;
		task->wait_order = ++control->wait_order;
		task_set_state(task, TASK_BLOCKED);
	}
	take_turn();
	task->deadline = 0;
	cancellation_point((enum step_kind)operation->kind);
}

void arrive(const struct operation *operation, bool able)
{
	arrive_until(operation, able, 0);
}

void point(const struct operation *operation)
{
	arrive_until(operation, true, 0);
}

/* The step is logged, but nobody is given the chance to come before it. */
void note(const struct operation *operation)
{
	if (control->request.every_release) {
		point(operation);
		return;
	}
	struct task *task = explore_self.task;
	loop_left();
	value_settle();
	operation_copy(&task->pending, operation);
	task->timed_out = 0;
	note_origin(task);
	log_alone(explore_self.index);
	strategy_stepped(explore_self.index);
}

/* Waits inside an operation until somebody makes this task ready: true; false: timed out. */
bool block(enum step_kind kind, uint64_t key, uint64_t deadline)
{
	struct operation operation = operation_at(kind, key, NULL);
	arrive_until(&operation, false, deadline);
	return !explore_self.task->timed_out;
}

/* Hands on for the last time; then the thread, or its process, ends or sleeps for good. */
void leave(enum leaving leaving)
{
	struct task *task = explore_self.task;
	value_settle();
	task_set_state(task, TASK_FINISHED);
	uint32_t next = choose_next();
	if (control->request.hash_from != UINT32_MAX && leaving == LEAVE_THREAD)
		state_keep_process();
	__atomic_store_n(&task->baton, 0, __ATOMIC_RELAXED);
	baton_give(next);
	if (leaving == LEAVE_ASLEEP)
		task_wait_turn();
	kernel(leaving == LEAVE_THREAD ? SYS_exit : SYS_exit_group, 0, 0, 0, 0, 0, 0);
	__builtin_unreachable();
}

void make_ready(uint32_t index)
{
	struct task *task = &control->tasks[index];
	if (task->state != TASK_FINISHED)
		task_set_state(task, TASK_READY);
}

/* Sleeps until it is woken. A lock of the library and the futex in it have one address, but
 * one that stands before the lock does not sleep on the futex: it must not take the wake-up
 * of one that does. */
static bool sleeps_on(const struct task *task, uint64_t key)
{
	return task->state == TASK_BLOCKED && task->wait_key == key &&
	       task->pending.kind != STEP_LOCK;
}

uint32_t waiters(uint64_t key)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < control->result.tasks; i++)
		count += sleeps_on(&control->tasks[i], key);
	return count;
}

/* The newest value is the default. An older one costs what a preemption costs. */
uint32_t pick_value(uint32_t count)
{
	uint64_t newest[CLOCK_WORDS] = {1}, older[CLOCK_WORDS] = {0},
		 all[CLOCK_WORDS] = {0};
	uint32_t otherwise = 0;
	bool followed;
	all[0] = count < 64 ? (1ull << count) - 1 : UINT64_MAX;
	older[0] = all[0] & ~1ull;
	if (control->request.strategy != STRATEGY_FIRST &&
		control->request.strategy != STRATEGY_DIRECTED && random_next() % 4 == 0)
		otherwise = 1 + (uint32_t)(random_next() % (count - 1));
	uint32_t chosen = planned(all, otherwise, &followed);
	struct step *step = log_step(chosen, newest, older, count, 0);
	step->kind = STEP_PICK_VALUE;
	step->flags = (uint8_t)(FLAG_FREE_SWITCH | (chosen ? FLAG_EARLY : 0));
	step->pc = explore_self.frame->pc;
	step->address = step->detail = 0;
	step->size = 0;
	if (chosen)
		control->result.preemptions++;
	return chosen;
}

/* One of several tasks, for what the step just taken leaves open. */
uint32_t pick_among(
	enum step_kind kind, uint64_t key, const uint64_t *set, uint32_t otherwise)
{
	uint32_t count = set_count(set);
	if (control->request.strategy != STRATEGY_FIRST &&
		control->request.strategy != STRATEGY_DIRECTED)
		for (uint64_t skip = random_next() % count; skip > 0; skip--)
			do
				otherwise = (otherwise + 1) % TASKS_MAX;
			while (!in_set(set, otherwise));
	bool followed;
	uint32_t chosen = planned(set, otherwise, &followed);
	uint64_t none[CLOCK_WORDS] = {0};
	struct step *step = log_step(chosen, set, none, count, FLAG_FREE_SWITCH);
	step->kind = (uint8_t)kind;
	step->address = key;
	return chosen;
}

/*
 * Which of those that wait for the key is woken is a decision like any other: POSIX leaves
 * it open. TASKS_MAX: nobody waits.
 */
uint32_t pick_waiter(uint64_t key)
{
	uint64_t set[CLOCK_WORDS] = {0};
	uint32_t first = TASKS_MAX, count = 0;
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		const struct task *task = &control->tasks[i];
		if (!sleeps_on(task, key))
			continue;
		set[i / 64] |= 1ull << (i % 64);
		count++;
		if (first == TASKS_MAX ||
			task->wait_order < control->tasks[first].wait_order)
			first = i;
	}
	return count < 2 ? first : pick_among(STEP_PICK, key, set, first);
}

/* Something that others may wait for in a loop has changed, for now at least. */
void touched(void)
{
	control->changes++;
	explore_self.task->own_changes++;
	if (control->result.steps && own_step()->task == explore_self.index)
		own_step()->effects |= EFFECT_CHANGED;
	if (!control->spinning)
		return;
	for (uint32_t i = 0; i < control->result.tasks; i++)
		if (control->tasks[i].state == TASK_SPINNING)
			make_ready(i);
}

void changed(void)
{
	explore_self.task->quiet = 0;
	touched();
}
