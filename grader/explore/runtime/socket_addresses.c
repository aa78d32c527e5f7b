/* SPDX-License-Identifier: MIT */
/*
 * Addresses of sockets: as the program gives them, as it is told them, and the kernel's names of
 * sockets, which are abstract ones that no other execution has.
 */
#include "files.h"
#include "paths.h"
#include "sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void kernel_name_of(struct kernel_name *name, uint32_t number)
{
	char *text = name->address.sun_path + 1;
	explore_self.left_behind = 1; /* no two servers have the same */
	real.memset(name, 0, sizeof *name);
	name->address.sun_family = AF_UNIX;
	int length = snprintf(text, SOCKET_PATH - 1, "interlock-%016llx-%u-%u",
		(unsigned long long)control->socket_salt, control->generation, number);
	name->size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1) +
		     (socklen_t)length;
}

uint32_t kernel_name_number(const struct kernel_name *name)
{
	char text[SOCKET_PATH] = {0};
	size_t head = offsetof(struct sockaddr_un, sun_path) + 1;
	if (name->size <= head)
		return PIPES_MAX;
	real.memcpy(text, name->address.sun_path + 1, name->size - head);
	const char *last = strrchr(text, '-');
	unsigned long number = last ? strtoul(last + 1, NULL, 10) : PIPES_MAX;
	return number < control->pipes_used ? (uint32_t)number : PIPES_MAX;
}

bool address_is_path(const struct address *address)
{
	return address->path_size && address->path[0];
}

static uint64_t key_of_bytes(const void *bytes, size_t size, uint64_t hash)
{
	const unsigned char *at = bytes;
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ at[i]) * 0x100000001b3ull;
	return NAME_KEYS | (control_mix(hash) & ((1ull << 48) - 1));
}

static int local_read(
	struct address *address, const struct sockaddr_un *given, socklen_t size)
{
	size_t length = size - offsetof(struct sockaddr_un, sun_path);
	if (!length)
		execution_uncovered("a UNIX socket that is given no name");
	if (length > SOCKET_PATH)
		return EINVAL;
	real.memcpy(address->path, given->sun_path, length);
	if (given->sun_path[0]) {
		length = strlen(address->path);
		address->key = name_key(address->path);
	} else {
		address->key = key_of_bytes(address->path, length, SOCKET_PATH);
		name_entry(address->key, length > 1 ? address->path + 1 : "no name");
	}
	address->path_size = (uint16_t)length;
	return 0;
}

void address_set_port(
	struct address *address, const struct socket_end *end, uint16_t port)
{
	char shown[FILE_SHOWN];
	address->port = port;
	snprintf(shown, sizeof shown, "%s port %u",
		end->kind == SOCK_DGRAM ? "UDP" : "TCP", port);
	address->key = key_of_bytes(shown, strlen(shown), 0);
	name_entry(address->key, shown);
}

/* Those of this machine alone: its own, and all that it has. */
static bool version_4_read(struct address *address, const struct sockaddr_in *given)
{
	uint32_t machine = ntohl(given->sin_addr.s_addr);
	address->port = ntohs(given->sin_port);
	address->any = machine == INADDR_ANY;
	address->families = IP_VERSION_4;
	return address->any || machine == INADDR_LOOPBACK;
}

static bool version_6_read(struct address *address, const struct sockaddr_in6 *given,
	const struct socket_end *end)
{
	static const unsigned char any[16], own[16] = {[15] = 1},
					    own_4[16] = {[10] = 0xff, 0xff, 127, 0, 0, 1};
	const unsigned char *machine = given->sin6_addr.s6_addr;
	address->port = ntohs(given->sin6_port);
	address->any = !real.memcmp(machine, any, sizeof any);
	address->families = IP_VERSION_6;
	if (address->any && !end->only_version_6)
		address->families |= IP_VERSION_4;
	if (!real.memcmp(machine, own_4, sizeof own_4))
		address->families = IP_VERSION_4;
	return address->any || address->families == IP_VERSION_4 ||
	       !real.memcmp(machine, own, sizeof own);
}

int address_read(struct address *address, const struct socket_end *end,
	const struct sockaddr *given, socklen_t size)
{
	bool here = true;
	real.memset(address, 0, sizeof *address);
	if (size < sizeof given->sa_family)
		return EINVAL;
	access_memory(given, size, 0, explore_self.frame->pc);
	if (given->sa_family != end->domain)
		return end->domain == AF_UNIX ? EINVAL : EAFNOSUPPORT;
	if (end->domain == AF_UNIX)
		return local_read(address, (const void *)given, size);
	if (size < (end->domain == AF_INET ? sizeof(struct sockaddr_in)
					   : sizeof(struct sockaddr_in6)))
		return EINVAL;
	here = end->domain == AF_INET ? version_4_read(address, (const void *)given)
				      : version_6_read(address, (const void *)given, end);
	if (!here)
		execution_uncovered("a socket's address of another machine");
	if (address->port)
		address_set_port(address, end, address->port);
	return 0;
}

static socklen_t local_write(const struct socket_end *end, struct sockaddr_un *to)
{
	to->sun_family = AF_UNIX;
	real.memcpy(to->sun_path, end->path, end->path_size);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + end->path_size +
			   (end->path[0] != 0 && end->path_size < SOCKET_PATH));
}

static socklen_t version_4_write(
	const struct socket_end *end, bool as_peer, struct sockaddr_in *to)
{
	to->sin_family = AF_INET;
	to->sin_port = htons(end->port);
	if (end->port && (as_peer || !end->any))
		to->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return sizeof *to;
}

static socklen_t version_6_write(
	const struct socket_end *end, bool as_peer, struct sockaddr_in6 *to)
{
	unsigned char *machine = to->sin6_addr.s6_addr;
	to->sin6_family = AF_INET6;
	to->sin6_port = htons(end->port);
	if (!end->port || (!as_peer && end->any))
		return sizeof *to;
	machine[15] = 1;
	if (end->domain == AF_INET) { /* as IPv6 has it */
		machine[10] = machine[11] = 0xff;
		machine[12] = 127;
	}
	return sizeof *to;
}

void address_tell(const struct socket_end *end, int domain, bool as_peer,
	struct sockaddr *to, socklen_t *size)
{
	struct sockaddr_storage told;
	if (!to)
		return;
	real.memset(&told, 0, sizeof told);
	socklen_t length = domain == AF_UNIX ? local_write(end, (void *)&told)
			   : domain == AF_INET
				   ? version_4_write(end, as_peer, (void *)&told)
				   : version_6_write(end, as_peer, (void *)&told);
	socklen_t room = *size < length ? *size : length;
	access_memory(to, room, FLAG_WRITE, explore_self.frame->pc);
	real.memcpy(to, &told, room);
	*size = length;
}
