/* SPDX-License-Identifier: MIT */
#include "children.h"
#include "futex.h"
#include "self.h"
#include "task.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

/*
 * States. Numbers that storage nobody zeroed will hardly hold, so that forgetting to zero
 * it is answered by "not started" and not by a signal to some other process.
 */
#define STARTED UINT64_C(0x70726f6373746172)
#define JOINED UINT64_C(0x70726f636a6f696e)
#define LOST UINT64_C(0x70726f636c6f7374)

int mp_process_begin(struct mp_process *process, int (*function)(void *argument),
	void *argument, bool daemon)
{
	int status;

	if (process->state == STARTED)
		return process->parent == mp_current_id() ? MP_ALREADY_STARTED
							  : MP_NOT_PARENT;
	if (function == NULL)
		return MP_INVALID;
	if (mp_self_of_thread.daemon)
		return MP_IS_DAEMON;
	*process = (struct mp_process){.parent = mp_current_id(), .sentinel = -1};
	status = mp_task_start(process, function, argument, daemon);
	if (status == MP_OK) {
		process->state = STARTED;
		mp_children_add(mp_task_id(process));
	}
	return status;
}

int mp_processors(void)
{
	int most = 1024;

	/* EINVAL: the kernel knows of more processors than the set has room for. */
	for (;; most *= 2) {
		cpu_set_t *set = CPU_ALLOC((size_t)most);
		size_t bytes = CPU_ALLOC_SIZE((size_t)most);
		int result = set ? sched_getaffinity(0, bytes, set) : -1;
		bool larger = set && result < 0 && errno == EINVAL && most < 1 << 20;
		int count = result == 0 ? CPU_COUNT_S(bytes, set) : 1;

		CPU_FREE(set);
		if (!larger)
			return count > 0 ? count : 1;
	}
}

int mp_process_start(
	struct mp_process *process, int (*function)(void *argument), void *argument)
{
	mp_task_flush();
	return mp_process_begin(process, function, argument, false);
}

int mp_process_start_daemon(
	struct mp_process *process, int (*function)(void *argument), void *argument)
{
	mp_task_flush();
	return mp_process_begin(process, function, argument, true);
}

/* MP_OK if the caller may wait for the process or signal it. */
static int check(const struct mp_process *process)
{
	if (process->state != STARTED && process->state != JOINED &&
		process->state != LOST)
		return MP_NOT_STARTED;
	return process->parent == mp_current_id() ? MP_OK : MP_NOT_PARENT;
}

static int join(struct mp_process *process, const struct timespec *deadline)
{
	int status = check(process);

	if (status != MP_OK || process->state == JOINED)
		return status;
	if (process->state == LOST)
		return MP_LOST;
	status = mp_task_wait(process, deadline);
	if (status == MP_TIMEOUT)
		return status;
	process->state = status == MP_OK ? JOINED : LOST;
	mp_children_remove(mp_task_id(process));
	if (process->sentinel >= 0)
		close(process->sentinel);
	process->sentinel = -1;
	return status;
}

int mp_process_join(struct mp_process *process)
{
	return join(process, NULL);
}

int mp_process_join_timeout(struct mp_process *process, long timeout_ms)
{
	/* A monotonic clock never shows less than the zero that stands for "do not wait".
	 */
	struct timespec deadline = {0, 0};

	if (timeout_ms > 0)
		deadline = mp_deadline_after(timeout_ms);
	return join(process, &deadline);
}

int mp_process_exit_code(const struct mp_process *process, int *code)
{
	int status = check(process);

	if (status != MP_OK)
		return status;
	if (process->state == LOST)
		return MP_LOST;
	if (process->state != JOINED)
		return mp_task_peek(process, code);
	*code = process->code;
	return MP_OK;
}

bool mp_process_is_alive(struct mp_process *process)
{
	int code;

	return mp_process_exit_code(process, &code) == MP_STILL_RUNNING;
}

static int send_signal(struct mp_process *process, int signal)
{
	int status = check(process);

	if (status != MP_OK || process->state == JOINED)
		return status;
	if (process->state == LOST)
		return MP_LOST;
	return mp_task_signal(process, signal);
}

int mp_process_terminate(struct mp_process *process)
{
	return send_signal(process, SIGTERM);
}

int mp_process_kill(struct mp_process *process)
{
	return send_signal(process, SIGKILL);
}

pid_t mp_process_id(const struct mp_process *process)
{
	if (process->state != STARTED && process->state != JOINED &&
		process->state != LOST)
		return 0;
	return mp_task_id(process);
}

int mp_process_sentinel(struct mp_process *process, int *fd)
{
	int status = check(process);

	if (status != MP_OK)
		return status;
	if (process->state != STARTED)
		return MP_INVALID;
	if (process->sentinel < 0)
		status = mp_task_open_sentinel(process);
	*fd = process->sentinel;
	return status;
}
