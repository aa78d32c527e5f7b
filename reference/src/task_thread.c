/* SPDX-License-Identifier: MIT */
/*
 * Tasks as threads, for tools that only see threads. Everything that two threads share
 * here is guarded by the task's mutex, which such tools understand without being told. A
 * thread that ends holding locks leaves them as a dead process does: the kernel walks its
 * list as well.
 */
#include "futex.h"
#include "self.h"
#include "task.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

struct task {
	int (*function)(void *argument);
	void *argument;
	bool daemon;
	pthread_t thread;
	pthread_mutex_t mutex; /* guards everything below */
	pthread_cond_t changed;
	pid_t id; /* 0 until it runs */
	bool ended;
	bool returned; /* code is its own; otherwise a signal ended it */
	int code;
	int signal;
	int sentinel; /* an eventfd, -1 while nobody asked for it */
};

/* The calling thread's own task; NULL in the main thread. */
static _Thread_local struct task *own;

pid_t mp_current_id(void)
{
	return (pid_t)mp_self()->id;
}

/* Threads share their buffers. */
void mp_task_flush(void)
{
}

static void finish(struct task *task, bool returned, int code)
{
	pthread_mutex_lock(&task->mutex);
	task->returned = returned;
	task->code = code;
	pthread_mutex_unlock(&task->mutex);
}

void mp_task_end(int code)
{
	if (own == NULL)
		exit(code);
	finish(own, true, code & 0xff);
	pthread_exit(NULL);
}

void mp_process_exit(int code)
{
	mp_task_end(code);
}

static void end(void *argument)
{
	struct task *task = argument;
	uint64_t one = 1;
	int former;

	/* write is a cancellation point: a late kill must not end it with the mutex held.
	 */
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &former);
	pthread_mutex_lock(&task->mutex);
	task->ended = true;
	if (!task->returned)
		task->code = -(task->signal ? task->signal : SIGKILL);
	if (task->sentinel >= 0 && write(task->sentinel, &one, sizeof(one)) < 0)
		task->sentinel = -1;
	pthread_cond_broadcast(&task->changed);
	pthread_mutex_unlock(&task->mutex);
}

static void *run(void *argument)
{
	struct task *task = argument;

	pthread_cleanup_push(end, task);
	own = task;
	mp_self()->daemon = task->daemon;
	pthread_mutex_lock(&task->mutex);
	task->id = mp_current_id();
	pthread_cond_broadcast(&task->changed);
	pthread_mutex_unlock(&task->mutex);
	finish(task, true, task->function(task->argument) & 0xff);
	pthread_cleanup_pop(1);
	return NULL;
}

static int init_condition(pthread_cond_t *condition)
{
	pthread_condattr_t attributes;
	int error = pthread_condattr_init(&attributes);

	if (error)
		return error;
	error = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	if (!error)
		error = pthread_cond_init(condition, &attributes);
	pthread_condattr_destroy(&attributes);
	return error;
}

static void free_task(struct task *task)
{
	pthread_cond_destroy(&task->changed);
	pthread_mutex_destroy(&task->mutex);
	free(task);
}

int mp_task_start(struct mp_process *process, int (*function)(void *argument),
	void *argument, bool daemon)
{
	struct task *task = malloc(sizeof(*task));

	if (task == NULL)
		return MP_NO_MEMORY;
	*task = (struct task){.function = function,
		.argument = argument,
		.daemon = daemon,
		.sentinel = -1};
	pthread_mutex_init(&task->mutex, NULL);
	if (init_condition(&task->changed) != 0) {
		pthread_mutex_destroy(&task->mutex);
		free(task);
		return MP_NO_MEMORY;
	}
	if (pthread_create(&task->thread, NULL, run, task) != 0) {
		free_task(task);
		return MP_SYSTEM;
	}
	process->task = task;
	return MP_OK;
}

static void unlock(void *mutex)
{
	pthread_mutex_unlock(mutex);
}

int mp_task_wait(struct mp_process *process, const struct timespec *deadline)
{
	struct task *task = process->task;
	int error = 0;
	bool ended;

	pthread_mutex_lock(&task->mutex);
	/* The waiting thread may itself be killed here. */
	pthread_cleanup_push(unlock, &task->mutex);
	while (!task->ended && error != ETIMEDOUT) {
		if (deadline)
			error = pthread_cond_timedwait(
				&task->changed, &task->mutex, deadline);
		else
			pthread_cond_wait(&task->changed, &task->mutex);
	}
	ended = task->ended;
	process->id = task->id;
	process->code = task->code;
	pthread_cleanup_pop(1);
	if (!ended)
		return MP_TIMEOUT;
	/* Only when the thread is gone has the kernel marked the locks that it held. */
	pthread_join(task->thread, NULL);
	process->task = NULL;
	free_task(task);
	return MP_OK;
}

int mp_task_peek(const struct mp_process *process, int *code)
{
	struct task *task = process->task;
	bool ended;

	pthread_mutex_lock(&task->mutex);
	ended = task->ended;
	*code = task->code;
	pthread_mutex_unlock(&task->mutex);
	return ended ? MP_OK : MP_STILL_RUNNING;
}

int mp_task_signal(struct mp_process *process, int signal)
{
	struct task *task = process->task;

	pthread_mutex_lock(&task->mutex);
	if (!task->ended && !task->signal) {
		task->signal = signal;
		pthread_cancel(task->thread);
	}
	pthread_mutex_unlock(&task->mutex);
	return MP_OK;
}

int mp_task_open_sentinel(struct mp_process *process)
{
	struct task *task = process->task;
	int fd;

	pthread_mutex_lock(&task->mutex);
	fd = eventfd(task->ended, EFD_CLOEXEC);
	task->sentinel = fd;
	pthread_mutex_unlock(&task->mutex);
	process->sentinel = fd;
	return fd >= 0 ? MP_OK : MP_SYSTEM;
}

pid_t mp_task_id(const struct mp_process *process)
{
	struct task *task = process->task;
	pid_t id;

	if (task == NULL)
		return process->id;
	pthread_mutex_lock(&task->mutex);
	pthread_cleanup_push(unlock, &task->mutex);
	while (task->id == 0 && !task->ended)
		pthread_cond_wait(&task->changed, &task->mutex);
	id = task->id;
	pthread_cleanup_pop(1);
	return id;
}
