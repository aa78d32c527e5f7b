/* SPDX-License-Identifier: MIT */
/*
 * System V semaphore sets. The model lies in the control memory and not in the kernel: so it is
 * part of each state, is gone with the execution, and who could go on is known at each step.
 * A task that stands before its operations has them in the task table; whoever changes a set
 * looks which of its waiters could do all of theirs now, and makes exactly those ready.
 *
 * To raise a value orders what came before it ahead of those who lower it afterwards; to lower
 * it, ahead of those who wait for zero. SETVAL and SETALL raise.
 */
#include "ipc.h"
#include "signals.h"

#include <errno.h>
#include <stdarg.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <time.h>

enum { VALUE_MOST = 32767 };

static const struct ipc_table set_table = {
	&((struct control_memory *)CONTROL_ADDRESS)->sets[0].name,
	sizeof(struct semaphore_set), SETS_MAX, "semaphore sets"};

/* Objects of happens-before: the key is the set, raised at it, lowered beside it. */
static uint64_t set_key(const struct semaphore_set *set)
{
	return (uint64_t)set;
}

static uint64_t raised_key(const struct semaphore_set *set, unsigned number)
{
	return (uint64_t)&set->values[number];
}

static uint64_t lowered_key(const struct semaphore_set *set, unsigned number)
{
	return (uint64_t)&set->last_pid[number];
}

/* The operation that stands in the way, or the count if there is none. */
static unsigned set_try(const struct semaphore_set *set,
	const struct set_operation *operations, unsigned count, uint16_t *values)
{
	__builtin_memcpy(values, set->values, sizeof set->values);
	for (unsigned i = 0; i < count; i++) {
		uint16_t *value = &values[operations[i].number];
		int after = *value + operations[i].change;
		if (operations[i].change ? after < 0 : *value != 0)
			return i;
		*value = (uint16_t)after;
	}
	return count;
}

static bool set_open(const struct task *task)
{
	const struct semaphore_set *set =
		(const struct semaphore_set *)task->pending.address;
	uint16_t values[SET_SEMAPHORES];
	return !set->name.used || task->pending.detail != set->name.life ||
	       set_try(set, task->set_operations, task->set_operations_count, values) ==
		       task->set_operations_count;
}

static void set_changed(const struct semaphore_set *set)
{
	set_able_by(set_key(set), STEP_SET, set_open);
	changed();
}

int runtime_semget(key_t key, int count, int flags)
{
	bool created;
	struct operation operation =
		operation_at(STEP_SET, (uint64_t)control->sets, NULL);
	if (count < 0)
		return fails(EINVAL);
	if (count > SET_SEMAPHORES)
		execution_full("semaphores of a set");
	point(&operation);
	int place = ipc_get(&set_table, key, flags, &created);
	if (place < 0)
		return -1;
	struct semaphore_set *set = &control->sets[place];
	if (created && !count) {
		set->name.used = 0;
		return fails(EINVAL);
	}
	if (!created && count > set->count)
		return fails(EINVAL);
	if (created) {
		set->count = (uint16_t)count;
		real.memset(set->values, 0, sizeof set->values);
		real.memset(set->last_pid, 0, sizeof set->last_pid);
		changed();
	}
	return ipc_number(&set_table, (uint32_t)place);
}

/* What is undone at the end of the process changes the other way. */
static void undo_add(const struct semaphore_set *set, unsigned number, int change)
{
	uint16_t place = (uint16_t)(set - control->sets);
	uint32_t i = 0;
	for (; i < control->undo_used; i++)
		if (control->undo[i].process == process_private.process &&
			control->undo[i].set == place &&
			control->undo[i].number == number)
			break;
	if (i == UNDO_MAX)
		execution_full("semaphore operations to be undone");
	if (i == control->undo_used) {
		control->undo[i] = (struct undo){
			(uint16_t)process_private.process, place, (uint16_t)number, 0};
		control->undo_used++;
	}
	control->undo[i].change = (int16_t)(control->undo[i].change - change);
}

static void undo_drop(const struct semaphore_set *set, int number)
{
	uint16_t place = (uint16_t)(set - control->sets);
	for (uint32_t i = 0; i < control->undo_used; i++)
		if (control->undo[i].set == place &&
			(number < 0 || control->undo[i].number == number))
			control->undo[i].change = 0;
}

void undo_all(uint32_t process)
{
	for (uint32_t i = 0; i < control->undo_used; i++) {
		struct undo *undo = &control->undo[i];
		struct semaphore_set *set = &control->sets[undo->set];
		if (undo->process != process || !undo->change || !set->name.used)
			continue;
		int after = set->values[undo->number] + undo->change;
		set->values[undo->number] = (uint16_t)(after < 0 ? 0 : after);
		set->last_pid[undo->number] = virtual_pid(process);
		object_release(undo->change > 0 ? raised_key(set, undo->number)
						: lowered_key(set, undo->number));
		undo->change = 0;
		set_changed(set);
	}
}

static void set_apply(struct semaphore_set *set, const struct task *task)
{
	for (unsigned i = 0; i < task->set_operations_count; i++) {
		const struct set_operation *operation = &task->set_operations[i];
		unsigned number = operation->number;
		set->last_pid[number] = virtual_pid(process_private.process);
		if (operation->change <= 0)
			object_acquire(operation->change ? raised_key(set, number)
							 : lowered_key(set, number));
		if (operation->change)
			object_release(operation->change > 0 ? raised_key(set, number)
							     : lowered_key(set, number));
		if (operation->flags & SEM_UNDO)
			undo_add(set, number, operation->change);
	}
}

/* 0, or the error; the operations stand in the task table. */
static int set_wait(struct semaphore_set *set, uint64_t deadline)
{
	struct task *task = explore_self.task;
	struct operation operation = operation_at(STEP_SET, set_key(set), NULL);
	uint16_t values[SET_SEMAPHORES];
	unsigned count = task->set_operations_count, stopped_at;
	operation.detail = set->name.life;
	yield_turn();
	bool able = set_try(set, task->set_operations, count, values) == count;
	for (unsigned i = 0; i < count; i++)
		able |= task->set_operations[i].flags & IPC_NOWAIT;
	enum interruption interruption = arrive_interruptibly(&operation, able, deadline);
	for (;;) {
		if (!set->name.used || set->name.life != operation.detail)
			return EIDRM;
		stopped_at = set_try(set, task->set_operations, count, values);
		if (stopped_at == count)
			break;
		if (task->set_operations[stopped_at].flags & IPC_NOWAIT) {
			own_step()->flags |= FLAG_TIMED | FLAG_TIMED_OUT;
			return EAGAIN;
		}
		if (task->timed_out)
			return EAGAIN;
		if (interruption >= HANDLED)
			return EINTR;
		interruption = arrive_interruptibly(&operation, false, deadline);
	}
	for (unsigned i = 0; i < set->count; i++)
		if (values[i] > VALUE_MOST)
			return ERANGE;
	set_apply(set, task);
	__builtin_memcpy(set->values, values, sizeof values);
	set_changed(set);
	return 0;
}

int runtime_semtimedop(int number, struct sembuf *operations, size_t count,
	const struct timespec *timeout)
{
	struct task *task = explore_self.task;
	int place = ipc_find(&set_table, number);
	if (place < 0)
		return -1;
	struct semaphore_set *set = &control->sets[place];
	if (!count)
		return fails(EINVAL);
	if (count > SET_OPERATIONS)
		execution_full("operations of one semop()");
	access_memory(operations, count * sizeof *operations, 0, explore_self.frame->pc);
	for (size_t i = 0; i < count; i++) {
		if (operations[i].sem_num >= set->count)
			return fails(EFBIG);
		task->set_operations[i] = (struct set_operation){operations[i].sem_num,
			operations[i].sem_op, operations[i].sem_flg};
	}
	task->set_operations_count = (uint16_t)count;
	int trouble = set_wait(set, timeout ? control->time + deadline_of(timeout) : 0);
	task->set_operations_count = 0;
	return trouble ? fails(trouble) : 0;
}

int runtime_semop(int number, struct sembuf *operations, size_t count)
{
	return runtime_semtimedop(number, operations, count, NULL);
}

/* How many wait for the value to rise, or to be zero. */
static int set_waiters(const struct semaphore_set *set, int number, bool for_zero)
{
	int count = 0;
	uint16_t values[SET_SEMAPHORES];
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		const struct task *task = &control->tasks[i];
		if (task->state != TASK_BLOCKED || task->pending.kind != STEP_SET ||
			task->pending.address != set_key(set))
			continue;
		unsigned at = set_try(
			set, task->set_operations, task->set_operations_count, values);
		const struct set_operation *operation = &task->set_operations[at];
		count += operation->number == number && for_zero == !operation->change;
	}
	return count;
}

static void set_value(struct semaphore_set *set, unsigned number, int value)
{
	set->values[number] = (uint16_t)value;
	set->last_pid[number] = virtual_pid(process_private.process);
	object_release(raised_key(set, number));
	object_release(lowered_key(set, number));
	undo_drop(set, (int)number);
}

static int set_all(struct semaphore_set *set, const unsigned short *values)
{
	access_memory(values, set->count * sizeof *values, 0, explore_self.frame->pc);
	for (unsigned i = 0; i < set->count; i++)
		if (values[i] > VALUE_MOST)
			return fails(ERANGE);
	for (unsigned i = 0; i < set->count; i++)
		set_value(set, i, values[i]);
	set_changed(set);
	return 0;
}

static int get_all(const struct semaphore_set *set, unsigned short *values)
{
	access_memory(
		values, set->count * sizeof *values, FLAG_WRITE, explore_self.frame->pc);
	for (unsigned i = 0; i < set->count; i++)
		values[i] = set->values[i];
	return 0;
}

static void set_remove(struct semaphore_set *set)
{
	undo_drop(set, -1);
	set->name.used = 0;
	set_changed(set);
}

static int set_state(const struct semaphore_set *set, struct semid_ds *state)
{
	real.memset(state, 0, sizeof *state);
	state->sem_nsems = set->count;
	state->sem_perm.__key = set->name.key;
	state->sem_perm.mode = set->name.mode;
	return 0;
}

union set_argument {
	int value;
	struct semid_ds *state;
	unsigned short *values;
};

static int set_control(
	struct semaphore_set *set, int number, int command, union set_argument argument)
{
	switch (command) {
	case SETVAL:
		if (argument.value < 0 || argument.value > VALUE_MOST)
			return fails(ERANGE);
		set_value(set, (unsigned)number, argument.value);
		set_changed(set);
		return 0;
	case GETVAL:
		return set->values[number];
	case GETPID:
		return set->last_pid[number];
	case GETNCNT:
		return set_waiters(set, number, false);
	case GETZCNT:
		return set_waiters(set, number, true);
	case SETALL:
		return set_all(set, argument.values);
	case GETALL:
		return get_all(set, argument.values);
	case IPC_STAT:
		return set_state(set, argument.state);
	case IPC_SET:
		set->name.mode = argument.state->sem_perm.mode & 0777;
		return 0;
	case IPC_RMID:
		set_remove(set);
		return 0;
	default:
		return fails(EINVAL);
	}
}

int runtime_semctl(int identifier, int number, int command, ...)
{
	union set_argument argument = {0};
	va_list arguments;
	va_start(arguments, command);
	if (command != IPC_RMID && command != GETVAL && command != GETPID &&
		command != GETNCNT && command != GETZCNT)
		argument = va_arg(arguments, union set_argument);
	va_end(arguments);
	int place = ipc_find(&set_table, identifier);
	if (place < 0)
		return -1;
	struct semaphore_set *set = &control->sets[place];
	bool of_one = command == SETVAL || command == GETVAL || command == GETPID ||
		      command == GETNCNT || command == GETZCNT;
	if (of_one && (number < 0 || number >= set->count))
		return fails(EINVAL);
	struct operation operation =
		operation_at(command == SETVAL || command == SETALL || command == IPC_RMID
				     ? STEP_SET
				     : STEP_SEM_READ,
			set_key(set), NULL);
	point(&operation);
	if (!set->name.used)
		return fails(EIDRM);
	return set_control(set, number, command, argument);
}
