/* SPDX-License-Identifier: MIT */
/*
 * A pair of SOCK_SEQPACKET sockets: the kernel keeps the messages apart, and a sender that is
 * killed has sent its message whole or not at all. Each begins with its size, since a
 * message of no bytes would look like the end.
 *
 * A message is received by one system call, into the caller's room and, behind that, into memory
 * of the connection's own, which costs nothing until a message is too long. That one is then put
 * together there and kept.
 */
#include "futex.h"

#include <errno.h>
#include <limits.h>
#include <mp/pipe.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { LONGEST = 1 << 18 };

/* Private memory: each process keeps what it received, wherever the connection itself lies. */
struct mp_connection_room {
	size_t kept; /* the size of the message; 0: none */
	char message[LONGEST];
};

/* The descriptor, and room for one message that was too long. */
static int open_end(struct mp_connection *connection, int fd)
{
	void *room = mmap(NULL, sizeof(struct mp_connection_room), PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	*connection = (struct mp_connection){.fd = fd};
	if (room == MAP_FAILED)
		return MP_NO_MEMORY;
	connection->room = room;
	return MP_OK;
}

int mp_pipe_new(struct mp_connection *first, struct mp_connection *second, bool duplex)
{
	int fds[2];
	int status;
	int other;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		return MP_SYSTEM;
	status = open_end(first, fds[0]);
	other = open_end(second, fds[1]);
	if (status == MP_OK)
		status = other;
	if (status == MP_OK && !duplex &&
		(shutdown(fds[0], SHUT_WR) < 0 || shutdown(fds[1], SHUT_RD) < 0))
		status = MP_SYSTEM;
	if (status != MP_OK) {
		mp_connection_close(first);
		mp_connection_close(second);
	}
	return status;
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

/* deadline NULL: waits for ever. */
static int send_message(const struct mp_connection *connection, const void *message,
	size_t size, const struct timespec *deadline)
{
	uint64_t header = size;
	/* sendmsg does not write through iov_base. */
	struct iovec parts[2] = {
		{&header, sizeof(header)}, {(void *)(uintptr_t)message, size}};
	struct msghdr packet = {.msg_iov = parts, .msg_iovlen = 2};
	int flags = MSG_NOSIGNAL | (deadline ? MSG_DONTWAIT : 0);

	if (size > LONGEST)
		return MP_INVALID;
	while (sendmsg(connection->fd, &packet, flags) < 0) {
		struct pollfd wait = {.fd = connection->fd, .events = POLLOUT};
		long left;

		if (errno == EINTR)
			continue;
		if (errno != EAGAIN || deadline == NULL)
			return status_of(errno);
		left = mp_deadline_left_ms(deadline);
		if (left == 0)
			return MP_TIMEOUT;
		poll(&wait, 1, left > INT_MAX ? INT_MAX : (int)left);
	}
	return MP_OK;
}

int mp_connection_send(struct mp_connection *connection, const void *message, size_t size)
{
	return send_message(connection, message, size, NULL);
}

int mp_connection_send_timeout(struct mp_connection *connection, const void *message,
	size_t size, long timeout_ms)
{
	struct timespec deadline = mp_deadline_after(timeout_ms);

	return send_message(connection, message, size, &deadline);
}

/* Hands out the message that was too long before. */
static int give_kept(
	struct mp_connection_room *kept, void *message, size_t room, size_t *size)
{
	*size = kept->kept;
	if (kept->kept > room)
		return MP_TRUNCATED;
	memcpy(message, kept->message, kept->kept);
	kept->kept = 0;
	return MP_OK;
}

int mp_connection_receive(
	struct mp_connection *connection, void *message, size_t room, size_t *size)
{
	struct mp_connection_room *kept = connection->room;
	uint64_t header = 0;
	size_t first = room < LONGEST ? room : LONGEST;
	struct iovec parts[3] = {{&header, sizeof(header)}, {message, first}};
	struct msghdr packet = {.msg_iov = parts, .msg_iovlen = 3};
	ssize_t received;

	if (connection->fd < 0)
		return MP_CLOSED;
	if (kept->kept > 0)
		return give_kept(kept, message, room, size);
	parts[2] = (struct iovec){kept->message + first, LONGEST - first};
	do
		received = recvmsg(connection->fd, &packet, 0);
	while (received < 0 && errno == EINTR);
	if (received < 0)
		return status_of(errno);
	if (received == 0)
		return MP_CLOSED;
	*size = (size_t)header;
	if (header <= room)
		return MP_OK;
	if (first > 0)
		memcpy(kept->message, message, first);
	kept->kept = (size_t)header;
	return MP_TRUNCATED;
}

int mp_connection_poll(struct mp_connection *connection, long timeout_ms)
{
	struct timespec deadline = mp_deadline_after(timeout_ms);
	struct pollfd wait = {.fd = connection->fd, .events = POLLIN};
	int ready;

	if (connection->fd < 0)
		return MP_CLOSED;
	if (connection->room->kept > 0)
		return MP_OK;
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
	if (connection->room)
		munmap(connection->room, sizeof(*connection->room));
	connection->room = NULL;
	return close(fd) == 0 ? MP_OK : status_of(errno);
}
