/* SPDX-License-Identifier: MIT */
/*
 * Sockets that are found by an address of this execution. See sockets.c.
 *
 *	struct socket_end *end = socket_of(fd);
 *	struct address address;
 *	if (end && !address_read(&address, end, given, size))
 *		to = socket_at(&address, end->kind);
 */
#ifndef INTERLOCK_EXPLORE_SOCKETS_H
#define INTERLOCK_EXPLORE_SOCKETS_H

#include "runtime.h"

#include <sys/socket.h>
#include <sys/un.h>

#define PIPE_KEYS (1ull << 62) /* with the number of the pipe or socket */

/* Of the program's. */
struct address {
	uint64_t key; /* what tasks synchronise by */
	uint16_t port;
	uint16_t path_size; /* its first byte is 0 if it is no file's */
	uint8_t families, any;
	char path[SOCKET_PATH + 1];
};

/* The kernel's name of a socket. */
struct kernel_name {
	struct sockaddr_un address;
	socklen_t size;
};

/* sockets.c; NULL: none that socket() or accept() made */
struct socket_end *socket_of(int fd);
uint32_t socket_number(const struct socket_end *end);
uint64_t socket_key(const struct socket_end *end); /* of its pipe */
/* Gives it a port, if it has none yet. */
void socket_bind_anywhere(struct socket_end *end);
/* The number of the one that is bound there, or a negative error. */
long socket_at(const struct address *address, int kind);
uint64_t sockets_hash(uint64_t hash);
void sockets_make(void);		  /* in the server */
uint32_t socket_of_inode(uint64_t inode); /* bound to that file, from 1; 0: none */

/* messages.c, for what read() and write() do there */
ssize_t socket_send(int fd, uint64_t key, const struct msghdr *message, int flags);
ssize_t socket_receive(int fd, uint64_t key, struct msghdr *message, int flags);
ssize_t runtime_recv(int fd, void *buffer, size_t size, int flags);

/* socket_addresses.c */
void kernel_name_of(struct kernel_name *name, uint32_t number);
uint32_t kernel_name_number(const struct kernel_name *name); /* PIPES_MAX: none */
/* 0, or an error. */
int address_read(struct address *address, const struct socket_end *end,
	const struct sockaddr *given, socklen_t size);
void address_set_port(
	struct address *address, const struct socket_end *end, uint16_t port);
/* How a path is given as an address: as a text that ends. */
bool address_is_path(const struct address *address);
/* Tells where `end` is, as a socket of that domain has it. Shortened to *size. */
void address_tell(const struct socket_end *end, int domain, bool as_peer,
	struct sockaddr *to, socklen_t *size);
enum { IP_VERSION_4 = 1, IP_VERSION_6 = 2 };

#endif
