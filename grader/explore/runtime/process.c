/* SPDX-License-Identifier: MIT */
/*
 * Processes: forked for real, waited for in the model. A process that has ended has told its
 * status here before it hands on the baton; the real zombie is left to the fork server.
 * Process numbers are virtual, for the kernel's differ from run to run.
 */
#include "runtime.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <ucontext.h>

enum { FIRST_PID = 1000 };

int virtual_pid(uint32_t process)
{
	return FIRST_PID + (int)process;
}

static bool process_of(pid_t pid, uint32_t *process)
{
	if (pid < FIRST_PID || pid >= FIRST_PID + (int)control->result.processes)
		return false;
	*process = (uint32_t)(pid - FIRST_PID);
	return true;
}

pid_t runtime_fork(void)
{
	if (!explore_self.task || explore_self.inside)
		return real.fork();
	struct operation operation = operation_at(STEP_FORK, 0, NULL);
	note(&operation);
	uint32_t process = process_new(process_private.process);
	uint32_t index = task_new(process, explore_self.index);
	own_step()->value = index;
	clock_tick(explore_self.task);
	const struct process *own = &control->processes[process_private.process];
	control->processes[process].handled = own->handled;
	control->processes[process].interrupting = own->interrupting;
	control->tasks[index].main_thread = 1;
	control->tasks[index].stack_top = explore_self.task->stack_top;
	explore_self.inside++;
	pid_t child = real.fork();
	explore_self.inside--;
	if (child < 0)
		execution_full("processes that the system allows");
	if (child == 0) {
		process_private.process = process;
		process_private.private_base = (uint64_t)process << 48;
		process_private.threads = 1;
		process_private.had_threads = false;
		task_adopt(index);
		ticks_start();
		task_wait_turn();
		return 0;
	}
	control->processes[process].os_id = (uint32_t)child;
	touched();
	return virtual_pid(process);
}

pid_t runtime_vfork(void)
{
	return runtime_fork();
}

/* What another program does to shared memory is not to be seen. */
#define STARTS_PROGRAM(name)                                                             \
	void runtime_##name(void)                                                        \
	{                                                                                \
		execution_full("programs started by " #name "()");                       \
	}
STARTS_PROGRAM(execl)
STARTS_PROGRAM(execle)
STARTS_PROGRAM(execlp)
STARTS_PROGRAM(execv)
STARTS_PROGRAM(execve)
STARTS_PROGRAM(execvp)
STARTS_PROGRAM(execvpe)
STARTS_PROGRAM(fexecve)
STARTS_PROGRAM(posix_spawn)
STARTS_PROGRAM(posix_spawnp)
STARTS_PROGRAM(system)
STARTS_PROGRAM(popen)

pid_t runtime_getpid(void)
{
	if (!explore_self.task)
		return (pid_t)kernel(SYS_getpid, 0, 0, 0, 0, 0, 0);
	return virtual_pid(process_private.process);
}

pid_t runtime_getppid(void)
{
	if (!explore_self.task || !process_private.process)
		return FIRST_PID - 1;
	uint32_t parent = control->processes[process_private.process].parent;
	return control->processes[parent].alive ? virtual_pid(parent) : 1;
}

/* Waiting */

enum found { FOUND_NONE, FOUND_ALIVE, FOUND_ENDED };

static enum found find_child(pid_t pid, uint32_t *process)
{
	enum found found = FOUND_NONE;
	for (uint32_t i = 1; i < control->result.processes; i++) {
		const struct process *child = &control->processes[i];
		if (child->parent != process_private.process || child->waited)
			continue;
		if (pid > 0 && pid != virtual_pid(i))
			continue;
		if (!child->alive) {
			*process = i;
			return FOUND_ENDED;
		}
		found = FOUND_ALIVE;
	}
	return found;
}

/* Returns the virtual pid, 0 for nobody yet, -1 with errno set. */
static pid_t wait_for(pid_t pid, int options, int *status, bool keep)
{
	uint32_t process = 0;
	uint64_t key = canonical(&control->processes[process_private.process]) + 1;
	struct operation operation = operation_at(STEP_WAIT_CHILD, key, NULL);
	operation.detail = (uint64_t)pid;
	operation.flags = options & WNOHANG ? FLAG_FREE_SWITCH : 0;
	if (options & WNOHANG)
		yield_turn();
	arrive(&operation,
		(options & WNOHANG) || find_child(pid, &process) != FOUND_ALIVE);
	enum found found;
	while ((found = find_child(pid, &process)) == FOUND_ALIVE && !(options & WNOHANG))
		arrive(&operation, false);
	if (found == FOUND_NONE) {
		errno = ECHILD;
		return -1;
	}
	if (found == FOUND_ALIVE) {
		own_step()->flags |= FLAG_TIMED_OUT;
		return 0;
	}
	if (!keep)
		control->processes[process].waited = 1;
	uint32_t other;
	if (find_child(-1, &other) != FOUND_ENDED)
		control->processes[process_private.process].child_ended = 0;
	object_acquire(canonical(&control->processes[process]));
	own_step()->value = process;
	changed();
	*status = control->processes[process].status;
	return virtual_pid(process);
}

pid_t runtime_waitpid(pid_t pid, int *status, int options)
{
	int unused = 0;
	if (!explore_self.task) {
		errno = ECHILD;
		return -1;
	}
	return wait_for(pid, options, status ? status : &unused, false);
}

pid_t runtime_wait(int *status)
{
	return runtime_waitpid(-1, status, 0);
}

pid_t runtime_wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	if (usage)
		real.memset(usage, 0, sizeof *usage);
	return runtime_waitpid(pid, status, options);
}

pid_t runtime_wait3(int *status, int options, struct rusage *usage)
{
	return runtime_wait4(-1, status, options, usage);
}

int runtime_waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
	int status = 0;
	pid_t pid = wait_for(type == P_PID ? (pid_t)id : -1, options & WNOHANG, &status,
		options & WNOWAIT);
	if (pid < 0)
		return -1;
	if (!info)
		return 0;
	real.memset(info, 0, sizeof *info);
	if (!pid)
		return 0;
	info->si_signo = SIGCHLD;
	info->si_pid = pid;
	info->si_code = WIFEXITED(status) ? CLD_EXITED : CLD_KILLED;
	info->si_status = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
	return 0;
}

/* Ending */

static void exit_point(void)
{
	struct operation operation = operation_at(STEP_EXIT, 0, NULL);
	if (process_private.threads > 1)
		point(&operation);
	else
		note(&operation);
}

/* Registered before any handler of the program's, so that it runs after them all. */
void process_exit_last(int status, void *unused)
{
	struct frame frame = {.rbp = (uint64_t)__builtin_frame_address(0)};
	(void)unused;
	if (!explore_self.task)
		return;
	explore_self.frame = &frame;
	exit_point();
	explore_self.inside++;
	fflush(NULL);
	explore_self.inside--;
	explore_self.frame = &frame;
	process_finish((status & 0xff) << 8);
}

void runtime__exit(int status)
{
	if (!explore_self.task || explore_self.inside)
		kernel(SYS_exit_group, status, 0, 0, 0, 0, 0);
	exit_point();
	process_finish((status & 0xff) << 8);
}

void runtime__Exit(int status)
{
	runtime__exit(status);
}

void runtime_quick_exit(int status)
{
	runtime__exit(status);
}

void runtime_abort(void)
{
	if (!explore_self.task)
		kernel(SYS_exit_group, 134, 0, 0, 0, 0, 0);
	if (detected(DEFECT_CRASH))
		defect_fatal(DEFECT_CRASH, "abort() is called");
	exit_point();
	process_finish(SIGABRT);
}

void runtime___assert_fail(
	const char *expression, const char *file, unsigned line, const char *function)
{
	(void)file;
	(void)line;
	(void)function;
	if (detected(DEFECT_ASSERT))
		defect_fatal(DEFECT_ASSERT, "assertion failed: %s", expression);
	runtime_abort();
}

/* Signals */

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

/* The kernel would kill the child behind the scheduler's back. */
long process_prctl(int option, long a, long b, long c, long d)
{
	if (option != PR_SET_PDEATHSIG)
		return kernel(SYS_prctl, option, a, b, c, d, 0);
	control->processes[process_private.process].parent_death_signal = (uint8_t)a;
	return 0;
}

int runtime_prctl(int option, long a, long b, long c, long d)
{
	long result = explore_self.task ? process_prctl(option, a, b, c, d)
					: kernel(SYS_prctl, option, a, b, c, d, 0);
	if (result >= 0)
		return (int)result;
	errno = (int)-result;
	return -1;
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

/* The fault is where the stack goes on: there is no more of it. */
static bool stack_overflows(const siginfo_t *info, uintptr_t stack)
{
	enum { NEAR = 1 << 16 };
	uintptr_t address = (uintptr_t)info->si_addr;
	return address + NEAR >= stack && address < explore_self.task->stack_top;
}

/* The process ends as it does without us. Its end is a step like any other, unless there is
 * no stack left to take it on. */
static void crash_unnoticed(int number, const siginfo_t *info, const struct frame *frame,
	uintptr_t stack) __attribute__((noreturn));
static void crash_unnoticed(
	int number, const siginfo_t *info, const struct frame *frame, uintptr_t stack)
{
	enum { RED_ZONE = 512 };
	if (!stack_overflows(info, stack)) {
		/* where the state's hash expects a live stack to start */
		explore_self.frame = (struct frame *)((stack - RED_ZONE) & ~15ull);
		*explore_self.frame = *frame;
		exit_point();
	}
	process_finish(number);
}

/*
 * Loops over instrumented accesses are ended by their number (access.c); `for (;;);` has none,
 * so a task that uses a second of the processor without a step ends, too. Where the signal
 * met it is chance: the step before it is shown.
 */
static void computes_without_end(void) __attribute__((noreturn));
static void computes_without_end(void)
{
	struct frame frame = {.pc = explore_self.task->pending.pc};
	explore_self.frame = &frame;
	defect_fatal(DEFECT_LIVELOCK, "a task computes without end after its last step");
}

enum { TICK_US = 250000, TICKS = 4 };

static void ticked(int number)
{
	struct process *process = &control->processes[process_private.process];
	(void)number;
	if (!explore_self.task)
		return;
	if (process->tick_step != control->result.steps)
		process->ticks = 0;
	process->tick_step = control->result.steps;
	if (++process->ticks > TICKS)
		computes_without_end();
}

/* For each process anew: fork does not pass timers on. */
void ticks_start(void)
{
	struct itimerval often = {{0, TICK_US}, {0, TICK_US}};
	kernel(SYS_setitimer, ITIMER_PROF, (long)&often, 0, 0, 0, 0);
}

static void crashed(int number, siginfo_t *info, void *context)
{
	const ucontext_t *machine = context;
	struct frame frame = {.pc = (uint64_t)machine->uc_mcontext.gregs[REG_RIP],
		.rbp = (uint64_t)machine->uc_mcontext.gregs[REG_RBP]};
	explore_self.frame = &frame;
	if (!explore_self.task)
		kernel(SYS_exit_group, 128 + number, 0, 0, 0, 0, 0);
	if (number == SIGXCPU)
		computes_without_end();
	if (memory_unmapped((uintptr_t)info->si_addr) && detected(DEFECT_FREED))
		defect_fatal(DEFECT_FREED, "memory is used after it was unmapped");
	uintptr_t stack = (uintptr_t)machine->uc_mcontext.gregs[REG_RSP];
	if (!detected(DEFECT_CRASH))
		crash_unnoticed(number, info, &frame, stack);
	if (number == SIGFPE || number == SIGILL)
		defect_fatal(DEFECT_CRASH, "%s",
			number == SIGFPE ? "arithmetic fault, such as a division by zero"
					 : "illegal instruction");
	if (stack_overflows(info, stack))
		defect_fatal(DEFECT_CRASH, "stack overflow");
	if (!info->si_addr)
		defect_fatal(DEFECT_CRASH, "a null pointer is followed");
	defect_fatal(DEFECT_CRASH, "%s at address %p",
		number == SIGSEGV ? "segmentation fault" : "bus error", info->si_addr);
}

void crash_handlers_install(void)
{
	static const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGXCPU};
	struct sigaction tick = {
		.sa_handler = ticked, .sa_flags = SA_ONSTACK | SA_RESTART};
	/* each process has its own, for a crash need not end the execution */
	enum { CRASH_STACK = 1 << 16 };
	stack_t alternative = {.ss_size = CRASH_STACK,
		.ss_sp = real.mmap(NULL, CRASH_STACK, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)};
	struct sigaction action = {
		.sa_sigaction = crashed, .sa_flags = SA_SIGINFO | SA_ONSTACK};
	sigaltstack(&alternative, NULL);
	for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++)
		real.sigaction(numbers[i], &action, NULL);
	real.sigaction(SIGPROF, &tick, NULL);
}
