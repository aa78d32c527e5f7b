/* SPDX-License-Identifier: MIT */
#include "runtime.h"

#include <errno.h>
#include <signal.h>

static uint64_t bit_of(int number)
{
	return 1ull << (number - 1);
}

static bool ignored_by_default(int number)
{
	return number == SIGCHLD || number == SIGURG || number == SIGWINCH ||
	       number == SIGCONT || number == SIGSTOP || number == SIGTSTP;
}

/* Those who wait for a signal go on, and those whose wait a handler ends; both have yet to be
 * given a turn, in which the handler runs. */
static void signal_wakes(uint32_t process, uint64_t bit)
{
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		struct task *task = &control->tasks[i];
		if (task->process != process || task->state != TASK_BLOCKED)
			continue;
		if (task->pending.kind == STEP_PAUSE) {
			make_ready(i);
		} else if (task->interruption == INTERRUPTIBLE &&
			   control->processes[process].interrupting & bit &
				   ~task->signals_blocked) {
			task->interruption = INTERRUPTED;
			make_ready(i);
		}
	}
}

bool arrive_interruptibly(const struct operation *operation, bool able, uint64_t deadline)
{
	struct task *task = explore_self.task;
	task->interruption = INTERRUPTIBLE;
	arrive_until(operation, able, deadline);
	bool interrupted = task->interruption == INTERRUPTED;
	task->interruption = 0;
	return interrupted;
}

void signal_send(uint32_t process, int number)
{
	struct process *target = &control->processes[process];
	if (target->handled & bit_of(number) && number != SIGKILL) {
		target->signals |= bit_of(number);
		signal_wakes(process, bit_of(number));
		return;
	}
	if (ignored_by_default(number))
		return;
	if (process == process_private.process)
		process_finish(number);
	process_killed(process, number);
}

int runtime_kill(pid_t pid, int number)
{
	uint32_t process = 0;
	if (!explore_self.task)
		return 0;
	if (number < 0 || number > 64) {
		errno = EINVAL;
		return -1;
	}
	if (!process_of(pid, &process) || control->processes[process].waited) {
		errno = ESRCH;
		return -1;
	}
	struct operation operation = operation_at(STEP_SIGNAL, 0, NULL);
	operation.detail = (uint64_t)number;
	point(&operation);
	touched();
	if (number && control->processes[process].alive)
		signal_send(process, number);
	if (control->processes[process_private.process].signals)
		signals_deliver();
	return 0;
}

int runtime_raise(int number)
{
	if (number == SIGABRT)
		runtime_abort();
	return runtime_kill(runtime_getpid(), number);
}

void signals_deliver(void)
{
	struct process *process = &control->processes[process_private.process];
	uint64_t open;
	while ((open = process->signals & ~explore_self.task->signals_blocked)) {
		int number = __builtin_ctzll(open) + 1;
		process->signals &= ~bit_of(number);
		void (*handler)(int) = process_private.handlers[number];
		if (handler)
			handler(number);
	}
}

static void set_handler(int number, void (*handler)(int), bool restarts)
{
	struct process *process = &control->processes[process_private.process];
	process_private.handlers[number] =
		handler == SIG_DFL || handler == SIG_IGN ? NULL : handler;
	if (handler == SIG_DFL)
		process->handled &= ~bit_of(number);
	else
		process->handled |= bit_of(number);
	if (process_private.handlers[number] && !restarts)
		process->interrupting |= bit_of(number);
	else
		process->interrupting &= ~bit_of(number);
}

/* Handlers that take a siginfo_t get the number alone. */
int runtime_sigaction(int number, const struct sigaction *action, struct sigaction *old)
{
	if (!explore_self.task || number < 1 || number > 64)
		return real.sigaction(number, action, old);
	if (old) {
		real.memset(old, 0, sizeof *old);
		old->sa_handler = process_private.handlers[number];
	}
	if (action)
		set_handler(number, action->sa_handler, action->sa_flags & SA_RESTART);
	return 0;
}

void (*runtime_signal(int number, void (*handler)(int)))(int)
{
	if (!explore_self.task || number < 1 || number > 64)
		return SIG_ERR;
	void (*old)(int) = process_private.handlers[number];
	set_handler(number, handler, true);
	return old;
}

static bool signal_waits(void)
{
	return control->processes[process_private.process].signals &
	       ~explore_self.task->signals_blocked;
}

int runtime_pause(void)
{
	struct operation operation = operation_at(STEP_PAUSE, 0, NULL);
	point(&operation); /* a signal that comes before it is lost on it */
	arrive(&operation, false);
	errno = EINTR;
	return -1;
}

static uint64_t bits_of(const sigset_t *set)
{
	uint64_t bits = 0;
	for (int number = 1; number <= 64; number++)
		if (sigismember(set, number) == 1)
			bits |= bit_of(number);
	return bits;
}

int runtime_sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	if (!explore_self.task)
		return 0;
	uint64_t *blocked = &explore_self.task->signals_blocked;
	if (old) {
		sigemptyset(old);
		for (int number = 1; number <= 64; number++)
			if (*blocked & bit_of(number))
				sigaddset(old, number);
	}
	if (set) {
		uint64_t bits = bits_of(set);
		*blocked = how == SIG_BLOCK	? *blocked | bits
			   : how == SIG_UNBLOCK ? *blocked & ~bits
						: bits;
		signals_deliver();
	}
	return 0;
}

int runtime_pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
	return runtime_sigprocmask(how, set, old);
}

int runtime_sigsuspend(const sigset_t *mask)
{
	struct task *task = explore_self.task;
	uint64_t before = task->signals_blocked;
	struct operation operation = operation_at(STEP_PAUSE, 0, NULL);
	task->signals_blocked = bits_of(mask);
	arrive(&operation, signal_waits());
	signals_deliver();
	task->signals_blocked = before;
	errno = EINTR;
	return -1;
}

int runtime_sigwait(const sigset_t *set, int *number)
{
	struct process *process = &control->processes[process_private.process];
	struct operation operation = operation_at(STEP_PAUSE, 0, NULL);
	uint64_t wanted = bits_of(set);
	arrive(&operation, (process->signals & wanted) != 0);
	while (!(process->signals & wanted))
		arrive(&operation, false);
	*number = __builtin_ctzll(process->signals & wanted) + 1;
	process->signals &= ~bit_of(*number);
	return 0;
}
