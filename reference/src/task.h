/* SPDX-License-Identifier: MIT */
#ifndef MP_SRC_TASK_H
#define MP_SRC_TASK_H

/*
 * What a backend provides: task_fork.c makes a process of each task, task_thread.c a
 * thread. process.c holds what is the same for both: the states and who may do what.
 *
 *	status = mp_task_start(process, function, argument, daemon);
 *	status = mp_task_wait(process, NULL);         process->code is its exit code now
 */

#include <mp/process.h>
#include <time.h>

/*
 * Writes buffered output: before a task starts, which would otherwise inherit a copy and write
 * it again, and before a task ends.
 */
void mp_task_flush(void);

/* mp_process_exit for one that has flushed. */
_Noreturn void mp_task_end(int code);

/* Fills in id, sentinel and task. */
int mp_task_start(struct mp_process *process, int (*function)(void *argument),
	void *argument, bool daemon);

/* Waits until the deadline (NULL: for ever), reaps it and fills in code. MP_TIMEOUT. */
int mp_task_wait(struct mp_process *process, const struct timespec *deadline);

/* The exit code of one that was not waited for; MP_STILL_RUNNING. It stays to be waited
 * for. */
int mp_task_peek(const struct mp_process *process, int *code);

int mp_task_signal(struct mp_process *process, int signal);

/* Opens process->sentinel if it is -1. */
int mp_task_open_sentinel(struct mp_process *process);

pid_t mp_task_id(const struct mp_process *process);

/* process.c: what mp_process_start does after the flush. */
int mp_process_begin(struct mp_process *process, int (*function)(void *argument),
	void *argument, bool daemon);

#endif
