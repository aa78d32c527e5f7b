/* SPDX-License-Identifier: MIT */
/*
 * System calls on which tasks wait: futex, sleep and clocks, pipes; and named semaphores.
 *
 * Time is virtual. It passes when nobody can run, up to the earliest deadline, and with each
 * sleep. A sleeping task may be chosen at any time, since nothing orders a sleep before what
 * another task does meanwhile; it merely stands back for the others. A timed wait may
 * give up at any time, too (schedule.c), and the clock then jumps to its deadline.
 */
#include "runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const uint64_t second = 1000000000;

uint64_t deadline_of(const struct timespec *absolute)
{
	uint64_t deadline =
		(uint64_t)absolute->tv_sec * second + (uint64_t)absolute->tv_nsec;
	return deadline > WHEN_STUCK ? deadline : WHEN_STUCK + 1;
}

static void sleep_until(uint64_t deadline)
{
	struct operation operation = operation_at(STEP_SLEEP, 0, NULL);
	yield_turn();
	explore_self.task->yielded = 1;
	point(&operation);
	if (time_advance(deadline))
		point(&operation); /* those whose time is up may be faster */
}

static int nap(const struct timespec *length)
{
	if (length->tv_sec < 0 || length->tv_nsec < 0 || length->tv_nsec >= (long)second)
		return EINVAL;
	sleep_until(control->time + (uint64_t)length->tv_sec * second +
		    (uint64_t)length->tv_nsec);
	return 0;
}

int runtime_nanosleep(const struct timespec *length, struct timespec *left)
{
	(void)left;
	errno = explore_self.task ? nap(length) : 0;
	return errno ? -1 : 0;
}

int runtime_clock_nanosleep(
	clockid_t clock, int flags, const struct timespec *length, struct timespec *left)
{
	(void)clock;
	(void)left;
	if (!explore_self.task)
		return 0;
	if (!(flags & TIMER_ABSTIME))
		return nap(length);
	sleep_until(deadline_of(length));
	return 0;
}

int runtime_usleep(useconds_t microseconds)
{
	if (explore_self.task)
		sleep_until(control->time + microseconds * 1000ull);
	return 0;
}

unsigned runtime_sleep(unsigned seconds)
{
	if (explore_self.task)
		sleep_until(control->time + seconds * second);
	return 0;
}

/*
 * Reading the clock takes no time, or no two states would be alike; but to a task that does
 * nothing else, a microsecond, so that loops on it end.
 */
static uint64_t read_clock(void)
{
	if (explore_self.task) {
		explore_self.task->clock_read = 1;
		if (++explore_self.task->quiet > 8)
			time_advance(control->time + 1000);
	}
	return control->time;
}

int runtime_clock_gettime(clockid_t clock, struct timespec *now)
{
	if (!explore_self.task)
		return (int)kernel(SYS_clock_gettime, clock, (long)now, 0, 0, 0, 0);
	uint64_t time = read_clock();
	now->tv_sec = (time_t)(time / second);
	now->tv_nsec = (long)(time % second);
	return 0;
}

int runtime_gettimeofday(struct timeval *now, void *zone)
{
	struct timespec time;
	(void)zone;
	runtime_clock_gettime(CLOCK_REALTIME, &time);
	now->tv_sec = time.tv_sec;
	now->tv_usec = time.tv_nsec / 1000;
	return 0;
}

time_t runtime_time(time_t *result)
{
	struct timespec now;
	runtime_clock_gettime(CLOCK_REALTIME, &now);
	if (result)
		*result = now.tv_sec;
	return now.tv_sec;
}

clock_t runtime_clock(void)
{
	struct timespec now;
	runtime_clock_gettime(CLOCK_REALTIME, &now);
	return (clock_t)now.tv_sec * CLOCKS_PER_SEC + now.tv_nsec / 1000;
}

int runtime_sched_yield(void)
{
	if (!explore_self.task)
		return 0;
	struct operation operation = operation_at(STEP_YIELD, 0, NULL);
	yield_turn();
	explore_self.task->yielded = 1;
	point(&operation);
	return 0;
}

/* Futexes */

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
	bool interrupted = arrive_interruptibly(&operation, false, deadline);
	return interrupted ? -EINTR : explore_self.task->timed_out ? -ETIMEDOUT : 0;
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
		execution_full("futex operations understood");
	}
}

/* A call that a task makes. */
static long task_syscall(long number, long a, long b, long c, long d, long e, long f)
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
		execution_full("ways to make a process: use fork()");
	default:
		return kernel(number, a, b, c, d, e, f);
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

/* Pipes and sockets: whether one is ready, the kernel knows; who runs, we decide */

/* Numbered in the order of their first use: inode numbers differ from run to run. */
static uint64_t pipe_number(uint64_t inode)
{
	for (uint32_t i = 0; i < control->pipes_used; i++)
		if (control->pipes[i].inode == inode)
			return i;
	if (control->pipes_used >= PIPES_MAX)
		execution_full("pipes");
	control->pipes[control->pipes_used] = (struct pipe_end){.inode = inode};
	return control->pipes_used++;
}

static uint64_t pipe_inode(int fd)
{
	struct stat status;
	if (fstat(fd, &status) < 0 ||
		!(S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode)))
		return 0;
	return status.st_ino;
}

static bool is_pipe(int fd, uint64_t *key)
{
	if (!explore_self.task || explore_self.inside)
		return false;
	uint64_t inode = pipe_inode(fd);
	if (inode)
		*key = 1ull << 62 | pipe_number(inode);
	return inode != 0;
}

static bool ready(int fd, short events)
{
	struct pollfd poll = {.fd = fd, .events = events};
	return real.poll(&poll, 1, 0) != 0;
}

/* Something has happened to some pipe: all who wait for one look again. */
void pipes_changed(void)
{
	touched();
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		const struct task *task = &control->tasks[i];
		if (task->state == TASK_BLOCKED &&
			(task->pending.kind == STEP_PIPE_READ ||
				task->pending.kind == STEP_PIPE_WRITE))
			make_ready(i);
	}
}

static void wait_ready(enum step_kind kind, uint64_t key, int fd, short events)
{
	struct operation operation = operation_at(kind, key, NULL);
	operation.detail = (uint64_t)fd;
	bool blocking = !(fcntl(fd, F_GETFL) & O_NONBLOCK);
	if (!blocking)
		yield_turn();
	arrive(&operation, !blocking || ready(fd, events));
	while (blocking && !ready(fd, events))
		arrive(&operation, false);
}

static void pipe_moved(uint64_t key, const unsigned char *bytes, ssize_t count, bool in)
{
	struct pipe_end *pipe = &control->pipes[key & 0xffff];
	if (count <= 0)
		return;
	for (ssize_t i = 0; in && i < count; i++)
		pipe->hash = (pipe->hash ^ bytes[i]) * 0x100000001b3ull;
	pipe->filled += in ? (uint64_t)count : -(uint64_t)count;
	if (!pipe->filled)
		pipe->hash = 0; /* empty is empty, whatever went through it */
	pipes_changed();
	explore_self.task->quiet = 0;
}

ssize_t runtime_read(int fd, void *buffer, size_t size)
{
	uint64_t key;
	if (!is_pipe(fd, &key))
		return real.read(fd, buffer, size);
	wait_ready(STEP_PIPE_READ, key, fd, POLLIN);
	object_acquire(key);
	ssize_t count = real.read(fd, buffer, size);
	pipe_moved(key, buffer, count, false);
	return count;
}

/* In parts that fit once the pipe is ready, so that the kernel never blocks the task. */
ssize_t runtime_write(int fd, const void *buffer, size_t size)
{
	enum { PART = 4096 };
	uint64_t key;
	if (!is_pipe(fd, &key))
		return real.write(fd, buffer, size);
	size_t done = 0;
	do {
		size_t part = size - done < PART ? size - done : PART;
		wait_ready(STEP_PIPE_WRITE, key, fd, POLLOUT);
		object_release(key);
		ssize_t count = real.write(fd, (const char *)buffer + done, part);
		if (count < 0)
			return done ? (ssize_t)done : -1;
		pipe_moved(key, (const unsigned char *)buffer + done, count, true);
		done += (size_t)count;
	} while (done < size);
	return (ssize_t)done;
}

int runtime_close(int fd)
{
	uint64_t key;
	bool pipe = is_pipe(fd, &key);
	int status = real.close(fd);
	if (pipe)
		pipes_changed();
	return status;
}

/* poll() and messages: the kernel is asked without blocking, the task waits in the model */

static bool any_pipe(const struct pollfd *fds, nfds_t count)
{
	uint64_t key;
	bool some = false;
	for (nfds_t i = 0; i < count; i++)
		some |= fds[i].fd >= 0 && is_pipe(fds[i].fd, &key);
	return some;
}

int runtime_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	if (!explore_self.task || explore_self.inside || (count && !any_pipe(fds, count)))
		return real.poll(fds, count, timeout_ms);
	struct operation operation = operation_at(STEP_PIPE_READ, 0, NULL);
	uint64_t deadline =
		timeout_ms > 0 ? control->time + (uint64_t)timeout_ms * (second / 1000)
			       : 0;
	if (timeout_ms >= 0)
		yield_turn();
	int status = real.poll(fds, count, 0);
	arrive_until(&operation, status != 0 || timeout_ms == 0, deadline);
	while ((status = real.poll(fds, count, 0)) == 0 && timeout_ms != 0 &&
		!explore_self.task->timed_out)
		arrive_until(&operation, false, deadline);
	for (nfds_t i = 0; i < count; i++) {
		uint64_t key;
		if (fds[i].revents && is_pipe(fds[i].fd, &key))
			object_acquire(key);
	}
	return status;
}

ssize_t runtime_recvmsg(int fd, struct msghdr *message, int flags)
{
	uint64_t key;
	if (!is_pipe(fd, &key))
		return real.recvmsg(fd, message, flags);
	if (!(flags & MSG_DONTWAIT))
		wait_ready(STEP_PIPE_READ, key, fd, POLLIN);
	object_acquire(key);
	ssize_t got = real.recvmsg(fd, message, flags);
	if (got > 0)
		pipe_moved(key, message->msg_iov[0].iov_base, got, false);
	return got;
}

ssize_t runtime_recv(int fd, void *buffer, size_t size, int flags)
{
	struct iovec vector = {buffer, size};
	struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
	return runtime_recvmsg(fd, &message, flags);
}

ssize_t runtime_sendmsg(int fd, const struct msghdr *message, int flags)
{
	uint64_t key;
	if (!is_pipe(fd, &key))
		return real.sendmsg(fd, message, flags);
	if (!(flags & MSG_DONTWAIT))
		wait_ready(STEP_PIPE_WRITE, key, fd, POLLOUT);
	object_release(key);
	ssize_t sent = real.sendmsg(fd, message, flags);
	if (sent > 0)
		pipe_moved(key, message->msg_iov[0].iov_base,
			(ssize_t)message->msg_iov[0].iov_len < sent
				? (ssize_t)message->msg_iov[0].iov_len
				: sent,
			true);
	return sent;
}

ssize_t runtime_send(int fd, const void *buffer, size_t size, int flags)
{
	struct iovec vector = {(void *)(uintptr_t)buffer, size};
	struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
	return runtime_sendmsg(fd, &message, flags);
}

int runtime_shutdown(int fd, int how)
{
	uint64_t key;
	bool pipe = is_pipe(fd, &key);
	int status = real.shutdown(fd, how);
	if (pipe)
		pipes_changed();
	return status;
}

/* The descriptors of a process that ends are closed before another one runs on. */
void pipes_leave(void)
{
	if (!control->pipes_used)
		return;
	kernel(SYS_close_range, 0, ~0u, 0, 0, 0, 0);
	pipes_changed();
}

/* Named semaphores lie in the control memory, which every process has at one address. */

sem_t *runtime_sem_open(const char *name, int flags, ...)
{
	unsigned value = 0;
	if (flags & O_CREAT) {
		va_list arguments;
		va_start(arguments, flags);
		(void)va_arg(arguments, mode_t);
		value = va_arg(arguments, unsigned);
		va_end(arguments);
	}
	int slot = explore_self.task ? shared_name(name, 's', false) : -1;
	if (slot >= 0 && (flags & O_CREAT) && (flags & O_EXCL)) {
		errno = EEXIST;
		return SEM_FAILED;
	}
	if (slot < 0 && (!(flags & O_CREAT) || !explore_self.task)) {
		errno = ENOENT;
		return SEM_FAILED;
	}
	if (slot < 0) {
		slot = shared_name(name, 's', true);
		control->names[slot].linked = 1;
		control->names[slot].value[0] = value;
		control->names[slot].value[2] = value; /* initial, in semaphore.c */
	}
	return (sem_t *)(void *)control->names[slot].value;
}

int runtime_sem_close(sem_t *semaphore)
{
	(void)semaphore;
	return 0;
}

int runtime_sem_unlink(const char *name)
{
	int slot = explore_self.task ? shared_name(name, 's', false) : -1;
	if (slot < 0) {
		errno = ENOENT;
		return -1;
	}
	control->names[slot].linked = 0;
	return 0;
}
