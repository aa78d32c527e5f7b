/* SPDX-License-Identifier: MIT */
/*
 * Tasks as processes, by fork(2). A child is waited for by id and never with waitpid(-1),
 * so children that the program made by other means stay its own affair. The program may
 * reap ours, though: by a stray wait(2), or by ignoring SIGCHLD. Then how it ended is lost,
 * and its id may be another's: so signals go through a pidfd, which stands for one process.
 */
#include "futex.h"
#include "self.h"
#include "task.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Whether no other thread can hold a stream. A C library that does not tell may have some. */
#if defined(__GLIBC__) && __GLIBC__ == 2 && __GLIBC_MINOR__ >= 32
#include <sys/single_threaded.h>
#define SINGLE_THREADED (__libc_single_threaded)
#else
#define SINGLE_THREADED false
#endif

pid_t mp_current_id(void)
{
	return getpid();
}

/* Not while another thread uses the stream: it may sit in a read(2) or write(2) for hours. */
static void flush_unless_used(FILE *stream)
{
	if (ftrylockfile(stream) != 0)
		return;
	fflush(stream);
	funlockfile(stream);
}

void mp_task_flush(void)
{
	if (SINGLE_THREADED) {
		fflush(NULL);
		return;
	}
	flush_unless_used(stdout);
	flush_unless_used(stderr);
}

/* What is in a child's buffers as it begins is the parent's to write. */
static void drop_inherited_output(void)
{
	if (__fpending(stdout) > 0)
		__fpurge(stdout);
	if (__fpending(stderr) > 0)
		__fpurge(stderr);
}

void mp_task_end(int code)
{
	_exit(code);
}

void mp_process_exit(int code)
{
	mp_task_flush();
	mp_task_end(code);
}

#ifdef MP_EXPLORE

static int open_pidfd(pid_t id)
{
	(void)id;
	errno = ENOSYS;
	return -1;
}

#else

static int open_pidfd(pid_t id)
{
	return (int)syscall(SYS_pidfd_open, id, 0);
}

#endif

/* Some valgrinds, and kernels before 5.3, have no pidfd: there each child holds a pipe
 * open. */
static bool pidfd_missing(void)
{
#ifdef MP_EXPLORE
	return false;
#else
	static _Atomic int missing = -1;

	if (missing < 0) {
		int fd = open_pidfd(getpid());

		missing = fd < 0 && errno == ENOSYS;
		if (fd >= 0)
			close(fd);
	}
	return missing != 0;
#endif
}

static int open_pipe(int ends[2])
{
	ends[0] = ends[1] = -1;
	if (!pidfd_missing())
		return MP_OK;
	return pipe2(ends, O_CLOEXEC) == 0 ? MP_OK : MP_SYSTEM;
}

static void close_end(int fd)
{
	if (fd >= 0)
		close(fd);
}

static void become_daemon(pid_t parent)
{
	mp_self_of_thread.daemon = true;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* The parent may have died before the line above. */
	if (getppid() != parent)
		_exit(1);
}

int mp_task_start(struct mp_process *process, int (*function)(void *argument),
	void *argument, bool daemon)
{
	pid_t parent = getpid();
	int ends[2];
	int status = open_pipe(ends);
	pid_t id;

	if (status != MP_OK)
		return status;
	id = fork();
	if (id == 0) {
		close_end(ends[0]);
		drop_inherited_output();
		if (daemon)
			become_daemon(parent);
		mp_process_exit(function(argument));
	}
	close_end(ends[1]);
	if (id < 0) {
		status = errno == ENOMEM ? MP_NO_MEMORY : MP_SYSTEM;
		close_end(ends[0]);
		return status;
	}
	process->id = id;
	process->sentinel = ends[0];
	return MP_OK;
}

/* MP_OK with the exit code, MP_STILL_RUNNING, or MP_LOST if somebody else has reaped it. */
static int look(pid_t id, int options, int *code)
{
	siginfo_t info;

	do {
		info.si_pid = 0;
		if (waitid(P_PID, (id_t)id, &info, WEXITED | options) == 0) {
			if (info.si_pid == 0)
				return MP_STILL_RUNNING;
			*code = info.si_code == CLD_EXITED ? info.si_status
							   : -info.si_status;
			return MP_OK;
		}
	} while (errno == EINTR);
	return errno == ECHILD ? MP_LOST : MP_SYSTEM;
}

/* Sleeps until the process ends, the deadline passes, or, without a descriptor, some time. */
static void sleep_on(int fd, const struct timespec *deadline, long *nap_ms)
{
	long left_ms = mp_deadline_left_ms(deadline);
	struct pollfd wait = {.fd = fd, .events = POLLIN};

	if (fd >= 0) {
		poll(&wait, 1, left_ms > 1000000 ? 1000000 : (int)left_ms);
		return;
	}
	/* Twice as long each time, so that a long wait costs few steps and a short one
	 * little time. */
	if (*nap_ms > left_ms)
		*nap_ms = left_ms;
	nanosleep(&(struct timespec){*nap_ms / 1000, *nap_ms % 1000 * 1000000}, NULL);
	*nap_ms *= 2;
}

int mp_task_wait(struct mp_process *process, const struct timespec *deadline)
{
	int status = look(process->id, deadline ? WNOHANG : 0, &process->code);
	long nap_ms = 1;
	int fd = process->sentinel;

	if (status != MP_STILL_RUNNING)
		return status;
	/* For this wait only: a descriptor that is kept is inherited by later children. */
	if (fd < 0)
		fd = open_pidfd(process->id);
	while (status == MP_STILL_RUNNING && deadline->tv_sec != 0 &&
		mp_deadline_left_ms(deadline) > 0) {
		sleep_on(fd, deadline, &nap_ms);
		status = look(process->id, WNOHANG, &process->code);
	}
	if (fd != process->sentinel)
		close_end(fd);
	return status == MP_STILL_RUNNING ? MP_TIMEOUT : status;
}

int mp_task_peek(const struct mp_process *process, int *code)
{
	return look(process->id, WNOHANG | WNOWAIT, code);
}

/*
 * The descriptor first, then the look: as long as the child is there to be waited for, its id is
 * no other's, and so the descriptor is its.
 */
int mp_task_signal(struct mp_process *process, int signal)
{
	int fd = open_pidfd(process->id);
	bool missing = fd < 0 && errno != ESRCH;
	int code;
	int status = look(process->id, WNOHANG | WNOWAIT, &code);

	if (status == MP_STILL_RUNNING) {
		long sent = missing ? kill(process->id, signal)
				    : syscall(SYS_pidfd_send_signal, fd, signal, NULL, 0);

		status = sent == 0 ? MP_OK : MP_SYSTEM;
	}
	close_end(fd);
	return status;
}

int mp_task_open_sentinel(struct mp_process *process)
{
	if (process->sentinel < 0)
		process->sentinel = open_pidfd(process->id);
	if (process->sentinel >= 0)
		return MP_OK;
	return errno == ENOSYS ? MP_UNSUPPORTED : MP_SYSTEM;
}

pid_t mp_task_id(const struct mp_process *process)
{
	return process->id;
}
