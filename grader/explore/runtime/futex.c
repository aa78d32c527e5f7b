/* SPDX-License-Identifier: MIT */
/*
 * Futexes, and the system calls that a program makes by their numbers. A wait compares the
 * word and goes to sleep in one step, as the kernel's does.
 */
#include "signals.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>

static bool in_library(void)
{
	return explore_self.library_depth > 0;
}

/* A private futex is another one in each process, even in memory that they share. */
static uint64_t futex_key(const struct operation *operation, int command)
{
	uint64_t process = (uint64_t)process_private.process + 1;
	return command & FUTEX_PRIVATE_FLAG ? operation->address ^ process << 48
					    : operation->address;
}

static long futex_wait(uint32_t *word, int command, uint32_t expected, uint64_t deadline)
{
	struct operation operation = operation_on(STEP_FUTEX_WAIT, word);
	if (!in_library()) {
		yield_turn();
		point(&operation);
	}
	if (*word != expected)
		return -EAGAIN;
	if (deadline && deadline <= control->time)
		return -ETIMEDOUT;
	struct process *process = &control->processes[process_private.process];
	if (process->child_ended) {
		process->child_ended = 0;
		control->changes++;
		return 0; /* see sleepers_look_again() */
	}
	operation = operation_at(STEP_FUTEX_WAIT, futex_key(&operation, command), NULL);
	enum interruption interruption;
	do
		interruption = arrive_interruptibly(&operation, false, deadline);
	while (interruption == HANDLED && *word == expected);
	if (interruption >= HANDLED)
		return interruption == WAIT_ENDED ? -EINTR : -EAGAIN;
	return explore_self.task->timed_out ? -ETIMEDOUT : 0;
}

static long futex_wake(uint32_t *word, int command, uint32_t most)
{
	struct operation operation = operation_on(STEP_FUTEX_WAKE, word);
	long woken = 0;
	if (!in_library())
		point(&operation);
	uint64_t key = futex_key(&operation, command);
	while (woken < most && waiters(key)) {
		make_ready(pick_waiter(key));
		woken++;
	}
	touched();
	return woken;
}

static long futex(
	uint32_t *word, int command, uint32_t value, const struct timespec *timeout)
{
	uint64_t deadline = 0;
	switch (command & ~(FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME)) {
	case FUTEX_WAIT:
		if (timeout)
			deadline = control->time + deadline_of(timeout);
		return futex_wait(word, command, value, deadline);
	case FUTEX_WAIT_BITSET:
		if (timeout)
			deadline = deadline_of(timeout);
		return futex_wait(word, command, value, deadline);
	case FUTEX_WAKE:
	case FUTEX_WAKE_BITSET:
		return futex_wake(word, command, value);
	default:
		execution_uncovered("futex with this operation");
	}
}

/* A call that a task makes. */
long task_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	switch (number) {
	case SYS_futex:
		return futex(
			(uint32_t *)a, (int)b, (uint32_t)c, (const struct timespec *)d);
	case SYS_sched_yield:
		return runtime_sched_yield();
	case SYS_getpid:
		return virtual_pid(process_private.process);
	case SYS_getppid:
		return runtime_getppid();
	case SYS_prctl:
		return process_prctl((int)a, b, c, d, e);
	case SYS_gettid:
		return virtual_pid(process_private.process) +
		       (int)explore_self.index * 1000;
	case SYS_fork:
	case SYS_clone:
	case SYS_vfork:
		execution_uncovered("syscall that makes a process");
	case SYS_close:
	case SYS_exit_group:
	case SYS_getuid:
	case SYS_geteuid:
	case SYS_getgid:
	case SYS_getegid:
	case SYS_membarrier:
	case SYS_get_robust_list:
	case SYS_set_robust_list:
	case SYS_pidfd_open:
		return kernel(number, a, b, c, d, e, f);
	default:
		execution_uncovered("syscall with this number");
	}
}

long runtime_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	long result = explore_self.task ? task_syscall(number, a, b, c, d, e, f)
					: kernel(number, a, b, c, d, e, f);

	if (result < 0 && result > -4096) {
		errno = (int)-result;
		return -1;
	}
	return result;
}

pid_t runtime_gettid(void)
{
	return (pid_t)runtime_syscall(SYS_gettid, 0, 0, 0, 0, 0, 0);
}
