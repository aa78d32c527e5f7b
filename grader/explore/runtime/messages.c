/* SPDX-License-Identifier: MIT */
/*
 * What is sent through sockets: pairs (socketpair) and those with an address. A stream's bytes
 * and the packets of a connection are counted at the end that sent them, datagrams at the one
 * that they are sent to.
 */
#include "files.h"
#include "ipc.h"
#include "signals.h"
#include "sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>

enum { PART = 4096 };

static size_t size_of(const struct msghdr *message)
{
	size_t size = 0;
	for (size_t i = 0; i < message->msg_iovlen; i++)
		size += message->msg_iov[i].iov_len;
	return size;
}

/* The program's memory that the first bytes of the message lie in. */
static void message_access(const struct msghdr *message, size_t bytes, unsigned flags)
{
	for (size_t i = 0; i < message->msg_iovlen && bytes; i++) {
		const struct iovec *part = &message->msg_iov[i];
		size_t here = bytes < part->iov_len ? bytes : part->iov_len;
		access_memory(part->iov_base, here, flags, explore_self.frame->pc);
		bytes -= here;
	}
}

static bool is_stream(int fd)
{
	int kind = 0;
	socklen_t size = sizeof kind;
	kernel(SYS_getsockopt, fd, SOL_SOCKET, SO_TYPE, (long)&kind, (long)&size, 0);
	return kind == SOCK_STREAM;
}

static void message_moved(
	uint64_t key, bool stream, const struct msghdr *message, size_t bytes, bool in)
{
	for (size_t i = 0; i < message->msg_iovlen && bytes; i++) {
		const struct iovec *part = &message->msg_iov[i];
		size_t here = bytes < part->iov_len ? bytes : part->iov_len;
		if (stream)
			pipe_moved(key, part->iov_base, (ssize_t)here, in);
		else if (in)
			pipe_mix(key, part->iov_base, here);
		bytes -= here;
	}
	if (!stream)
		pipe_moved(key, (const unsigned char *)"", 1, in);
}

/* What the kernel answers to a message that it is not to wait for. */
static long kernel_send(int fd, const struct msghdr *message, int flags)
{
	return kernel(SYS_sendmsg, fd, (long)message, flags | MSG_DONTWAIT | MSG_NOSIGNAL,
		0, 0, 0);
}

/* Connections and pairs */

static ssize_t send_part(
	int fd, uint64_t key, const struct msghdr *message, int flags, bool stream)
{
	enum step_kind kind = socket_of(fd) ? STEP_SEND : STEP_PIPE_WRITE;
	long sent;
	do {
		int trouble =
			wait_ready_unless(flags & MSG_DONTWAIT, kind, key, fd, POLLOUT);
		if (trouble)
			return -trouble;
		object_release(key);
		sent = kernel_send(fd, message, flags);
	} while (sent == -EAGAIN && !(flags & MSG_DONTWAIT) && !does_not_block(fd));
	if (sent > 0 || (sent == 0 && !stream))
		message_moved(key, stream, message, (size_t)sent, true);
	return sent;
}

/* A long text of a stream goes in parts that fit once the socket is ready. */
static ssize_t send_connected(
	int fd, uint64_t key, const struct msghdr *message, int flags)
{
	bool stream = is_stream(fd);
	size_t size = size_of(message), done = 0;
	if (!stream || size <= PART)
		return send_part(fd, key, message, flags, stream);
	if (message->msg_iovlen != 1 || message->msg_controllen)
		execution_uncovered("sendmsg() of more than 4096 bytes in several parts");
	while (done < size) {
		struct iovec part = {(char *)message->msg_iov[0].iov_base + done,
			size - done < PART ? size - done : PART};
		struct msghdr rest = {.msg_iov = &part, .msg_iovlen = 1};
		ssize_t sent = send_part(fd, key, &rest, flags, stream);
		if (sent < 0)
			return done ? (ssize_t)done : sent;
		done += (size_t)sent;
	}
	return (ssize_t)done;
}

/* Datagrams */

struct datagram {
	struct socket_end *from;
	const struct msghdr *message;
	bool named; /* it goes to the address, */
	struct address address;
	long peer; /* or to this socket */
};

static bool is_local(const struct socket_end *end)
{
	return end->domain == AF_UNIX;
}

static long peer_of(int fd)
{
	struct kernel_name name = {.size = sizeof name.address};
	explore_self.left_behind = 1;
	long result = kernel(
		SYS_getpeername, fd, (long)&name.address, (long)&name.size, 0, 0, 0);
	return result < 0 ? -ENOTCONN : (long)kernel_name_number(&name);
}

static int datagram_address(struct datagram *datagram, int fd)
{
	const struct msghdr *message = datagram->message;
	const struct socket_end *from = datagram->from;
	datagram->named = message->msg_name && message->msg_namelen;
	if (datagram->named)
		return address_read(&datagram->address, from, message->msg_name,
			message->msg_namelen);
	if (is_local(from)) {
		datagram->peer = peer_of(fd);
		return datagram->peer < 0 ? ENOTCONN : 0;
	}
	if (!from->peer_port)
		return EDESTADDRREQ;
	datagram->address.families =
		from->domain == AF_INET ? IP_VERSION_4 : IP_VERSION_4 | IP_VERSION_6;
	address_set_port(&datagram->address, from, from->peer_port);
	return 0;
}

static long receiver_of(const struct datagram *datagram)
{
	if (is_local(datagram->from) && !datagram->named)
		return datagram->peer;
	return socket_at(&datagram->address, SOCK_DGRAM);
}

/* Of UDP: nobody is told, but a sender that is connected, at its next call. */
static long datagram_lost(const struct datagram *datagram)
{
	datagram->from->refused = !datagram->named;
	pipes_changed();
	return (long)size_of(datagram->message);
}

static long datagram_try(int fd, const struct datagram *datagram, int flags)
{
	long to = receiver_of(datagram);
	bool local = is_local(datagram->from);
	struct msghdr message = *datagram->message;
	struct kernel_name name = {0};
	if (to < 0)
		return local ? to : datagram_lost(datagram);
	uint16_t listens_to = control->sockets[to].peer_port;
	if (listens_to && listens_to != datagram->from->port)
		return (long)size_of(&message);
	kernel_name_of(&name, (uint32_t)to);
	message.msg_name = local && !datagram->named ? NULL : &name.address;
	message.msg_namelen = message.msg_name ? name.size : 0;
	long sent = kernel_send(fd, &message, flags);
	if (sent == -EAGAIN && !local)
		execution_full("datagrams that nobody has received");
	if (sent < 0)
		return sent;
	object_release(PIPE_KEYS | (uint64_t)to);
	message_moved(PIPE_KEYS | (uint64_t)to, false, &message, (size_t)sent, true);
	return sent;
}

static ssize_t send_datagram(
	int fd, struct socket_end *from, const struct msghdr *message, int flags)
{
	struct datagram datagram = {.from = from, .message = message};
	int trouble = datagram_address(&datagram, fd);
	if (trouble)
		return -trouble;
	bool blocking = !(flags & MSG_DONTWAIT) && !does_not_block(fd);
	socket_bind_anywhere(from);
	long to = receiver_of(&datagram), sent;
	struct operation operation = operation_at(STEP_SEND,
		to < 0 ? datagram.address.key : PIPE_KEYS | (uint64_t)to, NULL);
	enum interruption interruption = arrive_interruptibly(&operation, true, 0);
	if (from->refused) {
		from->refused = 0;
		return -ECONNREFUSED;
	}
	while ((sent = datagram_try(fd, &datagram, flags)) == -EAGAIN && blocking) {
		if (interruption == WAIT_ENDED)
			return -EINTR;
		interruption = arrive_interruptibly(&operation, false, 0);
	}
	return sent;
}

/* Both */

ssize_t socket_send(int fd, uint64_t key, const struct msghdr *message, int flags)
{
	struct socket_end *end = socket_of(fd);
	if (flags & MSG_OOB)
		execution_uncovered("a message out of band");
	ssize_t sent = end && end->kind == SOCK_DGRAM
			       ? send_datagram(fd, end, message, flags)
			       : send_connected(fd, key, message, flags);
	if (sent == -EPIPE) {
		pipe_found_closed(key);
		return pipe_broken(flags);
	}
	return sent < 0 ? fails((int)-sent) : sent;
}

ssize_t runtime_sendmsg(int fd, const struct msghdr *message, int flags)
{
	uint64_t key;
	if (!is_pipe(fd, &key))
		return real.sendmsg(fd, message, flags);
	access_memory(message, sizeof *message, 0, explore_self.frame->pc);
	message_access(message, size_of(message), 0);
	return socket_send(fd, key, message, flags);
}

ssize_t runtime_sendto(int fd, const void *buffer, size_t size, int flags,
	const struct sockaddr *address, socklen_t address_size)
{
	uint64_t key;
	struct iovec part = {(void *)(uintptr_t)buffer, size};
	struct msghdr message = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_name = (void *)(uintptr_t)address,
		.msg_namelen = address_size};
	if (!is_pipe(fd, &key))
		return real.sendmsg(fd, &message, flags);
	message_access(&message, size, 0);
	return socket_send(fd, key, &message, flags);
}

ssize_t runtime_send(int fd, const void *buffer, size_t size, int flags)
{
	return runtime_sendto(fd, buffer, size, flags, NULL, 0);
}

/* What the kernel has; who sent it is told in the program's words. */
static long kernel_receive(
	int fd, const struct socket_end *end, struct msghdr *message, int flags)
{
	struct kernel_name name = {.size = sizeof name.address};
	struct msghdr own = *message;
	own.msg_name = end ? &name.address : NULL;
	own.msg_namelen = end ? name.size : 0;
	explore_self.left_behind = 1;
	long got = kernel(SYS_recvmsg, fd, (long)&own, flags | MSG_DONTWAIT, 0, 0, 0);
	if (got < 0)
		return got;
	message->msg_controllen = own.msg_controllen;
	message->msg_flags = own.msg_flags;
	name.size = own.msg_namelen;
	uint32_t from = end ? kernel_name_number(&name) : PIPES_MAX;
	if (from == PIPES_MAX || end->kind != SOCK_DGRAM)
		message->msg_namelen = 0;
	else
		address_tell(&control->sockets[from], end->domain, true,
			message->msg_name, &message->msg_namelen);
	return got;
}

static ssize_t receive_once(int fd, uint64_t key, struct msghdr *message, int flags)
{
	struct socket_end *end = socket_of(fd);
	bool stream = is_stream(fd);
	uint64_t from = end && end->kind == SOCK_DGRAM ? key : incoming(key);
	int trouble = wait_ready_unless(flags & MSG_DONTWAIT,
		end ? STEP_RECEIVE : STEP_PIPE_READ, key, fd, POLLIN);
	if (!trouble && end && end->refused) {
		end->refused = 0;
		trouble = ECONNREFUSED;
	}
	if (trouble)
		return fails(trouble);
	long got = kernel_receive(fd, end, message, flags & ~MSG_WAITALL);
	if (got < 0)
		return fails((int)-got);
	object_acquire(incoming(key));
	if (got == 0)
		pipe_found_closed(key);
	message_access(message, (size_t)got, FLAG_WRITE);
	bool moved = stream ? got > 0 : control->pipes[from & 0xffff].filled > 0;
	if (moved && !(flags & MSG_PEEK))
		message_moved(from, stream, message, (size_t)got, false);
	return got;
}

ssize_t socket_receive(int fd, uint64_t key, struct msghdr *message, int flags)
{
	size_t wanted = size_of(message);
	ssize_t got = receive_once(fd, key, message, flags);
	if (!(flags & MSG_WAITALL) || got <= 0 || !is_stream(fd))
		return got;
	if (message->msg_iovlen != 1 && (size_t)got < wanted)
		execution_uncovered("recvmsg() that waits for all of several parts");
	while ((size_t)got < wanted) {
		struct iovec part = {
			(char *)message->msg_iov[0].iov_base + got, wanted - (size_t)got};
		struct msghdr rest = {.msg_iov = &part, .msg_iovlen = 1};
		ssize_t more = receive_once(fd, key, &rest, flags);
		if (more <= 0)
			break;
		got += more;
	}
	return got;
}

ssize_t runtime_recvmsg(int fd, struct msghdr *message, int flags)
{
	uint64_t key;
	if (!is_pipe(fd, &key))
		return real.recvmsg(fd, message, flags);
	access_memory(message, sizeof *message, FLAG_WRITE, explore_self.frame->pc);
	return socket_receive(fd, key, message, flags);
}

ssize_t runtime_recvfrom(int fd, void *buffer, size_t size, int flags,
	struct sockaddr *address, socklen_t *address_size)
{
	uint64_t key;
	struct iovec part = {buffer, size};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	if (address && address_size) {
		message.msg_name = address;
		message.msg_namelen = *address_size;
	}
	bool pipe = is_pipe(fd, &key);
	ssize_t got = pipe ? socket_receive(fd, key, &message, flags)
			   : real.recvmsg(fd, &message, flags);
	if (got >= 0 && address && address_size)
		*address_size = message.msg_namelen;
	return got;
}

ssize_t runtime_recv(int fd, void *buffer, size_t size, int flags)
{
	return runtime_recvfrom(fd, buffer, size, flags, NULL, NULL);
}

int runtime_shutdown(int fd, int how)
{
	uint64_t key;
	bool pipe = is_pipe(fd, &key);
	pipe_closes(fd);
	int status = real.shutdown(fd, how);
	if (pipe)
		pipes_changed();
	return status;
}
