/* SPDX-License-Identifier: MIT */
#include "explore/rungs.h"

#include "base/memory.h"
#include "explore/witness.h"

#include <mp/checker.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const step_names[STEP_KINDS] = {
	[STEP_NONE] = "?",
	[STEP_START] = "start",
	[STEP_READ] = "read",
	[STEP_WRITE] = "write",
	[STEP_ATOMIC_READ] = "atomic read",
	[STEP_ATOMIC_WRITE] = "atomic write",
	[STEP_ATOMIC_UPDATE] = "atomic update",
	[STEP_LOCK] = "lock",
	[STEP_TRY_LOCK] = "try",
	[STEP_UNLOCK] = "unlock",
	[STEP_READ_LOCK] = "read-lock",
	[STEP_COND_WAIT] = "wait on",
	[STEP_COND_RELOCK] = "woken, lock",
	[STEP_COND_SIGNAL] = "signal",
	[STEP_COND_BROADCAST] = "broadcast",
	[STEP_SEM_WAIT] = "wait on",
	[STEP_SEM_POST] = "post",
	[STEP_SEM_READ] = "look at",
	[STEP_BARRIER] = "reach barrier",
	[STEP_BARRIER_LEAVE] = "leave barrier",
	[STEP_ONCE] = "once",
	[STEP_CREATE] = "create",
	[STEP_JOIN] = "join",
	[STEP_FORK] = "fork",
	[STEP_WAIT_CHILD] = "wait for child",
	[STEP_EXIT] = "exit",
	[STEP_FUTEX_WAIT] = "futex wait",
	[STEP_FUTEX_WAKE] = "futex wake",
	[STEP_SLEEP] = "sleep",
	[STEP_YIELD] = "yield",
	[STEP_PIPE_READ] = "read pipe",
	[STEP_PIPE_WRITE] = "write pipe",
	[STEP_SIGNAL] = "send signal",
	[STEP_PAUSE] = "pause",
	[STEP_SIGNAL_WAIT] = "wait for signal",
	[STEP_SIGNAL_READ] = "look at signals",
	[STEP_SIGNAL_MASK] = "block signals",
	[STEP_STOPPED] = "stopped",
	[STEP_RELATIONS] = "parent or group",
	[STEP_SET] = "semaphore set",
	[STEP_FILE_READ] = "read file",
	[STEP_FILE_WRITE] = "write file",
	[STEP_FILE_LOCK] = "lock file",
	[STEP_NAME] = "file name",
	[STEP_BIND] = "bind",
	[STEP_LISTEN] = "listen on",
	[STEP_CONNECT] = "connect to",
	[STEP_ACCEPT] = "accept from",
	[STEP_SEND] = "send to socket",
	[STEP_RECEIVE] = "receive from socket",
	[STEP_MESSAGE_SEND] = "send message",
	[STEP_MESSAGE_RECEIVE] = "receive message",
	[STEP_DESTROY] = "destroy",
	[STEP_ITEM_END] = "end of item",
	[STEP_LIBRARY] = "library",
	[STEP_FENCE] = "fence (seq_cst)",
	[STEP_PICK] = "is woken",
	[STEP_PICK_VALUE] = "an older value",
	[STEP_PICK_POST] = "its post is taken from",
};

const char *step_name(unsigned kind)
{
	return kind < STEP_KINDS && step_names[kind] ? step_names[kind] : "?";
}

static bool has_value(const struct step *step)
{
	return step->kind >= STEP_READ && step->kind <= STEP_ATOMIC_UPDATE &&
	       step->size <= 8;
}

static const char *library_word(uint64_t operation)
{
	switch (operation) {
	case MP_CHECKER_EVENT_WAIT:
		return "wait for event";
	case MP_CHECKER_EVENT_SET:
		return "set event";
	case MP_CHECKER_EVENT_CLEAR:
		return "clear event";
	case MP_CHECKER_QUEUE_PUT:
		return "put into queue";
	case MP_CHECKER_QUEUE_GET:
		return "get from queue";
	case MP_CHECKER_POOL_SUBMIT:
		return "submit to pool";
	case MP_CHECKER_POOL_TAKE:
		return "take from pool";
	case MP_CHECKER_POOL_FINISH:
		return "finish for pool";
	case MP_CHECKER_POOL_COLLECT:
		return "collect from pool";
	default:
		return "library";
	}
}

static const char *step_word(const struct step *step)
{
	if (step->kind == STEP_LIBRARY)
		return library_word(step->detail);
	if (step->kind == STEP_COND_RELOCK && step->flags & FLAG_TIMED_OUT)
		return "time out on";
	if (step->kind == STEP_COND_RELOCK && step->flags & FLAG_EARLY)
		return "woken for no reason from";
	if (step->kind == STEP_ATOMIC_UPDATE && step->detail & DETAIL_FAILED)
		return "compare, no swap";
	return step_names[step->kind];
}

static bool is_atomic(const struct step *step)
{
	return step->kind >= STEP_ATOMIC_READ && step->kind <= STEP_ATOMIC_UPDATE;
}

/* The order of an atomic access; "" for the default. */
static const char *order_word(const struct step *step)
{
	static const char *const words[] = {"", " (relaxed)", " (consume)", " (acquire)",
		" (release)", " (acq_rel)", ""};
	uint64_t order = step->detail & DETAIL_ORDER;

	return is_atomic(step) && order < sizeof words / sizeof *words ? words[order]
								       : "";
}

static enum rung_kind rung_kind_of(const struct step *step)
{
	switch (step->kind) {
	case STEP_READ:
	case STEP_ATOMIC_READ:
		return RUNG_READ;
	case STEP_WRITE:
	case STEP_ATOMIC_WRITE:
		return RUNG_WRITE;
	case STEP_ATOMIC_UPDATE:
		return step->detail & DETAIL_FAILED ? RUNG_READ : RUNG_UPDATE;
	case STEP_LOCK:
	case STEP_TRY_LOCK:
	case STEP_READ_LOCK:
	case STEP_COND_RELOCK:
		return RUNG_LOCK;
	case STEP_UNLOCK:
		return RUNG_UNLOCK;
	default:
		return RUNG_OTHER;
	}
}

static bool in_vain(const struct step *step)
{
	return step->flags & FLAG_TIMED_OUT && step->kind != STEP_COND_RELOCK;
}

/* What the step does, to what, and the value of it. */
static void rung_say(struct rung *rung, const struct step *step, struct names *names)
{
	struct name object = {0};
	char value[40] = "";

	if (step->kind == STEP_JOIN) {
		task_name(
			names_trace(names), (uint32_t)step->detail, value, sizeof value);
		rung->deed = text_format("%s %s", step_names[step->kind], value);
		return;
	}
	if (step->address && step->kind != STEP_WAIT_CHILD)
		names_find(
			names, step->address, has_value(step) ? step->size : 0, &object);
	if (has_value(step)) {
		value_words(&object, step->value, step->size, value, sizeof value);
		rung->value = text_copy(value);
	}
	if (object.text[0])
		rung->object = text_copy(object.text);
	rung->deed = text_format("%s%s%s%s%s", step_word(step), object.text[0] ? " " : "",
		object.text, order_word(step), in_vain(step) ? " in vain" : "");
}

static void rung_place(struct rung *rung, struct symbols *symbols, uint64_t pc,
	const uint64_t callers[CALLERS_MAX])
{
	struct place place;

	if (!place_of(symbols, pc, callers, &place))
		return;
	const char *slash = strrchr(place.file, '/');
	rung->file = text_copy(slash ? slash + 1 : place.file);
	rung->function = text_copy(place.function);
	rung->line = place.line;
}

/* The locks that a task holds, in the order in which it took them. */
struct holding {
	uint64_t locks[HELD_MAX];
	uint32_t count;
};

static void holding_drop(struct holding *holding, const struct step *step)
{
	uint32_t at = holding->count - 1;

	for (uint32_t i = 0; i < holding->count; i++)
		if (holding->locks[i] == step->address ||
			holding->locks[i] == step->detail)
			at = i;
	memmove(&holding->locks[at], &holding->locks[at + 1],
		(holding->count - at - 1) * sizeof(*holding->locks));
	holding->count--;
}

/* `held` is what the task holds after the step, which the trace counts. */
static void holding_follow(
	struct holding *holding, const struct step *step, uint32_t held)
{
	if (held > step->held && holding->count < HELD_MAX)
		holding->locks[holding->count++] = step->address;
	else if (held < step->held && holding->count > 0)
		holding_drop(holding, step);
}

static char *holding_words(const struct holding *holding, struct names *names)
{
	struct buffer text = {0};

	for (uint32_t i = 0; i < holding->count; i++) {
		struct name name;
		names_find(names, holding->locks[i], 0, &name);
		buffer_print(&text, "%s%s", i ? ", " : "", name.text);
	}
	if (holding->count)
		return buffer_take(&text);
	return NULL;
}

/* Of each step, how many locks its task holds when it is done. */
static uint32_t *held_after(const struct trace *trace)
{
	uint32_t *after = memory_new((size_t)trace->result.steps + 1, sizeof *after);
	uint32_t next[TASKS_MAX];
	bool known[TASKS_MAX] = {false};

	for (uint32_t i = trace->result.steps; i-- > 0;) {
		const struct step *step = &trace->steps[i];
		enum rung_kind kind = rung_kind_of(step);
		if (known[step->task])
			after[i] = next[step->task];
		else if (kind == RUNG_LOCK && !(step->flags & FLAG_TIMED_OUT))
			after[i] = step->held + 1u;
		else
			after[i] = step->held - (kind == RUNG_UNLOCK && step->held > 0);
		next[step->task] = step->held;
		known[step->task] = true;
	}
	return after;
}

/* What is made of a finding, and from what. */
struct making {
	struct ladder *ladder;
	const struct trace *trace;
	struct symbols *symbols;
	struct names *names;
	uint32_t *steps; /* of each rung */
};

/* An older value than the newest was read, or put before it: which one was there. */
static char *older_words(const struct making *making, const struct step *step)
{
	uint64_t newer = step->detail >> DETAIL_STEP_SHIFT;
	struct name none = {0};
	char value[40], place[32] = "";

	if (!is_atomic(step) || !(step->detail & DETAIL_OLDER) || !newer ||
		newer > making->trace->result.steps)
		return NULL;
	const struct step *writer = &making->trace->steps[newer - 1];
	value_words(&none, writer->value, writer->size, value, sizeof value);
	for (uint32_t i = 0; i < making->ladder->rung_count; i++)
		if (making->steps[i] == newer - 1)
			snprintf(place, sizeof place, " in step %u",
				making->ladder->rungs[i].number);
	if (step->kind == STEP_ATOMIC_WRITE)
		return text_format("put before the %s written%s", value, place);
	return text_format("an older value: %s was written%s and need not be seen yet",
		value, place);
}

/* It only says that others came to their end. */
bool step_only_ends(uint8_t kind)
{
	return kind == STEP_JOIN || kind == STEP_WAIT_CHILD || kind == STEP_EXIT;
}

/* Of which tasks something is told: of those that do more than start others and wait for them;
 * of all, where that are less than two. */
static void find_actors(const struct making *making, bool actors[TASKS_MAX])
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < making->trace->result.steps; i++) {
		const struct step *step = &making->trace->steps[i];
		if (actors[step->task] || step_only_ends(step->kind) ||
			step_says_nothing(step, making->symbols))
			continue;
		actors[step->task] = true;
		count++;
	}
	for (uint32_t i = 0; i < TASKS_MAX && count < 2; i++)
		actors[i] = true;
}

static void add_steps(struct making *making, const struct finding *finding)
{
	const struct trace *trace = making->trace;
	bool actors[TASKS_MAX] = {false};
	struct holding *holding = memory_new(TASKS_MAX, sizeof *holding);
	uint32_t *after = held_after(trace);
	bool preempts = false; /* this step, or one before it that has no rung */

	find_actors(making, actors);
	for (uint32_t i = 0; i < trace->result.steps; i++) {
		const struct step *step = &trace->steps[i];
		holding_follow(&holding[step->task], step, after[i]);
		preempts |= step_is_preemption(step) && step->kind != STEP_PICK_VALUE;
		if (!actors[step->task] || step_says_nothing(step, making->symbols))
			continue;
		making->steps[making->ladder->rung_count] = i;
		struct rung *rung = ladder_add(making->ladder);
		rung->kind = rung_kind_of(step);
		rung->task = step->task;
		rung->number = making->ladder->rung_count;
		rung->address = step->address;
		rung->pc = step->pc;
		rung->preempts = preempts;
		rung->early = step->flags & FLAG_EARLY && step->flags & FLAG_TIMED_OUT;
		if (step->kind == STEP_COND_RELOCK && step->flags & FLAG_EARLY &&
			!rung->early)
			rung->note = text_copy("a spurious wake-up");
		preempts = false;
		if (!rung->note)
			rung->note = older_words(making, step);
		rung_say(rung, step, making->names);
		rung_place(rung, making->symbols, step->pc, step->callers);
		rung->held = holding_words(&holding[step->task], making->names);
		if (finding->repeats_from && !making->ladder->repeats_from &&
			i >= finding->repeats_from)
			making->ladder->repeats_from = making->ladder->rung_count;
	}
	free(after);
	free(holding);
}

/* The last step of the task at pc, or anywhere for 0, before the step: a rung, + 1. */
static uint32_t rung_before(
	const struct making *making, uint32_t step, uint32_t task, uint64_t pc)
{
	for (uint32_t i = making->ladder->rung_count; i-- > 0;)
		if (making->steps[i] < step && making->ladder->rungs[i].task == task &&
			(!pc || making->ladder->rungs[i].pc == pc))
			return i + 1;
	return 0;
}

/* The finding's defect, as this execution showed it. */
static const struct defect *defect_of(const struct finding *finding)
{
	const struct defect *same = NULL;

	for (uint32_t i = 0; i < finding->trace.result.defects; i++) {
		const struct defect *defect = &finding->trace.defects[i];
		if (defect->kind == finding->defect.kind &&
			(!same || defect->pc == finding->defect.pc))
			same = defect;
	}
	return same ? same : &finding->defect;
}

static void find_defect(struct making *making, const struct finding *finding)
{
	const struct defect *defect = defect_of(finding);
	struct ladder *ladder = making->ladder;

	if (!defect->pc || defect->waiting_count)
		return;
	if (defect->kind != DEFECT_RACE) {
		ladder->defect_rung = rung_before(making, defect->step, defect->task, 0);
		return;
	}
	ladder->defect_rung = rung_before(making, defect->step, defect->task, defect->pc);
	ladder->other_rung =
		rung_before(making, defect->step, defect->other_task, defect->other_pc);
}

static void add_wait(struct making *making, const struct defect *defect, int i)
{
	struct ladder *ladder = making->ladder;
	struct waiting *waiting = &ladder->waiting[ladder->waiting_count++];
	struct rung *rung = ladder_add(ladder);
	uint16_t owner = defect->waiting_owner[i];
	struct name object = {0};
	char holder[40] = "";

	*waiting = (struct waiting){.task = defect->waiting[i] % TASKS_MAX, .holder = -1};
	rung->kind = RUNG_WAIT;
	rung->task = waiting->task;
	rung_place(
		rung, making->symbols, defect->waiting_pc[i], defect->waiting_callers[i]);
	if (defect->waiting_address[i] && !step_only_ends(defect->waiting_kind[i]))
		names_find(making->names, defect->waiting_address[i], 0, &object);
	if (object.text[0]) {
		waiting->object = text_copy(object.text);
		rung->object = text_copy(object.text);
	}
	if (owner && owner <= making->trace->result.tasks) {
		waiting->holder = owner - 1;
		char name[16];
		task_name(making->trace, owner - 1u, name, sizeof name);
		snprintf(holder, sizeof holder,
			waiting->holder == (int)waiting->task ? ", which it holds itself"
							      : ", which %s holds",
			name);
	}
	rung->deed = text_format("waits: %s%s%s%s", step_name(defect->waiting_kind[i]),
		object.text[0] ? " " : "", object.text, holder);
}

static void add_waiting(struct making *making, const struct finding *finding)
{
	const struct defect *defect = defect_of(finding);
	int others = 0;

	if (finding->repeats_from)
		return;
	making->ladder->waiting = memory_new(16, sizeof(struct waiting));
	for (int i = 0; i < defect->waiting_count; i++)
		others += !step_only_ends(defect->waiting_kind[i]);
	/* Who only waits for others to end says nothing of why they do not. */
	for (int i = 0; i < defect->waiting_count; i++)
		if (!others || !step_only_ends(defect->waiting_kind[i]))
			add_wait(making, defect, i);
}

static void add_tasks(struct making *making)
{
	struct ladder *ladder = making->ladder;
	char name[16];

	ladder->task_count = making->trace->result.tasks;
	ladder->tasks = memory_new(TASKS_MAX, sizeof *ladder->tasks);
	/* A hostile trace may have steps of more tasks than it says. */
	for (uint32_t i = 0; i < making->ladder->rung_count; i++)
		if (ladder->rungs[i].task >= ladder->task_count)
			ladder->task_count = ladder->rungs[i].task + 1;
	for (uint32_t i = 0; i < ladder->task_count; i++) {
		task_name(making->trace, i, name, sizeof name);
		ladder->tasks[i].name = text_copy(name);
	}
}

static void add_said(
	struct ladder *ladder, const struct finding *finding, struct symbols *symbols)
{
	char *text = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		memory_exhausted();
	defect_print(stream, finding, symbols);
	fclose(stream);
	for (const char *line = text; *line;) {
		size_t length = strcspn(line, "\n");
		ladder_say(ladder, line, length);
		line += length + (line[length] == '\n');
	}
	free(text);
}

struct ladder *ladder_of(const struct finding *finding, struct symbols *symbols)
{
	const struct trace *trace = &finding->trace;
	struct making making = {.ladder = ladder_new(),
		.trace = trace,
		.symbols = symbols,
		.names = names_new(trace, symbols),
		.steps = memory_new((size_t)trace->result.steps + 1, sizeof(uint32_t))};
	struct ladder *ladder = making.ladder;

	ladder->kind = text_copy(defect_name(finding->defect.kind));
	ladder->preemptions = finding->preemptions;
	ladder->fewest = finding->fewest;
	add_said(ladder, finding, symbols);
	add_steps(&making, finding);
	find_defect(&making, finding);
	add_waiting(&making, finding);
	add_tasks(&making);
	ladder_fold(ladder);
	names_free(making.names);
	free(making.steps);
	return ladder;
}
