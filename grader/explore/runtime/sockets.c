/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. Sockets that are found by an address, of UNIX or of this machine, are UNIX
 * sockets of the kernel's, whose queues, ends and closings it keeps. Each is bound at once to an
 * abstract name that says the number of its pipe (pipe.c), so that the kernel, asked for who
 * is at the other end, answers with that. The addresses of the program are in our table alone.
 *
 *	bind(fd, port 8080)	the table: socket 0 has port 8080; if no open socket has it
 *	connect(fd, port 8080)	socket 0 is found, and its name given to the kernel
 *	accept(fd)		the kernel tells the name of who connected: socket 1
 *
 * A path is a file's name as well: of a socket that nobody is bound to, as far as the kernel
 * knows. Whether a socket is ready the kernel is asked without blocking; who waits, we decide.
 *
 * What came before listen() comes before a connect() that succeeds; what came before the
 * connect() comes before the return of the accept() that takes it.
 */
#include "sockets.h"
#include "files.h"
#include "ipc.h"
#include "paths.h"
#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* Of what came before the connection, beside what came before the bytes. */
#define CONNECTION (1ull << 20)

enum { FIRST_PORT = 40000, BACKLOG_MOST = 4096 };

struct socket_end *socket_of(int fd)
{
	uint64_t key;
	if (!is_pipe(fd, &key) || !(key & PIPE_KEYS))
		return NULL;
	struct socket_end *end = &control->sockets[key & 0xffff];
	return end->domain ? end : NULL;
}

uint32_t socket_number(const struct socket_end *end)
{
	return (uint32_t)(end - control->sockets);
}

uint64_t socket_key(const struct socket_end *end)
{
	return PIPE_KEYS | socket_number(end);
}

static int no_socket(int fd)
{
	return fails(kernel(SYS_fcntl, fd, F_GETFD, 0, 0, 0, 0) < 0 ? EBADF : ENOTSOCK);
}

void sockets_make(void)
{
	kernel(SYS_getrandom, (long)&control->socket_salt, sizeof control->socket_salt, 0,
		0, 0, 0);
}

uint64_t sockets_hash(uint64_t hash)
{
	for (uint32_t i = 0; i < control->pipes_used; i++) {
		const struct socket_end *end = &control->sockets[i];
		if (end->domain)
			hash = control_mix(hash ^ end->key ^ (uint64_t)i << 56 ^
					   (uint64_t)end->backlog << 32 ^
					   (uint64_t)end->port << 16 ^
					   (uint64_t)end->peer_port ^
					   (uint64_t)control->pipes[i].from << 48) +
			       end->refused * 4u + end->receive_limit +
			       end->send_limit * 3 + end->shares_port +
			       end->only_version_6 * 2u;
	}
	return hash;
}

static int kernel_bind(int fd, uint32_t number)
{
	struct kernel_name name = {0};
	kernel_name_of(&name, number);
	return (int)kernel(SYS_bind, fd, (long)&name.address, name.size, 0, 0, 0);
}

int runtime_socket(int domain, int type, int protocol)
{
	int kind = type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK);
	uint64_t key;
	if (!explore_self.task || explore_self.inside)
		return (int)kernel(SYS_socket, domain, type, protocol, 0, 0, 0);
	bool known = kind == SOCK_STREAM || kind == SOCK_DGRAM ||
		     (kind == SOCK_SEQPACKET && domain == AF_UNIX);
	if (!known || (domain != AF_UNIX && domain != AF_INET && domain != AF_INET6))
		execution_uncovered("a socket of this domain or type");
	long fd = kernel(SYS_socket, AF_UNIX, type, 0, 0, 0, 0);
	if (fd < 0 || !is_pipe((int)fd, &key))
		return fails((int)-fd);
	control->sockets[key & 0xffff] =
		(struct socket_end){.domain = (uint16_t)domain, .kind = (uint16_t)kind};
	kernel_bind((int)fd, key & 0xffff);
	return (int)fd;
}

/* Who is where */

/* Whether some process still has it: its name is not free. */
static bool is_open(uint32_t number)
{
	long fd = kernel(SYS_socket, AF_UNIX,
		control->sockets[number].kind | SOCK_CLOEXEC, 0, 0, 0, 0);
	if (fd < 0)
		execution_full("descriptors");
	int result = kernel_bind((int)fd, number);
	kernel(SYS_close, fd, 0, 0, 0, 0, 0);
	return result == -EADDRINUSE;
}

static bool same_place(const struct socket_end *end, const struct address *address)
{
	if (end->domain == AF_UNIX)
		return end->key == address->key && address->path_size;
	return end->port == address->port && end->families & address->families;
}

/* The youngest open one, of that kind of port. */
static uint32_t bound_there(const struct address *address, int kind)
{
	for (uint32_t i = control->pipes_used; i-- > 0;) {
		const struct socket_end *end = &control->sockets[i];
		if (end->key && same_place(end, address) &&
			(end->domain == AF_UNIX || end->kind == kind) && is_open(i))
			return i;
	}
	return PIPES_MAX;
}

uint32_t socket_of_inode(uint64_t inode)
{
	for (uint32_t i = control->pipes_used; i-- > 0;)
		if (control->sockets[i].domain && control->sockets[i].inode == inode)
			return i + 1;
	return 0;
}

static long socket_of_path(const char *path)
{
	struct stat status;
	long result = kernel(
		SYS_stat, (long)path_for(path, PATH_LOOK, 0), (long)&status, 0, 0, 0, 0);
	if (result < 0)
		return result;
	uint32_t number = S_ISSOCK(status.st_mode) ? socket_of_inode(status.st_ino) : 0;
	return number && is_open(number - 1) ? (long)number - 1 : -ECONNREFUSED;
}

long socket_at(const struct address *address, int kind)
{
	long number = address_is_path(address) ? socket_of_path(address->path)
					       : (long)bound_there(address, kind);
	if (number < 0 || number == PIPES_MAX)
		return number < 0 ? number : -ECONNREFUSED;
	return control->sockets[number].kind == kind ? number : -EPROTOTYPE;
}

/* Addresses */

static void bound(struct socket_end *end, const struct address *address)
{
	end->key = address->key;
	end->port = address->port;
	end->families = address->families;
	end->any = address->any;
	end->path_size = address->path_size;
	real.memcpy(end->path, address->path, address->path_size);
	object_release(end->key);
	changed();
}

/* That nobody has; the same in each execution. */
static void free_port(struct address *address, const struct socket_end *end)
{
	uint16_t port = (uint16_t)(FIRST_PORT + socket_number(end));
	do
		address_set_port(address, end, port++);
	while (bound_there(address, end->kind) != PIPES_MAX);
}

void socket_bind_anywhere(struct socket_end *end)
{
	struct address address = {
		.families = end->domain == AF_INET ? IP_VERSION_4 : IP_VERSION_6};
	if (end->key || end->domain == AF_UNIX)
		return;
	free_port(&address, end);
	bound(end, &address);
}

static long bind_path(struct socket_end *end, const struct address *address)
{
	struct stat status;
	const char *path = path_for(address->path, PATH_NEW, 0);
	long result = kernel(SYS_mknod, (long)path, S_IFSOCK | 0777, 0, 0, 0, 0);
	if (result == 0) {
		kernel(SYS_lstat, (long)path, (long)&status, 0, 0, 0, 0);
		for (uint32_t i = 0; i < control->pipes_used; i++)
			if (control->sockets[i].inode == status.st_ino)
				control->sockets[i].inode = 0; /* that file is gone */
		end->inode = status.st_ino;
		bound(end, address);
	}
	name_done(address->key, address->path, result, true);
	return result == -EEXIST ? -EADDRINUSE : result;
}

static long bind_there(struct socket_end *end, const struct address *address)
{
	if (end->key)
		return -EINVAL;
	if (address_is_path(address))
		return bind_path(end, address);
	uint32_t other = bound_there(address, end->kind);
	if (other != PIPES_MAX) {
		if (end->shares_port && control->sockets[other].shares_port)
			execution_uncovered("a port that several sockets share");
		return -EADDRINUSE;
	}
	bound(end, address);
	return 0;
}

int runtime_bind(int fd, const struct sockaddr *given, socklen_t size)
{
	struct socket_end *end = socket_of(fd);
	struct address address;
	if (!end)
		return no_socket(fd);
	int trouble = address_read(&address, end, given, size);
	if (trouble)
		return fails(trouble);
	if (!address.key)
		free_port(&address, end);
	struct operation operation = operation_at(STEP_BIND, address.key, NULL);
	yield_turn();
	point(&operation);
	long result = bind_there(end, &address);
	return result < 0 ? fails((int)-result) : 0;
}

int runtime_listen(int fd, int backlog)
{
	struct socket_end *end = socket_of(fd);
	if (!end)
		return no_socket(fd);
	if (end->kind == SOCK_DGRAM)
		return fails(EOPNOTSUPP);
	if (!end->key && end->domain == AF_UNIX)
		return fails(EINVAL);
	socket_bind_anywhere(end);
	struct operation operation = operation_at(STEP_LISTEN, end->key, NULL);
	point(&operation);
	if (backlog < 0 || backlog > BACKLOG_MOST)
		backlog = BACKLOG_MOST;
	long result = kernel(SYS_listen, fd, backlog, 0, 0, 0, 0);
	if (result < 0)
		return fails((int)-result);
	end->backlog = (uint16_t)backlog;
	object_release(end->key);
	changed();
	pipes_changed();
	return 0;
}

/* Connections */

/* The kernel's connect(), which waits for nobody. */
static long kernel_connect(int fd, uint32_t to)
{
	struct kernel_name name = {0};
	long flags = kernel(SYS_fcntl, fd, F_GETFL, 0, 0, 0, 0);
	kernel_name_of(&name, to);
	kernel(SYS_fcntl, fd, F_SETFL, flags | O_NONBLOCK, 0, 0, 0);
	long result = kernel(SYS_connect, fd, (long)&name.address, name.size, 0, 0, 0);
	kernel(SYS_fcntl, fd, F_SETFL, flags, 0, 0, 0);
	return result;
}

static long try_connect(
	int fd, const struct socket_end *end, const struct address *address, long *to)
{
	*to = socket_at(address, end->kind);
	if (*to < 0)
		return *to;
	const struct socket_end *other = &control->sockets[*to];
	if (end->kind != SOCK_DGRAM && control->pipes[*to].filled > other->backlog)
		return -EAGAIN;
	return kernel_connect(fd, (uint32_t)*to);
}

static int connected(const struct socket_end *end, uint32_t to)
{
	unsigned char number = (unsigned char)socket_number(end);
	object_acquire(control->sockets[to].key);
	if (end->kind == SOCK_DGRAM)
		return 0;
	object_release(socket_key(end) | CONNECTION);
	pipe_moved(PIPE_KEYS | to, &number, 1, true);
	return 0;
}

/* Of a UDP socket nobody else hears. */
static int set_peer(struct socket_end *end, uint16_t port)
{
	socket_bind_anywhere(end);
	end->peer_port = port;
	return 0;
}

int runtime_connect(int fd, const struct sockaddr *given, socklen_t size)
{
	struct socket_end *end = socket_of(fd);
	struct address address;
	long to;
	if (!end)
		return no_socket(fd);
	if (size >= sizeof given->sa_family && given->sa_family == AF_UNSPEC)
		execution_uncovered("a connection that connect() dissolves");
	int trouble = address_read(&address, end, given, size);
	if (trouble)
		return fails(trouble);
	if (end->domain != AF_UNIX && end->kind == SOCK_DGRAM)
		return set_peer(end, address.port);
	socket_bind_anywhere(end);
	struct operation operation = operation_at(STEP_CONNECT, address.key, NULL);
	bool blocking = !does_not_block(fd);
	yield_turn();
	enum interruption interruption = arrive_interruptibly(&operation, true, 0);
	long result;
	while ((result = try_connect(fd, end, &address, &to)) == -EAGAIN && blocking) {
		if (interruption == WAIT_ENDED)
			return fails(EINTR);
		interruption = arrive_interruptibly(&operation, false, 0);
	}
	if (result == -EAGAIN && end->domain != AF_UNIX)
		execution_uncovered("a connect() that goes on beside the program");
	return result < 0 ? fails((int)-result) : connected(end, (uint32_t)to);
}

static void accepted(int fd, const struct socket_end *listener, uint32_t from)
{
	uint64_t key;
	if (!is_pipe(fd, &key))
		return;
	uint32_t number = key & 0xffff;
	struct socket_end *end = &control->sockets[number];
	*end = *listener;
	end->any = end->backlog = 0;
	end->families = 0; /* it is not found by its address, */
	end->key = end->inode = 0;
	if (from == PIPES_MAX)
		return;
	control->pipes[number].from = from;
	control->pipes[from].from = number;
	object_acquire(PIPE_KEYS | from | CONNECTION);
}

int runtime_accept4(int fd, struct sockaddr *address, socklen_t *size, int flags)
{
	struct socket_end *end = socket_of(fd);
	struct kernel_name name = {.size = sizeof name.address};
	unsigned char one = 0;
	if (!end)
		return no_socket(fd);
	int trouble = wait_ready(STEP_ACCEPT, end->key, fd, POLLIN);
	if (trouble)
		return fails(trouble);
	explore_self.left_behind = 1;
	long got = kernel(
		SYS_accept4, fd, (long)&name.address, (long)&name.size, flags, 0, 0);
	if (got < 0)
		return fails((int)-got);
	uint32_t from = kernel_name_number(&name);
	pipe_moved(socket_key(end), &one, 1, false);
	accepted((int)got, end, from);
	if (from != PIPES_MAX)
		address_tell(&control->sockets[from], end->domain, true, address, size);
	return (int)got;
}

int runtime_accept(int fd, struct sockaddr *address, socklen_t *size)
{
	return runtime_accept4(fd, address, size, 0);
}

int runtime_getsockname(int fd, struct sockaddr *address, socklen_t *size)
{
	const struct socket_end *end = socket_of(fd);
	if (!end)
		return no_socket(fd);
	address_tell(end, end->domain, false, address, size);
	return 0;
}

int runtime_getpeername(int fd, struct sockaddr *address, socklen_t *size)
{
	const struct socket_end *end = socket_of(fd);
	struct kernel_name name = {.size = sizeof name.address};
	if (!end)
		return no_socket(fd);
	if (end->peer_port) {
		struct socket_end peer = {.port = end->peer_port};
		address_tell(&peer, end->domain, true, address, size);
		return 0;
	}
	explore_self.left_behind = 1;
	long result = kernel(
		SYS_getpeername, fd, (long)&name.address, (long)&name.size, 0, 0, 0);
	uint32_t number = kernel_name_number(&name);
	if (result < 0 || number == PIPES_MAX)
		return fails(result < 0 ? (int)-result : ENOTCONN);
	address_tell(&control->sockets[number], end->domain, true, address, size);
	return 0;
}
