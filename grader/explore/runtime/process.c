/* SPDX-License-Identifier: MIT */
/*
 * Processes: forked for real, waited for in the model. A process that has ended has told its
 * status here before it hands on the baton; the real zombie is left to the fork server.
 * Process numbers are virtual, for the kernel's differ from run to run.
 */
#include "files.h"
#include "ipc.h"
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { FIRST_PID = 1000 };

int virtual_pid(uint32_t process)
{
	return FIRST_PID + (int)process;
}

bool process_of(pid_t pid, uint32_t *process)
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
	operation.detail = process_private.threads - 1;
	if (operation.detail)
		point(&operation); /* what the other threads have done so far is copied */
	else
		note(&operation);
	uint32_t process = process_new(process_private.process);
	uint32_t index = task_new(process, explore_self.index);
	own_step()->value = index;
	clock_tick(explore_self.task);
	objects_fork(process);
	const struct process *own = &control->processes[process_private.process];
	segments_inherit(process, process_private.process);
	descriptors_inherit(process, process_private.process);
	control->processes[process].caught = own->caught;
	control->processes[process].ignored = own->ignored;
	control->processes[process].reaps_itself = own->reaps_itself;
	control->processes[process].no_stops_told = own->no_stops_told;
	control->tasks[index].signals_blocked = explore_self.task->signals_blocked;
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

pid_t runtime_getpid(void)
{
	if (!explore_self.task)
		return (pid_t)kernel(SYS_getpid, 0, 0, 0, 0, 0, 0);
	return virtual_pid(process_private.process);
}

/* The parent may end before or after. */
static void relations_point(void)
{
	struct operation operation = operation_at(STEP_RELATIONS, 0, NULL);
	point(&operation);
}

pid_t runtime_getppid(void)
{
	if (!explore_self.task || !process_private.process)
		return FIRST_PID - 1;
	uint32_t parent = control->processes[process_private.process].parent;
	relations_point();
	return control->processes[parent].alive ? virtual_pid(parent) : 1;
}

/* The kernel would kill the child behind the scheduler's back. */
long process_prctl(int option, long a, long b, long c, long d)
{
	if (option != PR_SET_PDEATHSIG)
		return kernel(SYS_prctl, option, a, b, c, d, 0);
	relations_point();
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

/* Waiting */

enum found { FOUND_NONE, FOUND_ALIVE, FOUND_ENDED, FOUND_STOPPED, FOUND_CONTINUED };

/* Which children are meant: as the pid of waitpid(). */
static bool child_meant(uint32_t index, pid_t pid)
{
	const struct process *child = &control->processes[index];
	const struct process *own = &control->processes[process_private.process];
	if (child->parent != process_private.process || child->waited)
		return false;
	if (pid > 0)
		return pid == virtual_pid(index);
	return pid == -1 || child->group == (pid ? -pid : own->group);
}

static enum found find_child(pid_t pid, int options, uint32_t *process)
{
	enum found found = FOUND_NONE;
	for (uint32_t i = 1; i < control->result.processes; i++) {
		const struct process *child = &control->processes[i];
		if (!child_meant(i, pid))
			continue;
		*process = i;
		if (!child->alive && options & WEXITED)
			return FOUND_ENDED;
		if (child->stop_news && options & WSTOPPED)
			return FOUND_STOPPED;
		if (child->continue_news && options & WCONTINUED)
			return FOUND_CONTINUED;
		found = FOUND_ALIVE;
	}
	return found;
}

/* The news are taken, unless they are only looked at. */
static int child_status(uint32_t index, enum found found, bool keep)
{
	struct process *child = &control->processes[index];
	int number = child->stop_news;
	uint32_t other;
	if (found == FOUND_ENDED && !keep) {
		child->waited = 1;
		if (find_child(-1, WEXITED, &other) != FOUND_ENDED)
			control->processes[process_private.process].child_ended = 0;
	}
	if (found == FOUND_STOPPED && !keep)
		child->stop_news = 0;
	if (found == FOUND_CONTINUED && !keep)
		child->continue_news = 0;
	return found == FOUND_ENDED	? child->status
	       : found == FOUND_STOPPED ? number << 8 | 0x7f
					: 0xffff;
}

/* Returns the virtual pid, 0 for nobody yet, -1 with errno set. `options` of waitid(). */
static pid_t wait_for(pid_t pid, int options, int *status, enum found *found)
{
	uint32_t process = 0;
	uint64_t key = canonical(&control->processes[process_private.process]) + 1;
	struct operation operation = operation_at(STEP_WAIT_CHILD, key, NULL);
	enum interruption interruption;
	operation.detail = (uint64_t)pid;
	operation.flags = options & WNOHANG ? FLAG_FREE_SWITCH : 0;
	if (options & WNOHANG)
		yield_turn();
	interruption = arrive_interruptibly(&operation,
		(options & WNOHANG) || find_child(pid, options, &process) != FOUND_ALIVE,
		0);
	while ((*found = find_child(pid, options, &process)) == FOUND_ALIVE &&
		!(options & WNOHANG)) {
		if (interruption == WAIT_ENDED) {
			errno = EINTR;
			return -1;
		}
		interruption = arrive_interruptibly(&operation, false, 0);
	}
	if (*found == FOUND_NONE) {
		errno = ECHILD;
		return -1;
	}
	if (*found == FOUND_ALIVE) {
		own_step()->flags |= FLAG_TIMED_OUT;
		return 0;
	}
	*status = child_status(process, *found, options & WNOWAIT);
	object_acquire(canonical(&control->processes[process]));
	own_step()->value = process;
	changed();
	return virtual_pid(process);
}

pid_t runtime_waitpid(pid_t pid, int *status, int options)
{
	int unused = 0;
	enum found found;
	if (!explore_self.task) {
		errno = ECHILD;
		return -1;
	}
	if (options & ~(WNOHANG | WUNTRACED | WCONTINUED)) {
		errno = EINVAL;
		return -1;
	}
	return wait_for(pid, options | WEXITED, status ? status : &unused, &found);
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

static int child_code(enum found found, int status)
{
	if (found == FOUND_STOPPED)
		return CLD_STOPPED;
	if (found == FOUND_CONTINUED)
		return CLD_CONTINUED;
	return WIFEXITED(status) ? CLD_EXITED : CLD_KILLED;
}

int runtime_waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
	int status = 0;
	enum found found = FOUND_NONE;
	pid_t meant = type == P_PID ? (pid_t)id : type == P_PGID ? -(pid_t)id : -1;
	if (!(options & (WEXITED | WSTOPPED | WCONTINUED)) || type > P_PGID) {
		errno = EINVAL;
		return -1;
	}
	pid_t pid = wait_for(meant, options, &status, &found);
	if (pid < 0)
		return -1;
	if (!info)
		return 0;
	real.memset(info, 0, sizeof *info);
	if (!pid)
		return 0;
	info->si_signo = SIGCHLD;
	info->si_pid = pid;
	info->si_code = child_code(found, status);
	info->si_status = found == FOUND_CONTINUED ? SIGCONT
			  : found == FOUND_STOPPED ? WSTOPSIG(status)
			  : WIFEXITED(status)	   ? WEXITSTATUS(status)
						   : WTERMSIG(status);
	return 0;
}

/* The parent of a child that ended, was stopped or goes on. */
void child_news(uint32_t index, int code, int status)
{
	struct process *child = &control->processes[index];
	const struct process *parent = &control->processes[child->parent];
	bool ended = code == CLD_EXITED || code == CLD_KILLED;
	if (!index || !parent->alive)
		return;
	if (ended && parent->reaps_itself)
		child->waited = 1;
	wake_all(canonical(parent) + 1);
	if (!ended && parent->no_stops_told)
		return;
	signal_send(&(struct pending_signal){.process = child->parent,
		.number = SIGCHLD,
		.code = code,
		.pid = virtual_pid(index),
		.value = (uint64_t)status});
}

/* Job control */

static void set_held_back(uint32_t process)
{
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		struct task *task = &control->tasks[i];
		if (task->process == process && task->state == TASK_READY)
			task_set_state(task, TASK_READY); /* it sees to who may run */
	}
}

/* Until SIGCONT comes, none of its tasks has a turn. */
void process_stop(uint32_t index, int number)
{
	struct process *process = &control->processes[index];
	if (process->stopped)
		return;
	process->stopped = (uint8_t)number;
	process->stop_news = (uint8_t)number;
	process->continue_news = 0;
	object_release(canonical(process));
	set_held_back(index);
	touched();
	child_news(index, CLD_STOPPED, number);
	if (index != process_private.process)
		return;
	struct operation operation = operation_at(STEP_STOPPED, 0, NULL);
	point(&operation);
}

void process_continue(uint32_t index)
{
	struct process *process = &control->processes[index];
	if (!process->stopped)
		return;
	process->stopped = 0;
	process->stop_news = 0;
	process->continue_news = 1;
	set_held_back(index);
	touched();
	child_news(index, CLD_CONTINUED, SIGCONT);
}

/* Process groups: numbers of this execution, as process numbers are */

static struct process *process_named(pid_t pid)
{
	uint32_t process = process_private.process;
	if (pid && !process_of(pid, &process))
		return NULL;
	return &control->processes[process];
}

pid_t runtime_getpgid(pid_t pid)
{
	const struct process *process = process_named(pid);
	if (process)
		return process->group;
	errno = ESRCH;
	return -1;
}

pid_t runtime_getpgrp(void)
{
	return runtime_getpgid(0);
}

int runtime_setpgid(pid_t pid, pid_t group)
{
	struct process *process = process_named(pid);
	if (!process || group < 0) {
		errno = process ? EINVAL : ESRCH;
		return -1;
	}
	relations_point();
	uint32_t index = (uint32_t)(process - control->processes);
	process->group = group ? group : virtual_pid(index);
	touched();
	return 0;
}

pid_t runtime_setsid(void)
{
	runtime_setpgid(0, 0);
	return runtime_getpgrp();
}

/* Ending */

void exit_point(void)
{
	struct operation operation = operation_at(STEP_EXIT, 0, NULL);
	if (process_private.threads > 1)
		point(&operation);
	else
		note(&operation);
}

/* The end of main ends threads that nobody has waited for. A thread that calls exit(), or a
 * program that gives up with a status of its own, means to leave the others behind. */
static void threads_left(void)
{
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		const struct task *task = &control->tasks[i];
		if (task->process != process_private.process || task->main_thread ||
			task->joined || task->detached || i == explore_self.index)
			continue;
		struct defect *defect = defect_new(DEFECT_CHILDREN,
			task->state == TASK_FINISHED
				? "a thread is never joined"
				: "a thread is never joined: the process ends before it");
		if (defect) {
			defect->pc = task->made_at;
			defect->task = (uint16_t)i;
		}
	}
}

/* Registered before any handler of the program's, so that it runs after them all. */
void process_exit_last(int status, void *unused)
{
	struct frame frame = {.rbp = (uint64_t)__builtin_frame_address(0)};
	(void)unused;
	if (!explore_self.task)
		return;
	explore_self.frame = &frame;
	if (explore_self.task->main_thread && status == 0)
		threads_left();
	on_exit(process_exit_last, NULL); /* for another thread that calls exit() here */
	exit_point();
	standard_streams_follow();
	fflush(NULL); /* what streams on pipes and files still hold goes through write() */
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
	struct process *process = &control->processes[process_private.process];
	if (process->caught & signal_bit(SIGABRT)) {
		signals_block(explore_self.task->signals_blocked & ~signal_bit(SIGABRT));
		signal_send(&(struct pending_signal){.number = SIGABRT,
			.process = (uint16_t)process_private.process,
			.receiver = (uint16_t)(explore_self.index + 1),
			.code = SI_TKILL,
			.pid = virtual_pid(process_private.process)});
		signals_deliver();
	}
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
