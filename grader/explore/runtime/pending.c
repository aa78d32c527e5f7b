/* SPDX-License-Identifier: MIT */
/* Signals that were sent and have not been taken yet, in the order of sending. */
#include "signals.h"

#include <sys/syscall.h>

struct pending_signal *pending_find(uint32_t process, uint32_t receiver, int number)
{
	for (uint32_t i = 0; i < control->pending_used; i++) {
		struct pending_signal *pending = &control->pending[i];
		if (pending->process == process && pending->receiver == receiver &&
			pending->number == number)
			return pending;
	}
	return NULL;
}

/* The bits of the sets say the same as the list, for a look at each turn. */
static void pending_note(uint32_t process, uint32_t receiver, int number)
{
	uint64_t *set = receiver ? &control->tasks[receiver - 1].signals
				 : &control->processes[process].signals;
	if (pending_find(process, receiver, number))
		*set |= signal_bit(number);
	else
		*set &= ~signal_bit(number);
}

void pending_add(const struct pending_signal *sent)
{
	bool known = pending_find(sent->process, sent->receiver, sent->number) != NULL;
	if (sent->number < 32 && known)
		return; /* only the real-time signals queue */
	if (control->pending_used >= PENDING_MAX)
		execution_full("pending signals");
	control->pending[control->pending_used++] = *sent;
	pending_note(sent->process, sent->receiver, sent->number);
}

static struct pending_signal pending_take(struct pending_signal *found)
{
	struct pending_signal taken = *found;
	control->pending_used--;
	for (; found < &control->pending[control->pending_used]; found++)
		*found = found[1];
	pending_note(taken.process, taken.receiver, taken.number);
	return taken;
}

void pending_drop(uint32_t process, uint64_t set)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < control->pending_used; i++) {
		struct pending_signal pending = control->pending[i];
		if (pending.process != process || !(set & signal_bit(pending.number)))
			control->pending[kept++] = pending;
	}
	control->pending_used = kept;
	control->processes[process].signals &= ~set;
	for (uint32_t i = 0; i < control->result.tasks; i++)
		if (control->tasks[i].process == process)
			control->tasks[i].signals &= ~set;
}

void signals_drop(uint32_t process)
{
	if (control->pending_used)
		pending_drop(process, ~0ull);
}

/* The oldest that the calling task can take, whether it was sent to it or to the process. */
static struct pending_signal *first_sent(int number)
{
	uint32_t process = process_private.process, own = explore_self.index + 1;
	struct pending_signal *one = pending_find(process, own, number);
	struct pending_signal *other = pending_find(process, 0, number);
	return !one || (other && other < one) ? other : one;
}

bool pending_next(uint64_t set, struct pending_signal *taken)
{
	struct task *task = explore_self.task;
	const struct process *process = &control->processes[task->process];
	uint64_t open = (task->signals | process->signals) & set;
	if (!open)
		return false;
	*taken = pending_take(first_sent(__builtin_ctzll(open) + 1));
	object_acquire(taken->key);
	changed();
	return true;
}

void signal_information(siginfo_t *info, const struct pending_signal *taken)
{
	real.memset(info, 0, sizeof *info);
	info->si_signo = taken->number;
	info->si_code = taken->code;
	info->si_pid = taken->pid;
	info->si_uid = (uid_t)kernel(SYS_getuid, 0, 0, 0, 0, 0, 0);
	if (taken->number == SIGCHLD && taken->code > 0)
		info->si_status = (int)taken->value;
	else
		info->si_value.sival_ptr = (void *)taken->value;
}

bool signal_take(uint64_t set, siginfo_t *info)
{
	struct pending_signal taken;
	if (!pending_next(set, &taken))
		return false;
	signal_information(info, &taken);
	return true;
}
