/* SPDX-License-Identifier: MIT */
/* What the runtime finds wrong, written where the explorer reads it. */
#include "ipc.h"
#include "sync.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 2, 0))) static struct defect *defect_add(
	enum defect_kind kind, const char *format, va_list arguments)
{
	if (control->result.defects >= DEFECTS_MAX)
		return NULL;
	struct defect *defect = &control->defects[control->result.defects++];
	__builtin_memset(defect, 0, sizeof *defect);
	defect->kind = (uint16_t)kind;
	defect->task = (uint16_t)explore_self.index;
	defect->step = control->result.steps;
	if (explore_self.frame) {
		defect->pc = explore_self.frame->pc;
		callers_of(explore_self.frame, defect->callers);
	}
	explore_self.inside++;
	vsnprintf(defect->text, sizeof defect->text, format, arguments);
	explore_self.inside--;
	return defect;
}

bool detected(enum defect_kind kind)
{
	return control->request.detect >> kind & 1;
}

struct defect *defect_new(enum defect_kind kind, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	struct defect *defect = defect_add(kind, format, arguments);
	va_end(arguments);
	return defect;
}

void defect_fatal(enum defect_kind kind, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	if (control->result.defects >= DEFECTS_MAX)
		control->result.defects =
			DEFECTS_MAX - 1; /* the one that ends it is shown */
	defect_add(kind, format, arguments);
	va_end(arguments);
	outcome_keep();
	execution_end(ENDING_DEFECT);
}

/* Who sleeps on a condition stands before the mutex already, whether it was woken or not. */
static uint8_t waits_for(const struct operation *pending)
{
	bool asleep =
		pending->kind == STEP_COND_RELOCK && pending->address != pending->detail;
	return asleep ? STEP_COND_WAIT : pending->kind;
}

/* The task that has the lock, + 1; 0: none that lives. */
static uint16_t owner_of(uint64_t key)
{
	const struct object *object = object_find(key, false);
	return object && object->owner <= TASKS_MAX ? (uint16_t)object->owner : 0;
}

/* The last defect of an execution, for which there is always room: who has not finished, and
 * where each of them is. */
static void report_unfinished(enum defect_kind kind, const char *text)
	__attribute__((noreturn));
static void report_unfinished(enum defect_kind kind, const char *text)
{
	if (control->result.defects >= DEFECTS_MAX)
		control->result.defects = DEFECTS_MAX - 1;
	struct defect *defect = defect_new(kind, "%s", text);
	bool first = true;
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		const struct task *task = &control->tasks[i];
		if (task->state == TASK_FINISHED || defect->waiting_count >= 16)
			continue;
		if (first) {
			defect->task = (uint16_t)i;
			defect->pc = task->pending.pc;
			for (int c = 0; c < CALLERS_MAX; c++)
				defect->callers[c] = task->callers[c];
			defect->address = task->pending.address;
		}
		first = false;
		for (int c = 0; c < CALLERS_MAX; c++)
			defect->waiting_callers[defect->waiting_count][c] =
				task->callers[c];
		defect->waiting_kind[defect->waiting_count] = waits_for(&task->pending);
		defect->waiting_pc[defect->waiting_count] = task->pending.pc;
		defect->waiting_address[defect->waiting_count] = task->pending.address;
		defect->waiting_owner[defect->waiting_count] =
			owner_of(task->pending.address);
		defect->waiting[defect->waiting_count++] = (uint16_t)i;
	}
	outcome_keep();
	execution_end(ENDING_DEFECT);
}

static const uint64_t waits_to_be_asked =
	KIND(STEP_PIPE_READ) | KIND(STEP_ACCEPT) | KIND(STEP_RECEIVE) |
	KIND(STEP_MESSAGE_RECEIVE) | KIND(STEP_SEM_WAIT) | KIND(STEP_SET) |
	KIND(STEP_PAUSE) | KIND(STEP_SIGNAL_WAIT) | KIND(STEP_SIGNAL_READ);

/* Of several programs the last has ended, and the others wait for who may come next, as servers
 * do: somebody would end them then. */
static bool servers_wait(void)
{
	if (!control->programs_count ||
		control->result.programs_started < control->programs_count)
		return false;
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		const struct task *task = &control->tasks[i];
		uint32_t program = control->processes[task->process].program;
		if (task->state == TASK_FINISHED || !program)
			continue;
		if (program == control->programs_count ||
			!(waits_to_be_asked >> task->pending.kind & 1))
			return false;
	}
	return true;
}

/* As a shell tells the status of the last one. */
static int last_status(void)
{
	int status = 0;
	for (uint32_t i = 0; i < control->result.processes; i++) {
		const struct process *process = &control->processes[i];
		if (process->parent == 0 && process->program == control->programs_count)
			status = process->status;
	}
	return status >> 8 & 0xff;
}

void report_deadlock(bool livelock)
{
	if (!livelock && servers_wait()) {
		control->result.exit_status = last_status();
		outcome_keep();
		execution_end(ENDING_FINISHED);
	}
	if (livelock)
		report_unfinished(
			DEFECT_LIVELOCK, "tasks wait in loops for what nobody will do");
	report_unfinished(DEFECT_DEADLOCK, "nobody can go on");
}

void report_endless(void)
{
	char text[80];
	snprintf(text, sizeof text, "after %u steps it has not come to an end",
		control->request.max_steps);
	report_unfinished(DEFECT_LIVELOCK, text);
}

/* What can only be said when everybody has finished. */
void report_endings(void)
{
	uint32_t left = 0;
	for (uint32_t i = 1; i < control->result.processes; i++)
		left += !control->processes[i].waited;
	if (left) {
		struct defect *defect = defect_new(DEFECT_CHILDREN,
			"%u of the children were never waited for", left);
		if (defect)
			defect->pc = 0;
	}
	for (uint32_t i = 0; i < control->names_used; i++)
		if (control->names[i].linked) {
			struct defect *defect = defect_new(DEFECT_LEAK,
				"%s is left behind: it was never unlinked",
				control->names[i].name);
			if (defect)
				defect->pc = 0;
		}
	ipc_report_left();
	if (control->result.exit_status) {
		int status = control->result.exit_status;
		struct defect *defect =
			status & 0x7f ? defect_new(DEFECT_EXIT_STATUS,
						"the program was killed by signal %d "
						"(%s)",
						status & 0x7f, sigdescr_np(status & 0x7f))
				      : defect_new(DEFECT_EXIT_STATUS,
						"the program ended with status %d",
						status >> 8 & 0xff);
		if (defect)
			defect->pc = 0;
	}
}
