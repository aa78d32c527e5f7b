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
 * In libmp-threads.a every "process" is a thread, so that tools which see only threads
 * see it. There mp_process_id is the thread's id; a kill takes effect when the thread
 * waits in the library or reaches a cancellation point (pthreads(7)); a daemon ends
 * with the program; and exit() ends the whole program: use mp_process_exit, which is
 * right in both.
 */

#include <mp/status.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#pragma GCC visibility push(default)

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
 * then. */
int mp_process_join_timeout(struct mp_process *process, long timeout_ms);

/* What it returned, or -n if signal n ended it. MP_STILL_RUNNING, MP_NOT_STARTED,
 * MP_NOT_PARENT. */
int mp_process_exit_code(const struct mp_process *process, int *code);

bool mp_process_is_alive(struct mp_process *process);

/* Sends SIGTERM, or SIGKILL which cannot be refused. It ended already: MP_OK. Join it as
 * well. */
int mp_process_terminate(struct mp_process *process);
int mp_process_kill(struct mp_process *process);

/* Its process id, 0 before it was started. */
pid_t mp_process_id(const struct mp_process *process);

/*
 * A file descriptor that poll(2) finds readable once the process has ended. It belongs to
 * the library and is closed by join. (Without pidfd_open(2) it is a pipe that the
 * process's own children also hold open.) MP_UNSUPPORTED in the explore build.
 */
int mp_process_sentinel(struct mp_process *process, int *fd);

/* The id of the caller, as mp_process_id gives it to the parent. */
pid_t mp_current_id(void);

/* Ends the calling process (in the thread build: the calling thread) with this exit code.
 */
_Noreturn void mp_process_exit(int code);

#pragma GCC visibility pop

#endif
