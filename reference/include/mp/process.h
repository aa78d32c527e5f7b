/* SPDX-License-Identifier: MIT */
#ifndef MP_PROCESS_H
#define MP_PROCESS_H

/*
 * A process that runs one function of this program. It begins with a copy of all the
 * parent's memory, and shares with it what was made by mp_shared_new before it started.
 *
 *	struct mp_process child = {0};
 *	int code;
 *	mp_process_start(&child, withdraw, balance);
 *	mp_process_join(&child);
 *	mp_process_exit_code(&child, &code);
 *
 * A process belongs to the one that started it: others get MP_NOT_PARENT. Any of its
 * threads may make these calls, but of two that use one mp_process at a time one must wait
 * for the other. Not for signal handlers, but for mp_process_exit's system call, _exit(2).
 * A child may itself start processes; what it inherits of its parent's are not its.
 *
 * A program that reaps all children (by wait(2), or because SIGCHLD is ignored) takes the exit
 * code: then the answer is MP_LOST, and nobody else is hit by a signal.
 *
 * Buffered output: in a program without threads all of it is written before a process starts
 * and when it ends. In one with threads that is done for stdout and stderr alone, unless
 * another thread is using them at that moment: other streams are the program's to flush.
 *
 * In libmp-threads.a every "process" is a thread, so that tools which see only threads
 * see it. There mp_process_id is the thread's id; a kill takes effect when the thread
 * waits in the library or reaches a cancellation point (pthreads(7)); a daemon ends
 * with the program; and exit() ends the whole program: use mp_process_exit, which is
 * right in both.
 */

#include <mp/language.h>
#include <mp/status.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

/* The caller's storage, in any memory; zeroed before the first start. Fields: the
 * library's. */
struct mp_process {
	uint64_t state;
	pid_t id;
	pid_t parent;
	int code;
	int sentinel;
	void *task;
};

/*
 * Starts function(argument) in a new process. What it returns is the exit code, of which
 * 8 bits are kept. Buffered output is written before, so that it does not appear twice.
 * MP_ALREADY_STARTED until it is joined; after that it may be started again.
 * MP_IS_DAEMON.
 */
int mp_process_start(
	struct mp_process *process, int (*function)(void *argument), void *argument);

/*
 * The same for a process that must not outlive the one that starts it: it is killed when
 * the thread that started it ends, and may itself start no others.
 */
int mp_process_start_daemon(
	struct mp_process *process, int (*function)(void *argument), void *argument);

/*
 * Waits until it has ended and takes its exit code, so that no zombie is left. Once
 * joined, it may be joined again. MP_NOT_STARTED; MP_NOT_PARENT if another process
 * started it.
 */
int mp_process_join(struct mp_process *process);

/* At most timeout_ms milliseconds (less than 0 counts as 0): MP_TIMEOUT if it still runs
 * then. MP_LOST, from this and the next: somebody else has reaped it. */
int mp_process_join_timeout(struct mp_process *process, long timeout_ms);

/* What it returned, or -n if signal n ended it. MP_STILL_RUNNING, MP_NOT_STARTED,
 * MP_NOT_PARENT, MP_LOST: then *code is left as it is. */
int mp_process_exit_code(const struct mp_process *process, int *code);

bool mp_process_is_alive(struct mp_process *process);

/* Sends SIGTERM, or SIGKILL which cannot be refused. It ended already: MP_OK. Join it as
 * well. MP_LOST: somebody else has reaped it, and nothing is sent. */
int mp_process_terminate(struct mp_process *process);
int mp_process_kill(struct mp_process *process);

/* Its process id, 0 before it was started. */
pid_t mp_process_id(const struct mp_process *process);

/*
 * A file descriptor that poll(2) finds readable once the process has ended. It belongs to
 * the library and is closed by join. (Without pidfd_open(2) it is a pipe that the
 * process's own children also hold open.) Children that are started
 * later inherit it. MP_UNSUPPORTED in the explore build.
 */
int mp_process_sentinel(struct mp_process *process, int *fd);

/*
 * The ids of all that this process has started and not joined, a pool's workers among them: up
 * to room of them, and how many there are.
 */
size_t mp_children(pid_t *ids, size_t room);

/* How many processors the calling thread may run on (sched_getaffinity(2)); at least 1. */
int mp_processors(void);

/* The id of the caller, as mp_process_id gives it to the parent. */
pid_t mp_current_id(void);

/* Ends the calling process (in the thread build: the calling thread) with this exit code.
 */
void mp_process_exit(int code) MP_NO_RETURN;

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
