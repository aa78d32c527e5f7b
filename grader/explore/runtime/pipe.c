/* SPDX-License-Identifier: MIT */
/*
 * Pipes and sockets: whether one is ready, the kernel knows, and is asked without blocking;
 * who waits and who runs, we decide.
 */
#include "files.h"
#include "ipc.h"
#include "signals.h"
#include "sockets.h"
#include "sync.h"

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
	control->sockets[control->pipes_used] = (struct socket_end){0};
	return control->pipes_used++;
}

static uint64_t pipe_inode(int fd)
{
	struct stat status;
	if (fstat(fd, &status) < 0)
		return 0;
	output_limit(&status);
	if (!S_ISFIFO(status.st_mode) && !S_ISSOCK(status.st_mode))
		return 0;
	return status.st_ino;
}

/* What the execution was given as its input and output, as a terminal's pipe, leads to
 * nobody of the program. */

void pipes_start(void)
{
	for (int fd = 0; fd < 3; fd++) {
		struct stat status = {0};
		fstat(fd, &status);
		control->given[fd] = (struct given){status.st_dev, status.st_ino};
	}
}

bool was_given(const struct stat *status)
{
	for (int fd = 0; fd < 3; fd++)
		if (control->given[fd].inode == status->st_ino &&
			control->given[fd].device == status->st_dev)
			return true;
	/* the record of the input is there once it is asked for, and has no name */
	return !status->st_nlink && status->st_ino == control->input_inode;
}

bool is_pipe(int fd, uint64_t *key)
{
	if (!explore_self.task || explore_self.inside)
		return false;
	uint32_t source = source_of(fd);
	if (source) {
		*key = (uint64_t)&control->sources[source];
		return true;
	}
	uint64_t inode = pipe_inode(fd);
	if (inode)
		*key = PIPE_KEYS | pipe_number(inode);
	return inode != 0;
}

/* The library's own reading and writing would pass us by. */
bool is_followed_on(int fd, uint64_t *key)
{
	struct stat status;
	input_read(fd);
	if (fstat(fd, &status) < 0 || was_given(&status))
		return false;
	return pipe_inode(fd) || file_of(fd, key);
}

void pipe_refuse(int fd)
{
	uint64_t key;
	if (is_followed_on(fd, &key))
		execution_uncovered("dprintf on a pipe, socket or file");
}

/* The end whose writers the readers of this one hear from. */
uint64_t incoming(uint64_t key)
{
	if (!(key & PIPE_KEYS))
		return key; /* a source */
	return PIPE_KEYS | control->pipes[key & 0xffff].from;
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

/* What came before an end was closed comes before what finds it closed. */
enum { CLOSED = 1 << 21 };

void pipe_closes(int fd)
{
	uint64_t key;
	if (is_pipe(fd, &key) && key & PIPE_KEYS)
		object_release(key | CLOSED);
}

void pipe_found_closed(uint64_t key)
{
	if (key & PIPE_KEYS)
		object_acquire(incoming(key) | CLOSED);
}

/* Nobody reads it any more: what the kernel sends for that is ours to deliver. */
ssize_t pipe_broken(int flags)
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
	const struct socket_end *end = socket_of(fd);
	if (end && end->refused)
		return true;
	struct pollfd poll = {.fd = fd, .events = events};
	return real.poll(&poll, 1, 0) != 0;
}

static const uint64_t waits_for_pipes =
	KIND(STEP_PIPE_READ) | KIND(STEP_PIPE_WRITE) | KIND(STEP_FILE_LOCK) |
	KIND(STEP_CONNECT) | KIND(STEP_ACCEPT) | KIND(STEP_SEND) | KIND(STEP_RECEIVE);

/* Something has happened to some pipe: all who wait for one look again. */
void pipes_changed(void)
{
	touched();
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		const struct task *task = &control->tasks[i];
		if (task->state == TASK_BLOCKED &&
			waits_for_pipes >> task->pending.kind & 1)
			make_ready(i);
	}
}

bool does_not_block(int fd)
{
	return kernel(SYS_fcntl, fd, F_GETFL, 0, 0, 0, 0) & O_NONBLOCK;
}

/* When a socket gives up; 0: it does not. */
static uint64_t wait_limit(enum step_kind kind, int fd)
{
	const struct socket_end *end = socket_of(fd);
	uint64_t limit = !end		     ? 0
			 : kind == STEP_SEND ? end->send_limit
					     : end->receive_limit;
	return limit ? control->time + limit : 0;
}

int wait_ready_unless(
	bool no_wait, enum step_kind kind, uint64_t key, int fd, short events)
{
	struct operation operation = operation_at(kind, key, NULL);
	operation.detail = (uint64_t)fd;
	bool blocking = !no_wait && !does_not_block(fd);
	uint64_t deadline = blocking ? wait_limit(kind, fd) : 0;
	if (!blocking || deadline)
		yield_turn();
	enum interruption interruption = arrive_interruptibly(
		&operation, !blocking || ready(fd, events), deadline);
	while (blocking && !ready(fd, events)) {
		if (explore_self.task->timed_out)
			return EAGAIN;
		if (interruption == WAIT_ENDED)
			return EINTR;
		interruption = arrive_interruptibly(&operation, false, deadline);
	}
	return 0;
}

int wait_ready(enum step_kind kind, uint64_t key, int fd, short events)
{
	return wait_ready_unless(false, kind, key, fd, events);
}

static ssize_t interrupted(void)
{
	errno = EINTR;
	return -1;
}

void pipe_mix(uint64_t key, const unsigned char *bytes, size_t count)
{
	struct pipe_end *pipe = &control->pipes[key & 0xffff];
	for (size_t i = 0; i < count; i++)
		pipe->hash = (pipe->hash ^ bytes[i]) * 0x100000001b3ull;
}

void pipe_moved(uint64_t key, const unsigned char *bytes, ssize_t count, bool in)
{
	struct pipe_end *pipe = &control->pipes[key & 0xffff];
	if (count <= 0)
		return;
	if (in)
		pipe_mix(key, bytes, (size_t)count);
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
	uint32_t source = pipe ? source_of(fd) : 0;
	if (source)
		return source_read(fd, source, buffer, size);
	if (pipe && socket_of(fd))
		return runtime_recv(fd, buffer, size, 0);
	if (size)
		access_ahead(buffer, FLAG_WRITE, pc);
	if (pipe && wait_ready(STEP_PIPE_READ, key, fd, POLLIN))
		return interrupted();
	if (pipe)
		object_acquire(incoming(key));
	ssize_t count = !pipe && file_of(fd, &key) ? file_read(fd, key, buffer, size)
						   : real.read(fd, buffer, size);
	if (count > 0)
		access_behind(buffer, (size_t)count, FLAG_WRITE, pc);
	if (pipe && count == 0)
		pipe_found_closed(key);
	if (pipe)
		pipe_moved(incoming(key), buffer, count, false);
	return count;
}

enum { PART = 4096 };

static ssize_t socket_write(int fd, uint64_t key, const void *buffer, size_t size)
{
	struct iovec part = {(void *)(uintptr_t)buffer, size};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	return socket_send(fd, key, &message, 0);
}

/* In parts that fit once the pipe is ready, so that the kernel never blocks the task. */
static ssize_t write_bytes(int fd, const void *buffer, size_t size)
{
	uint64_t key;
	if (!is_pipe(fd, &key))
		return file_of(fd, &key) ? file_write(fd, key, buffer, size)
					 : real.write(fd, buffer, size);
	if (source_of(fd))
		return source_write(fd, source_of(fd), buffer, size);
	if (socket_of(fd))
		return socket_write(fd, key, buffer, size);
	size_t done = 0;
	do {
		size_t part = size - done < PART ? size - done : PART;
		if (wait_ready(STEP_PIPE_WRITE, key, fd, POLLOUT))
			return done ? (ssize_t)done : interrupted();
		object_release(key);
		ssize_t count = real.write(fd, (const char *)buffer + done, part);
		if (count < 0 && errno == EPIPE) {
			pipe_found_closed(key);
			return pipe_broken(0);
		}
		if (count < 0)
			return done ? (ssize_t)done : -1;
		pipe_moved(key, (const unsigned char *)buffer + done, count, true);
		done += (size_t)count;
	} while (done < size);
	return (ssize_t)done;
}

ssize_t runtime_write(int fd, const void *buffer, size_t size)
{
	access_memory(buffer, size, 0, explore_self.frame->pc);
	return write_bytes(fd, buffer, size);
}

int runtime_close(int fd)
{
	uint64_t key;
	bool pipe = is_pipe(fd, &key);
	if (explore_self.task && !explore_self.inside)
		locks_closed(fd);
	pipe_closes(fd);
	int status = real.close(fd);
	if (explore_self.task && !explore_self.inside)
		descriptor_closed(fd);
	if (pipe)
		pipes_changed();
	return status;
}

/* Vectors */

static ssize_t readv_by_parts(int fd, const struct iovec *parts, int count)
{
	ssize_t done = 0;
	for (int i = 0; i < count; i++) {
		ssize_t got = runtime_read(fd, parts[i].iov_base, parts[i].iov_len);
		if (got < 0)
			return done ? done : got;
		done += got;
		if ((size_t)got < parts[i].iov_len)
			break;
	}
	return done;
}

/* Of a pipe, as much as there is at that moment. */
ssize_t runtime_readv(int fd, const struct iovec *parts, int count)
{
	uint64_t key;
	if (!is_pipe(fd, &key) || source_of(fd))
		return readv_by_parts(fd, parts, count);
	if (socket_of(fd)) {
		struct msghdr message = {.msg_iov = (struct iovec *)(uintptr_t)parts,
			.msg_iovlen = (size_t)count};
		return socket_receive(fd, key, &message, 0);
	}
	if (wait_ready(STEP_PIPE_READ, key, fd, POLLIN))
		return interrupted();
	object_acquire(incoming(key));
	long got = kernel(SYS_readv, fd, (long)parts, count, 0, 0, 0);
	if (got < 0)
		return fails((int)-got);
	if (got == 0)
		pipe_found_closed(key);
	size_t left = (size_t)got;
	for (int i = 0; i < count && left; i++) {
		size_t here = left < parts[i].iov_len ? left : parts[i].iov_len;
		access_memory(
			parts[i].iov_base, here, FLAG_WRITE, explore_self.frame->pc);
		left -= here;
	}
	pipe_moved(incoming(key), NULL, got, false);
	return got;
}

/* At once, as one write(). */
ssize_t runtime_writev(int fd, const struct iovec *parts, int count)
{
	unsigned char bytes[PART];
	size_t size = 0;
	for (int i = 0; i < count; i++) {
		if (parts[i].iov_len > PART - size)
			execution_uncovered("writev of more than 4096 bytes");
		access_memory(
			parts[i].iov_base, parts[i].iov_len, 0, explore_self.frame->pc);
		real.memcpy(bytes + size, parts[i].iov_base, parts[i].iov_len);
		size += parts[i].iov_len;
	}
	return write_bytes(fd, bytes, size);
}

/*
 * A FIFO is opened once both ends are, or were since. The kernel opens the reading end without
 * waiting, and the writing end if there is a reader.
 */
int open_fifo(const char *path, int flags)
{
	struct stat status = {0};
	int mode = flags & O_ACCMODE;
	bool waits = mode != O_RDWR && !(flags & O_NONBLOCK);
	kernel(SYS_stat, (long)path, (long)&status, 0, 0, 0, 0);
	uint32_t number = (uint32_t)pipe_number(status.st_ino);
	struct pipe_end *pipe = &control->pipes[number];
	struct operation operation =
		operation_at(STEP_PIPE_READ, PIPE_KEYS | number, NULL);
	const uint32_t *others = mode == O_RDONLY ? &pipe->writers : &pipe->readers;
	uint32_t came = *others;
	while (waits && mode == O_WRONLY && !fifo_has(number, true))
		if (arrive_interruptibly(&operation, false, 0) == WAIT_ENDED)
			return (int)interrupted();
	long fd = kernel(SYS_openat, AT_FDCWD, (long)path, flags | O_NONBLOCK, 0, 0, 0);
	if (fd < 0)
		return fails((int)-fd);
	pipe->readers += mode != O_WRONLY;
	pipe->writers += mode != O_RDONLY;
	descriptor_of_fifo((int)fd, number, mode != O_WRONLY, mode != O_RDONLY);
	pipes_changed();
	while (waits && *others == came && !fifo_has(number, mode == O_WRONLY)) {
		if (arrive_interruptibly(&operation, false, 0) == WAIT_ENDED) {
			runtime_close((int)fd);
			return (int)interrupted();
		}
	}
	if (waits)
		kernel(SYS_fcntl, fd, F_SETFL, flags & ~O_NONBLOCK, 0, 0, 0);
	return (int)fd;
}

/* The descriptors of a process that ends are closed before another one runs on. */
void pipes_leave(void)
{
	if (!control->pipes_used && !control->sources_used)
		return;
	for (int fd = 0; fd < DESCRIPTORS_MAX; fd++)
		pipe_closes(fd);
	kernel(SYS_close_range, 0, ~0u, 0, 0, 0, 0);
	pipes_changed();
}
