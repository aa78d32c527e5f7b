/* SPDX-License-Identifier: MIT */
/*
 * Pipes and sockets: whether one is ready, the kernel knows, and is asked without blocking;
 * who waits and who runs, we decide.
 */
#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Numbered in the order of their first use: inode numbers differ from run to run. */
static uint64_t pipe_number(uint64_t inode)
{
	for (uint32_t i = 0; i < control->pipes_used; i++)
		if (control->pipes[i].inode == inode)
			return i;
	if (control->pipes_used >= PIPES_MAX)
		execution_full("pipes");
	control->pipes[control->pipes_used] =
		(struct pipe_end){.inode = inode, .from = control->pipes_used};
	return control->pipes_used++;
}

static uint64_t pipe_inode(int fd)
{
	struct stat status;
	if (fstat(fd, &status) < 0)
		return 0;
	output_limit(&status);
	if (S_ISREG(status.st_mode) && status.st_ino != control->output_inode &&
		status.st_ino != control->input_inode)
		control->result.files = 1;
	if (!S_ISFIFO(status.st_mode) && !S_ISSOCK(status.st_mode))
		return 0;
	return status.st_ino;
}

/* What the execution was given as its input and output, as a terminal's pipe, leads to
 * nobody of the program. */
static uint64_t given_inodes[3];

void pipes_start(void)
{
	for (int fd = 0; fd < 3; fd++)
		given_inodes[fd] = pipe_inode(fd);
}

static bool given(uint64_t inode)
{
	return inode == given_inodes[0] || inode == given_inodes[1] ||
	       inode == given_inodes[2];
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

/* The library's own reading and writing would block without our knowing. */
void pipe_refuse(int fd)
{
	input_read(fd);
	uint64_t inode = pipe_inode(fd);
	if (inode && !given(inode))
		execution_uncovered("stdio on a pipe or socket");
}

/* Those that lock, or ask for signals, are more than what a descriptor is. */
int runtime_fcntl(int fd, int command, long argument)
{
	switch (command) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
	case F_GETFD:
	case F_SETFD:
	case F_GETFL:
	case F_SETFL:
	case F_GETPIPE_SZ:
	case F_SETPIPE_SZ:
		return fcntl(fd, command, argument);
	default:
		if (explore_self.task)
			execution_uncovered("fcntl with this command");
		return fcntl(fd, command, argument);
	}
}

int runtime_fcntl64(int fd, int command, long argument)
{
	return runtime_fcntl(fd, command, argument);
}

/* The end whose writers the readers of this one hear from. */
static uint64_t incoming(uint64_t key)
{
	return 1ull << 62 | control->pipes[key & 0xffff].from;
}

/* What is written to one of the two is read from the other. */
int runtime_socketpair(int domain, int type, int protocol, int fds[2])
{
	long status = kernel(SYS_socketpair, domain, type, protocol, (long)fds, 0, 0);
	if (status < 0) {
		errno = (int)-status;
		return -1;
	}
	uint64_t left, right;
	if (is_pipe(fds[0], &left) && is_pipe(fds[1], &right)) {
		control->pipes[left & 0xffff].from = right & 0xffff;
		control->pipes[right & 0xffff].from = left & 0xffff;
	}
	return 0;
}

/* Nobody reads it any more: what the kernel sends for that is ours to deliver. */
static ssize_t broken(int flags)
{
	if (!(flags & MSG_NOSIGNAL)) {
		signal_send(&(struct pending_signal){.number = SIGPIPE,
			.process = (uint16_t)process_private.process,
			.receiver = (uint16_t)(explore_self.index + 1),
			.code = SI_KERNEL});
		signals_deliver();
	}
	errno = EPIPE;
	return -1;
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

/* 0, or EINTR when a signal's handler ends the wait. */
static int wait_ready(enum step_kind kind, uint64_t key, int fd, short events)
{
	struct operation operation = operation_at(kind, key, NULL);
	operation.detail = (uint64_t)fd;
	bool blocking = !(fcntl(fd, F_GETFL) & O_NONBLOCK);
	if (!blocking)
		yield_turn();
	enum interruption interruption =
		arrive_interruptibly(&operation, !blocking || ready(fd, events), 0);
	while (blocking && !ready(fd, events)) {
		if (interruption == WAIT_ENDED)
			return EINTR;
		interruption = arrive_interruptibly(&operation, false, 0);
	}
	return 0;
}

static ssize_t interrupted(void)
{
	errno = EINTR;
	return -1;
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
	uint64_t key, pc = explore_self.frame->pc;
	bool pipe = is_pipe(fd, &key);
	if (!pipe)
		input_read(fd);
	if (size)
		access_ahead(buffer, FLAG_WRITE, pc);
	if (pipe && wait_ready(STEP_PIPE_READ, key, fd, POLLIN))
		return interrupted();
	if (pipe)
		object_acquire(incoming(key));
	ssize_t count = real.read(fd, buffer, size);
	if (count > 0)
		access_behind(buffer, (size_t)count, FLAG_WRITE, pc);
	if (!pipe)
		return count;
	pipe_moved(incoming(key), buffer, count, false);
	return count;
}

/* In parts that fit once the pipe is ready, so that the kernel never blocks the task. */
ssize_t runtime_write(int fd, const void *buffer, size_t size)
{
	enum { PART = 4096 };
	uint64_t key;
	access_memory(buffer, size, 0, explore_self.frame->pc);
	if (!is_pipe(fd, &key))
		return real.write(fd, buffer, size);
	size_t done = 0;
	do {
		size_t part = size - done < PART ? size - done : PART;
		if (wait_ready(STEP_PIPE_WRITE, key, fd, POLLOUT))
			return done ? (ssize_t)done : interrupted();
		object_release(key);
		ssize_t count = real.write(fd, (const char *)buffer + done, part);
		if (count < 0 && errno == EPIPE)
			return broken(0);
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
		timeout_ms > 0 ? control->time + (uint64_t)timeout_ms * (SECOND / 1000)
			       : 0;
	if (timeout_ms >= 0)
		yield_turn();
	int status = real.poll(fds, count, 0);
	enum interruption interruption = arrive_interruptibly(
		&operation, status != 0 || timeout_ms == 0, deadline);
	while ((status = real.poll(fds, count, 0)) == 0 && timeout_ms != 0 &&
		!explore_self.task->timed_out) {
		if (interruption >= HANDLED)
			return (int)interrupted();
		interruption = arrive_interruptibly(&operation, false, deadline);
	}
	for (nfds_t i = 0; i < count; i++) {
		uint64_t key;
		if (fds[i].revents && is_pipe(fds[i].fd, &key))
			object_acquire(incoming(key));
	}
	return status;
}

ssize_t runtime_recvmsg(int fd, struct msghdr *message, int flags)
{
	uint64_t key;
	if (!is_pipe(fd, &key))
		return real.recvmsg(fd, message, flags);
	if (!(flags & MSG_DONTWAIT) && wait_ready(STEP_PIPE_READ, key, fd, POLLIN))
		return interrupted();
	object_acquire(incoming(key));
	ssize_t got = real.recvmsg(fd, message, flags);
	if (got > 0)
		pipe_moved(incoming(key), message->msg_iov[0].iov_base, got, false);
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
	if (!(flags & MSG_DONTWAIT) && wait_ready(STEP_PIPE_WRITE, key, fd, POLLOUT))
		return interrupted();
	object_release(key);
	ssize_t sent = real.sendmsg(fd, message, flags);
	if (sent < 0 && errno == EPIPE)
		return broken(flags);
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
