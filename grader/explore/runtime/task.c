/* SPDX-License-Identifier: MIT */
/* The tasks and processes of one execution: how they are made, wait for their turn and end. */
#include "files.h"
#include "ipc.h"
#include "signals.h"

#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>

__thread struct self explore_self;
struct own_process process_private;

void task_set_state(struct task *task, enum task_state state)
{
	uint32_t index = (uint32_t)(task - control->tasks);
	uint64_t bit = 1ull << (index % 64);
	if (task->state == TASK_SPINNING)
		control->spinning--;
	if (state == TASK_SPINNING)
		control->spinning++;
	if (state == TASK_READY && !control->processes[task->process].stopped)
		control->ready[index / 64] |= bit;
	else
		control->ready[index / 64] &= ~bit;
	if (state == TASK_READY)
		task->wait_key = 0;
	task->state = (uint8_t)state;
}

/* The first process of several programs at once starts them, in their order. */
static uint8_t program_of(uint32_t process, uint32_t parent)
{
	if (!control->programs_count || process == 0)
		return 0;
	return parent ? control->processes[parent].program
		      : (uint8_t)++control->result.programs_started;
}

uint32_t process_new(uint32_t parent)
{
	uint32_t index = control->result.processes;
	if (index >= TASKS_MAX)
		execution_full("processes");
	control->result.processes++;
	struct process *process = &control->processes[index];
	*process = (struct process){.parent = (uint16_t)parent,
		.alive = 1,
		.threads = 1,
		.program = program_of(index, parent),
		.group = index ? control->processes[parent].group : virtual_pid(0)};
	return index;
}

uint32_t task_new(uint32_t process, uint32_t parent)
{
	uint32_t index = control->result.tasks;
	if (index >= TASKS_MAX)
		execution_full("tasks");
	control->result.tasks++;
	struct task *task = &control->tasks[index];
	__builtin_memset(task, 0, sizeof *task);
	task->process = (uint16_t)process;
	task->parent = (uint16_t)parent;
	control->result.program_of[index] = control->processes[process].program;
	if (index != parent)
		for (uint32_t i = 0; i < index; i++)
			task->clock[i] = control->tasks[parent].clock[i];
	for (uint32_t i = 0; i < index; i++)
		control->tasks[i].clock[index] = 0;
	task->clock[index] = 1;
	strategy_created(task);
	task->pending.kind = STEP_START;
	task_set_state(task, TASK_READY);
	return index;
}

void task_adopt(uint32_t index)
{
	struct task *task = &control->tasks[index];
	explore_self.index = index;
	explore_self.task = task;
	task->os_id = (uint32_t)kernel(SYS_gettid, 0, 0, 0, 0, 0, 0);
	task->thread_block = (uint64_t)__builtin_thread_pointer();
}

void task_wait_turn(void)
{
	struct task *task = explore_self.task;
	struct timespec patience = {2, 0};
	while (!__atomic_load_n(&task->baton, __ATOMIC_ACQUIRE)) { /* with baton_give() */
		long result = kernel(SYS_futex, (long)&task->baton, FUTEX_WAIT, 0,
			(long)&patience, 0, 0);
		/* Nobody is left to end us if the server was killed. */
		if (result == -ETIMEDOUT &&
			kernel(SYS_kill, control->server, 0, 0, 0, 0, 0) == -ESRCH)
			kernel(SYS_exit_group, 0, 0, 0, 0, 0, 0);
	}
}

/* Those who wait for this key get on, and learn what it did. */
void wake_all(uint64_t key)
{
	for (uint32_t i = 0; i < control->result.tasks; i++)
		if (control->tasks[i].state == TASK_BLOCKED &&
			control->tasks[i].wait_key == key)
			make_ready(i);
}

/* As the kernel does for a lock of the library, by its list of robust futexes: what the
 * process itself has unmapped meanwhile, the kernel does not reach either. */
static void library_lock_died(const struct task *task, uint64_t key)
{
	if (!(key & REGION_FLAG))
		return; /* it died with the memory that only its process had */
	uint32_t *word = pointer_of(key);
	if (!word && task->process == explore_self.task->process)
		return;
	if (!word)
		execution_full("locks of a killed process that its killer sees");
	bool waited_for = *word & FUTEX_WAITERS;
	*word = (*word & FUTEX_WAITERS) | FUTEX_OWNER_DIED;
	if (waited_for && waiters(key))
		make_ready(pick_waiter(key));
}

/* The task is gone with what it held: robust locks say so to whoever takes them next. */
static void locks_left(struct task *task, bool killed)
{
	for (uint32_t i = 0; i < task->held_count && i < HELD_MAX; i++) {
		struct object *object = object_find(task->held[i], true);
		if (!killed && object->robust != ROBUST_MUTEX) {
			struct defect *defect =
				defect_new(DEFECT_HELD, "a lock is still held at exit");
			if (defect) {
				defect->pc = task->held_pc[i];
				defect->address = task->held[i];
				defect->task = (uint16_t)(task - control->tasks);
			}
		}
		if (!object->robust)
			continue;
		object->owner = OWNER_DEAD;
		clock_join(object->clock, task->clock);
		if (object->robust == ROBUST_LIBRARY)
			library_lock_died(task, task->held[i]);
		set_able(task->held[i], 1ull << STEP_LOCK | 1ull << STEP_COND_RELOCK,
			true);
	}
	task->held_count = 0;
	touched();
}

/* The calling thread is done with the student's code; its process lives on. */
void task_finish(void)
{
	struct task *task = explore_self.task;
	struct process *process = &control->processes[task->process];
	locks_left(task, false);
	object_release(canonical(task));
	changed();
	wake_all(canonical(task));
	process->threads--;
	process_private.threads--;
	if (!process->threads)
		process_finish(0);
	leave(LEAVE_THREAD);
}

/*
 * A futex may wake its sleepers for no reason. The library's look again now and then by
 * themselves, for somebody may have died: a killed process may have taken a wake-up with it,
 * and an owner of workers has to see their ends. In the model sleepers look when that
 * happens, or, the parent, before it sleeps next.
 */
static void sleepers_look_again(uint32_t parent, bool killed)
{
	bool parent_sleeps = false;
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		const struct task *task = &control->tasks[i];
		if (task->state != TASK_BLOCKED || task->pending.kind != STEP_FUTEX_WAIT)
			continue;
		if (killed || task->process == parent)
			make_ready(i);
		parent_sleeps |= task->process == parent;
	}
	control->processes[parent].child_ended = !parent_sleeps;
}

/* The status of a process that has ended reaches whoever waits for it. */
static void process_ended(uint32_t index, int status)
{
	struct process *process = &control->processes[index];
	bool killed = (status & 0x7f) != 0;
	process->alive = 0;
	process->stopped = 0;
	process->stop_news = process->continue_news = 0;
	timers_drop(index);
	signals_drop(index);
	undo_all(index);
	segments_leave(index);
	descriptors_leave(index);
	locks_leave(index);
	process->status = status;
	process->hash = 0;
	process->threads = 0;
	object_release(canonical(process));
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		struct task *task = &control->tasks[i];
		if (task->process != index || task->state == TASK_FINISHED)
			continue;
		locks_left(task, killed || i != explore_self.index);
		clock_join(object_find(canonical(process), true)->clock, task->clock);
		if (i != explore_self.index)
			task_set_state(task, TASK_FINISHED);
	}
	changed();
	for (uint32_t i = 1; i < control->result.processes; i++)
		if (control->processes[i].parent == index &&
			control->processes[i].alive &&
			control->processes[i].parent_death_signal)
			signal_send(&(struct pending_signal){.process = (uint16_t)i,
				.number = control->processes[i].parent_death_signal});
	if (!index)
		return;
	child_news(index, killed ? CLD_KILLED : CLD_EXITED,
		killed ? status & 0x7f : status >> 8 & 0xff);
	sleepers_look_again(process->parent, killed);
}

/* Ends the calling process, all its threads with it. */
void process_finish(int status)
{
	uint32_t index = process_private.process;
	value_settle();
	if (control->request.hash_from != UINT32_MAX)
		state_keep_regions();
	if (!(status & 0x7f))
		mappings_left();
	pipes_leave();
	if (!index)
		control->result.exit_status = status;
	outcome_keep_own();
	process_ended(index, status);
	/* The server waits for the first process, which therefore outlives the rest. */
	leave(index ? LEAVE_PROCESS : LEAVE_ASLEEP);
}

/* Ends the other process for real, and returns when its descriptors are closed. */
static void really_kill(uint32_t os_id)
{
	struct pollfd gone = {.events = POLLIN};
	gone.fd = (int)kernel(SYS_pidfd_open, os_id, 0, 0, 0, 0, 0);
	kernel(SYS_kill, os_id, SIGKILL, 0, 0, 0, 0);
	if (gone.fd < 0)
		return;
	while (real.poll(&gone, 1, -1) < 0)
		;
	real.close(gone.fd);
	pipes_changed();
}

/* Another process dies by a signal of this one. */
void process_killed(uint32_t index, int status)
{
	const struct process *process = &control->processes[index];
	if (!process->alive)
		return;
	if (index)
		really_kill(process->os_id);
	else
		control->result.exit_status = status;
	process_ended(index, status);
}
