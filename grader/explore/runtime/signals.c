/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. Signals are sent, kept and taken in the model: the kernel's own would
 * come in the middle of anything, and their order would differ from run to run. What is
 * pending lies in the control memory (`pending`, in the order of sending), so that it is part
 * of each state and begins anew with each execution. The kernel's masks follow the program's
 * only so that sigsetjmp() keeps the right one.
 *
 * A signal finds its receiver when it is sent: a task that waits for it in sigwait(), else
 * the process's first thread, else another that does not block it. That task is made ready,
 * and its handler runs when it has its next turn, before the step that it stands before. So
 * a signal comes between any two steps. A wait in which a handler has run asks again whether
 * it can go on, or gives up with EINTR. Nobody open for it: it stays pending for the process.
 *
 * To send a signal comes before its handler, and before the return of the wait that takes it.
 */
#include "signals.h"

#include "ipc.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>

static const uint64_t stop_signals = 1ull << (SIGSTOP - 1) | 1ull << (SIGTSTP - 1) |
				     1ull << (SIGTTIN - 1) | 1ull << (SIGTTOU - 1);

uint64_t signal_bit(int number)
{
	return 1ull << (number - 1);
}

static bool signal_valid(int number)
{
	return number >= 1 && number <= 64;
}

static bool ignored_by_default(int number)
{
	return number == SIGCHLD || number == SIGURG || number == SIGWINCH ||
	       number == SIGCONT;
}

static bool signal_ignored(const struct process *process, int number)
{
	uint64_t bit = signal_bit(number);
	return process->ignored & bit ||
	       (ignored_by_default(number) && !(process->caught & bit));
}

/* What the senders of this signal did comes before what its receiver does. */
static uint64_t signal_key(const struct pending_signal *sent)
{
	return SIGNAL_KEYS | (uint64_t)sent->process << 24 |
	       (uint64_t)sent->number << 16 | sent->receiver;
}

/* Sending */

static bool awaits(const struct task *task, uint64_t bit)
{
	return task->state != TASK_FINISHED && task->signals_awaited & bit;
}

static bool open_to(const struct task *task, uint64_t bit)
{
	return task->state != TASK_FINISHED && !(task->signals_blocked & bit);
}

/* The task + 1 that a signal to the process reaches; 0: nobody, for now. */
uint32_t signal_receiver(uint32_t process, int number)
{
	uint32_t found = 0;
	uint64_t bit = signal_bit(number);
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		const struct task *task = &control->tasks[i];
		if (task->process != process)
			continue;
		if (awaits(task, bit))
			return i + 1;
		if (!found && open_to(task, bit))
			found = i + 1;
	}
	return found;
}

static void signal_wakes(uint32_t receiver, uint64_t bit)
{
	struct task *task = &control->tasks[receiver - 1];
	if (task->state == TASK_SPINNING)
		make_ready(receiver - 1);
	if (task->state != TASK_BLOCKED)
		return;
	if (!awaits(task, bit))
		task->interruption = INTERRUPTED;
	make_ready(receiver - 1);
}

/* What the task stands before when a handler comes in between. */
struct interrupted {
	struct operation pending;
	struct frame *frame;
	uint64_t deadline, blocked, awaited;
	uint8_t timed_out;
};

static struct interrupted interrupted_keep(const struct task *task)
{
	return (struct interrupted){.pending = task->pending,
		.frame = explore_self.frame,
		.deadline = task->deadline,
		.blocked = task->signals_blocked,
		.awaited = task->signals_awaited,
		.timed_out = task->timed_out};
}

static void interrupted_return(struct task *task, const struct interrupted *kept)
{
	value_settle();
	task->pending = kept->pending;
	explore_self.frame = kept->frame;
	task->deadline = kept->deadline;
	task->signals_awaited = kept->awaited;
	task->timed_out = kept->timed_out;
	signals_block(kept->blocked);
}

static void stop(uint32_t process, int number)
{
	struct task *task = explore_self.task;
	struct interrupted kept = interrupted_keep(task);
	process_stop(process, number);
	interrupted_return(task, &kept);
}

static void default_action(uint32_t process, int number)
{
	if (stop_signals & signal_bit(number))
		stop(process, number);
	else if (process == process_private.process)
		process_finish(number);
	else
		process_killed(process, number);
}

/* `sent->receiver` 0: the whole process is meant. */
void signal_send(const struct pending_signal *sent)
{
	struct pending_signal signal = *sent;
	struct process *process = &control->processes[signal.process];
	uint64_t bit = signal_bit(signal.number);
	if (signal.number == SIGKILL) {
		default_action(signal.process, SIGKILL);
		return;
	}
	if (signal.number == SIGCONT) {
		pending_drop(signal.process, stop_signals);
		process_continue(signal.process);
	} else if (stop_signals & bit) {
		pending_drop(signal.process, signal_bit(SIGCONT));
	}
	uint32_t reached = signal_receiver(signal.process, signal.number);
	if (signal.receiver) {
		const struct task *task = &control->tasks[signal.receiver - 1];
		bool open = awaits(task, bit) || open_to(task, bit);
		reached = open ? signal.receiver : 0;
	}
	bool awaited = reached && awaits(&control->tasks[reached - 1], bit);
	if (reached && !awaited && signal_ignored(process, signal.number))
		return;
	if (reached && !awaited && !(process->caught & bit) && !process->stopped) {
		default_action(signal.process, signal.number);
		return;
	}
	if (reached)
		signal.receiver = (uint16_t)reached;
	signal.key = signal_key(&signal);
	if (!pending_find(signal.process, signal.receiver, signal.number))
		object_forget(signal.key);
	if (signal.from_timer)
		clock_join(object_find(signal.key, true)->clock,
			object_find(timer_key(signal.from_timer - 1u), true)->clock);
	else
		object_release(signal.key);
	pending_add(&signal);
	if (control->sources_used)
		pipes_changed(); /* a signalfd may tell of it */
	if (reached)
		signal_wakes(reached, bit);
}

static int send_checked(
	uint32_t process, uint32_t receiver, int number, int code, union sigval value)
{
	struct pending_signal sent = {.process = (uint16_t)process,
		.receiver = (uint16_t)receiver,
		.number = (uint8_t)number,
		.code = code,
		.pid = virtual_pid(process_private.process),
		.value = (uint64_t)value.sival_ptr};
	touched();
	if (number && control->processes[process].alive)
		signal_send(&sent);
	signals_deliver();
	return 0;
}

static void send_step(int number)
{
	struct operation operation = operation_at(STEP_SIGNAL, 0, NULL);
	operation.detail = (uint64_t)number;
	point(&operation);
}

static int send_to(pid_t pid, int number, int code, union sigval value)
{
	uint32_t process = 0;
	if (number < 0 || number > 64)
		return fails(EINVAL);
	if (!process_of(pid, &process) || control->processes[process].waited)
		return fails(ESRCH);
	send_step(number);
	return send_checked(process, 0, number, code, value);
}

/* To a whole group, or to everybody; the sender itself comes last: it may be its end. */
static int send_to_group(pid_t group, int number)
{
	int self = (int)process_private.process;
	bool some = false, own = false;
	if (number < 0 || number > 64)
		return fails(EINVAL);
	send_step(number);
	for (int i = 0; i < (int)control->result.processes; i++) {
		const struct process *process = &control->processes[i];
		if (!process->alive || (group && process->group != group))
			continue;
		some = true;
		if (i == self)
			own = group != 0;
		else
			send_checked((uint32_t)i, 0, number, SI_USER,
				(union sigval){.sival_ptr = NULL});
	}
	if (own)
		send_checked(process_private.process, 0, number, SI_USER,
			(union sigval){.sival_ptr = NULL});
	return some ? 0 : fails(ESRCH);
}

int runtime_kill(pid_t pid, int number)
{
	if (!explore_self.task)
		return 0;
	if (pid > 0)
		return send_to(pid, number, SI_USER, (union sigval){.sival_ptr = NULL});
	if (pid == -1)
		return send_to_group(0, number);
	const struct process *own = &control->processes[process_private.process];
	return send_to_group(pid ? -pid : own->group, number);
}

int runtime_killpg(pid_t group, int number)
{
	return runtime_kill(group ? -group : 0, number);
}

int runtime_sigqueue(pid_t pid, int number, const union sigval value)
{
	return send_to(pid, number, SI_QUEUE, value);
}

int runtime_pthread_kill(pthread_t thread, int number)
{
	struct task *task = explore_self.task ? task_of(thread) : NULL;
	if (number < 0 || number > 64)
		return EINVAL;
	if (!task)
		return ESRCH;
	send_step(number);
	if (task->state == TASK_FINISHED)
		return 0;
	return send_checked(process_private.process,
		(uint32_t)(task - control->tasks) + 1, number, SI_TKILL,
		(union sigval){.sival_ptr = NULL});
}

int runtime_raise(int number)
{
	if (number == SIGABRT)
		runtime_abort();
	if (number < 0 || number > 64)
		return fails(EINVAL);
	send_step(number);
	return send_checked(process_private.process, explore_self.index + 1, number,
		SI_TKILL, (union sigval){.sival_ptr = NULL});
}

/* Handlers */

static void handler_call(const struct action *action, const struct pending_signal *taken)
{
	if (action->flags & SA_SIGINFO) {
		void (*handler)(int, siginfo_t *, void *) =
			(void (*)(int, siginfo_t *, void *))(uintptr_t)action->handler;
		siginfo_t info;
		ucontext_t context;
		signal_information(&info, taken);
		real.memset(&context, 0, sizeof context);
		handler(taken->number, &info, &context);
	} else {
		void (*handler)(int) = (void (*)(int))(uintptr_t)action->handler;
		handler(taken->number);
	}
}

static void handler_run(const struct pending_signal *taken)
{
	struct task *task = explore_self.task;
	struct action action = process_private.actions[taken->number];
	struct interrupted kept = interrupted_keep(task);
	uint64_t own = action.flags & SA_NODEFER ? 0 : signal_bit(taken->number);
	if (action.flags & SA_RESETHAND)
		action_set(taken->number, &(struct action){.handler = 0});
	signals_block(task->signals_blocked | action.mask | own);
	task->signals_awaited = 0;
	explore_self.handlers++;
	handler_call(&action, taken);
	explore_self.handlers--;
	interrupted_return(task, &kept);
	if (!(action.flags & SA_RESTART))
		task->interruption = WAIT_ENDED;
	else if (task->interruption != WAIT_ENDED)
		task->interruption = HANDLED;
}

void signals_deliver(void)
{
	struct task *task = explore_self.task;
	struct process *process = &control->processes[process_private.process];
	struct pending_signal taken;
	if (explore_self.inside)
		return;
	while (pending_next(~(task->signals_blocked | task->signals_awaited), &taken)) {
		if (process->caught & signal_bit(taken.number))
			handler_run(&taken);
		else if (!signal_ignored(process, taken.number))
			default_action(process_private.process, taken.number);
	}
}

static bool handlers_open(void)
{
	return control->processes[process_private.process].caught &
	       ~explore_self.task->signals_blocked;
}

/*
 * A signal may also come just before the wait, on which it is then lost: so a task that would
 * wait stands before it once, and then looks again whether it has to.
 */
enum interruption arrive_interruptibly(
	const struct operation *operation, bool able, uint64_t deadline)
{
	if (!able && !explore_self.stood_before && handlers_open()) {
		explore_self.stood_before = true;
		point(operation);
		return NOT_INTERRUPTED;
	}
	explore_self.stood_before = false;
	arrive_until(operation, able, deadline);
	return explore_self.task->interruption;
}

/* Actions */

void action_set(int number, const struct action *action)
{
	struct process *process = &control->processes[process_private.process];
	uint64_t bit = signal_bit(number);
	process_private.actions[number] = *action;
	process->caught &= ~bit;
	process->ignored &= ~bit;
	if (action->handler == (uint64_t)SIG_IGN)
		process->ignored |= bit;
	else if (action->handler != (uint64_t)SIG_DFL)
		process->caught |= bit;
	process_private.had_handlers |= process->caught != 0;
	if (number == SIGCHLD) {
		process->reaps_itself = action->handler == (uint64_t)SIG_IGN ||
					action->flags & SA_NOCLDWAIT;
		process->no_stops_told = (action->flags & SA_NOCLDSTOP) != 0;
	}
	if (signal_ignored(process, number))
		pending_drop(process_private.process, bit);
}

static uint64_t bits_of(const sigset_t *set)
{
	uint64_t bits;
	__builtin_memcpy(&bits, set, sizeof bits);
	return bits & ~(signal_bit(SIGKILL) | signal_bit(SIGSTOP));
}

static void set_of(sigset_t *set, uint64_t bits)
{
	real.memset(set, 0, sizeof *set);
	__builtin_memcpy(set, &bits, sizeof bits);
}

int runtime_sigaction(int number, const struct sigaction *action, struct sigaction *old)
{
	if (!explore_self.task)
		return real.sigaction(number, action, old);
	if (!signal_valid(number) || (action && (number == SIGKILL || number == SIGSTOP)))
		return fails(EINVAL);
	struct action before = process_private.actions[number];
	if (action)
		action_set(
			number, &(struct action){.handler = (uint64_t)action->sa_handler,
					.mask = bits_of(&action->sa_mask),
					.flags = action->sa_flags});
	if (old) {
		real.memset(old, 0, sizeof *old);
		old->sa_handler = (void (*)(int))(uintptr_t)before.handler;
		old->sa_flags = before.flags;
		set_of(&old->sa_mask, before.mask);
	}
	return 0;
}

typedef void handler_function(int);

static handler_function *set_simple(int number, handler_function *handler, int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags}, old;
	return runtime_sigaction(number, &action, &old) ? SIG_ERR : old.sa_handler;
}

handler_function *runtime_signal(int number, handler_function *handler)
{
	return set_simple(number, handler, SA_RESTART);
}

handler_function *runtime_sysv_signal(int number, handler_function *handler)
{
	return set_simple(number, handler, (int)SA_RESETHAND | SA_NODEFER);
}

int runtime_siginterrupt(int number, int interrupts)
{
	if (!explore_self.task || !signal_valid(number))
		return fails(EINVAL);
	struct action *action = &process_private.actions[number];
	action->flags =
		interrupts ? action->flags & ~SA_RESTART : action->flags | SA_RESTART;
	return 0;
}

/* Masks */

/* The runtime's own signals are never blocked: a fault would end the process unseen. */
void signals_block(uint64_t blocked)
{
	static const int never[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGXCPU, SIGPROF};
	uint64_t kept = blocked;
	if (explore_self.task->signals_blocked == blocked)
		return;
	explore_self.task->signals_blocked = blocked;
	for (unsigned i = 0; i < sizeof never / sizeof *never; i++)
		kept &= ~signal_bit(never[i]);
	kernel(SYS_rt_sigprocmask, SIG_SETMASK, (long)&kept, 0, sizeof kept, 0, 0);
}

/* What is about to be blocked may still come before. */
static void mask_step(uint64_t set)
{
	struct operation operation = operation_at(STEP_SIGNAL_MASK, 0, NULL);
	if (control->processes[process_private.process].caught & set)
		point(&operation);
}

int runtime_pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
	if (!explore_self.task)
		return 0;
	uint64_t before = explore_self.task->signals_blocked;
	if (set && how != SIG_BLOCK && how != SIG_UNBLOCK && how != SIG_SETMASK)
		return EINVAL;
	if (set) {
		uint64_t bits = bits_of(set);
		if (how != SIG_UNBLOCK && bits & ~before)
			mask_step(bits & ~before);
		signals_block(how == SIG_BLOCK	   ? before | bits
			      : how == SIG_UNBLOCK ? before & ~bits
						   : bits);
	}
	if (old)
		set_of(old, before);
	signals_deliver();
	return 0;
}

int runtime_sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	int status = runtime_pthread_sigmask(how, set, old);
	return status ? fails(status) : 0;
}

static uint64_t pending_here(void)
{
	return explore_self.task->signals |
	       control->processes[process_private.process].signals;
}

int runtime_sigpending(sigset_t *set)
{
	struct operation operation = operation_at(STEP_SIGNAL_READ, 0, NULL);
	yield_turn();
	point(&operation);
	set_of(set, pending_here() & explore_self.task->signals_blocked);
	return 0;
}

static int change_one(int number, int how)
{
	sigset_t one;
	if (!signal_valid(number))
		return fails(EINVAL);
	set_of(&one, signal_bit(number));
	return runtime_sigprocmask(how, &one, NULL);
}

int runtime_sighold(int number)
{
	return change_one(number, SIG_BLOCK);
}

int runtime_sigrelse(int number)
{
	return change_one(number, SIG_UNBLOCK);
}

int runtime_sigignore(int number)
{
	return set_simple(number, SIG_IGN, 0) == SIG_ERR ? -1 : 0;
}

/* Waiting */

/* Until a handler has run. */
static int wait_for_handler(bool able)
{
	struct operation operation = operation_at(STEP_PAUSE, 0, NULL);
	while (arrive_interruptibly(&operation, able, 0) < HANDLED)
		able = false;
	return fails(EINTR);
}

int runtime_pause(void)
{
	return wait_for_handler(false);
}

int runtime_sigsuspend(const sigset_t *mask)
{
	struct task *task = explore_self.task;
	uint64_t before = task->signals_blocked;
	struct operation operation = operation_at(STEP_PAUSE, 0, NULL);
	if (handlers_open())
		point(&operation);
	explore_self.stood_before = true;
	signals_block(bits_of(mask));
	int status = wait_for_handler((pending_here() & ~task->signals_blocked) != 0);
	signals_block(before);
	signals_deliver();
	errno = EINTR;
	return status;
}

int runtime_sigpause(int number)
{
	sigset_t mask;
	if (!signal_valid(number))
		return fails(EINVAL);
	set_of(&mask, explore_self.task->signals_blocked & ~signal_bit(number));
	return runtime_sigsuspend(&mask);
}

/* 0, EINTR, or EAGAIN when time is up. */
static int take_from(uint64_t set, uint64_t deadline, struct pending_signal *taken)
{
	struct task *task = explore_self.task;
	struct operation operation = operation_at(STEP_SIGNAL_WAIT, 0, NULL);
	enum interruption interruption = 0;
	operation.detail = set;
	task->signals_awaited = set;
	bool able = (pending_here() & set) != 0;
	for (;;) {
		interruption = arrive_interruptibly(&operation, able, deadline);
		if (pending_next(set, taken))
			break;
		if (task->timed_out || interruption >= HANDLED)
			break;
		able = false;
	}
	task->signals_awaited = 0;
	bool found = taken->number != 0;
	if (!found)
		signals_deliver(); /* what has come meanwhile for a handler */
	return found ? 0 : interruption >= HANDLED ? EINTR : EAGAIN;
}

int runtime_sigwait(const sigset_t *set, int *number)
{
	struct pending_signal taken = {0};
	while (take_from(bits_of(set), 0, &taken))
		;
	*number = taken.number;
	return 0;
}

static int wait_information(const sigset_t *set, siginfo_t *info, uint64_t deadline)
{
	struct pending_signal taken = {0};
	int trouble = take_from(bits_of(set), deadline, &taken);
	if (trouble)
		return fails(trouble);
	if (info)
		signal_information(info, &taken);
	return taken.number;
}

int runtime_sigwaitinfo(const sigset_t *set, siginfo_t *info)
{
	return wait_information(set, info, 0);
}

int runtime_sigtimedwait(
	const sigset_t *set, siginfo_t *info, const struct timespec *timeout)
{
	if (!timeout)
		return wait_information(set, info, 0);
	if (timeout->tv_nsec < 0 || timeout->tv_nsec >= (long)SECOND)
		return fails(EINVAL);
	if (!timeout->tv_sec && !timeout->tv_nsec)
		yield_turn();
	return wait_information(set, info, control->time + deadline_of(timeout));
}

/* Jumps, out of handlers as well: the mask that libc kept in the buffer comes back. */

static void jump(struct __jmp_buf_tag *buffer, int value)
{
	if (explore_self.task && buffer->__mask_was_saved) {
		sigset_t mask;
		real.memcpy(&mask, &buffer->__saved_mask, sizeof mask);
		signals_block(bits_of(&mask));
	}
	explore_self.handlers = 0; /* the outermost is left, as is usual */
	real.longjmp(buffer, value);
}

void runtime_longjmp(struct __jmp_buf_tag *buffer, int value)
{
	jump(buffer, value);
}

void runtime__longjmp(struct __jmp_buf_tag *buffer, int value)
{
	jump(buffer, value);
}

void runtime_siglongjmp(struct __jmp_buf_tag *buffer, int value)
{
	jump(buffer, value);
}

void runtime___longjmp_chk(struct __jmp_buf_tag *buffer, int value)
{
	jump(buffer, value);
}
