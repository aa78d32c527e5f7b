/* SPDX-License-Identifier: MIT */
/*
 * Cancellation. A thread that is cancelled ends at its next cancellation point: where it asks
 * (pthread_testcancel), or where it stands before an operation that may wait, which it has not
 * done then. One that waits on a condition takes the mutex first. Asynchronous cancellation
 * ends a thread at its next step, whatever it is.
 */
#include "sync.h"

#include <errno.h>

static const uint64_t waiting_kinds =
	KIND(STEP_SEM_WAIT) | KIND(STEP_JOIN) | KIND(STEP_WAIT_CHILD) | KIND(STEP_PAUSE) |
	KIND(STEP_SIGNAL_WAIT) | KIND(STEP_SLEEP) | KIND(STEP_PIPE_READ) |
	KIND(STEP_PIPE_WRITE) | KIND(STEP_CONNECT) | KIND(STEP_ACCEPT) | KIND(STEP_SEND) |
	KIND(STEP_RECEIVE);

static __thread bool asynchronous;

/* The calling thread does not take a step of this kind any more. */
bool cancellation_due(enum step_kind kind)
{
	const struct task *task = explore_self.task;
	return task->cancelled && !task->cancel_disabled &&
	       (asynchronous || waiting_kinds >> kind & 1);
}

void cancellation_point(enum step_kind kind)
{
	struct task *task = explore_self.task;
	if (!cancellation_due(kind))
		return;
	task->cancel_disabled = 1; /* cleanup handlers run to their end */
	task->result = (uint64_t)PTHREAD_CANCELED;
	thread_unwind();
}

void runtime_pthread_testcancel(void)
{
	if (explore_self.task)
		cancellation_point(STEP_PAUSE);
}

int runtime_pthread_cancel(pthread_t thread)
{
	struct task *task = explore_self.task ? task_of(thread) : NULL;
	if (!task)
		return ESRCH;
	struct operation operation = operation_at(STEP_SIGNAL, 0, NULL);
	point(&operation);
	task->cancelled = 1;
	bool on_condition = task->pending.kind == STEP_COND_RELOCK &&
			    task->pending.address != task->pending.detail;
	if (task->state == TASK_BLOCKED && !task->cancel_disabled &&
		(on_condition || waiting_kinds >> task->pending.kind & 1))
		make_ready((uint32_t)(task - control->tasks));
	changed();
	return 0;
}

int runtime_pthread_setcancelstate(int state, int *old)
{
	struct task *task = explore_self.task;
	if (!task)
		return 0;
	if (old)
		*old = task->cancel_disabled ? PTHREAD_CANCEL_DISABLE
					     : PTHREAD_CANCEL_ENABLE;
	task->cancel_disabled = state == PTHREAD_CANCEL_DISABLE;
	return 0;
}

int runtime_pthread_setcanceltype(int type, int *old)
{
	if (old)
		*old = asynchronous ? PTHREAD_CANCEL_ASYNCHRONOUS
				    : PTHREAD_CANCEL_DEFERRED;
	asynchronous = type == PTHREAD_CANCEL_ASYNCHRONOUS;
	return 0;
}
