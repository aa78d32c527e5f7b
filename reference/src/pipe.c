/* SPDX-License-Identifier: MIT */
/*
 * A pair of SOCK_SEQPACKET sockets: the kernel keeps the messages apart, and a sender that is
 * killed has sent its message whole or not at all. Each begins with its size, since a
 * message of no bytes would look like the end.
 */
#include "futex.h"

#include <errno.h>
#include <limits.h>
#include <mp/pipe.h>
#include <poll.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

int mp_pipe_new(struct mp_connection *first, struct mp_connection *second, bool duplex)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		return MP_SYSTEM;
	first->fd = fds[0];
	second->fd = fds[1];
	if (!duplex && (shutdown(fds[0], SHUT_WR) < 0 || shutdown(fds[1], SHUT_RD) < 0)) {
		mp_connection_close(first);
		mp_connection_close(second);
		return MP_SYSTEM;
	}
	return MP_OK;
}

static int status_of(int error)
{
	switch (error) {
	case EPIPE:
	case ECONNRESET:
	case EBADF:
		return MP_CLOSED;
	case EMSGSIZE:
		return MP_INVALID;
	default:
		return MP_SYSTEM;
	}
}

int mp_connection_send(struct mp_connection *connection, const void *message, size_t size)
{
	uint64_t header = size;
	/* sendmsg does not write through iov_base. */
	struct iovec parts[2] = {
		{&header, sizeof(header)}, {(void *)(uintptr_t)message, size}};
	struct msghdr packet = {.msg_iov = parts, .msg_iovlen = 2};
	ssize_t sent;

	do
		sent = sendmsg(connection->fd, &packet, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? status_of(errno) : MP_OK;
}

int mp_connection_receive(
	struct mp_connection *connection, void *message, size_t room, size_t *size)
{
	uint64_t header = 0;
	struct iovec parts[2] = {{&header, sizeof(header)}, {message, room}};
	struct msghdr packet = {.msg_iov = parts, .msg_iovlen = 2};
	ssize_t received;

	do
		received = recv(connection->fd, &header, sizeof(header), MSG_PEEK);
	while (received < 0 && errno == EINTR);
	if (received < 0)
		return status_of(errno);
	if (received == 0)
		return MP_CLOSED;
	*size = (size_t)header;
	if (header > room)
		return MP_TRUNCATED;
	do
		received = recvmsg(connection->fd, &packet, 0);
	while (received < 0 && errno == EINTR);
	if (received < 0)
		return status_of(errno);
	/* With several receivers another message may have come to the front since the look. */
	*size = (size_t)header;
	return received == 0		      ? MP_CLOSED
	       : packet.msg_flags & MSG_TRUNC ? MP_TRUNCATED
					      : MP_OK;
}

int mp_connection_poll(struct mp_connection *connection, long timeout_ms)
{
	struct timespec deadline = mp_deadline_after(timeout_ms);
	struct pollfd wait = {.fd = connection->fd, .events = POLLIN};
	int ready;

	if (connection->fd < 0)
		return MP_CLOSED;
	do {
		long left = mp_deadline_left_ms(&deadline);

		ready = poll(&wait, 1, left > INT_MAX ? INT_MAX : (int)left);
	} while ((ready < 0 && errno == EINTR) ||
		 (ready == 0 && mp_deadline_left_ms(&deadline) > 0));
	if (ready < 0)
		return MP_SYSTEM;
	return ready == 0 ? MP_TIMEOUT : wait.revents & POLLNVAL ? MP_CLOSED : MP_OK;
}

int mp_connection_close(struct mp_connection *connection)
{
	int fd = connection->fd;

	if (fd < 0)
		return MP_CLOSED;
	connection->fd = -1;
	return close(fd) == 0 ? MP_OK : status_of(errno);
}
