/* SPDX-License-Identifier: MIT */
/*
 * Names of machines and services. An execution has one machine, "localhost", and no file or
 * server is asked; what names another machine is not covered. Services are numbers.
 */
#include "ipc.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *runtime_calloc(size_t count, size_t size);
void runtime_free(void *pointer);

enum machine { NO_MACHINE, EVERY_ADDRESS, LOOPBACK_4, LOOPBACK_6, LOOPBACK };

static enum machine machine_named(const char *name, bool passive)
{
	static const struct {
		const char *text;
		enum machine machine;
	} known[] = {{"localhost", LOOPBACK}, {"127.0.0.1", LOOPBACK_4},
		{"0.0.0.0", EVERY_ADDRESS}, {"::1", LOOPBACK_6}, {"::", EVERY_ADDRESS}};
	if (!name)
		return passive ? EVERY_ADDRESS : LOOPBACK;
	access_memory(name, strlen(name) + 1, 0, explore_self.frame->pc);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (!strcmp(name, known[i].text))
			return known[i].machine;
	return NO_MACHINE;
}

static bool service_port(const char *name, uint16_t *port)
{
	char *end = NULL;
	*port = 0;
	if (!name)
		return true;
	access_memory(name, strlen(name) + 1, 0, explore_self.frame->pc);
	unsigned long number = strtoul(name, &end, 10);
	*port = (uint16_t)number;
	return *name && !*end && number <= UINT16_MAX;
}

struct found {
	struct addrinfo information;
	struct sockaddr_storage address;
};

static struct addrinfo *found_new(
	enum machine machine, int family, uint16_t port, int type, int protocol)
{
	struct found *found = runtime_calloc(1, sizeof *found);
	struct sockaddr_in *four = (struct sockaddr_in *)&found->address;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&found->address;
	found->information = (struct addrinfo){.ai_family = family,
		.ai_socktype = type,
		.ai_protocol = protocol,
		.ai_addr = (struct sockaddr *)&found->address,
		.ai_addrlen = family == AF_INET ? sizeof *four : sizeof *six};
	found->address.ss_family = (sa_family_t)family;
	if (family == AF_INET) {
		four->sin_port = htons(port);
		if (machine != EVERY_ADDRESS)
			four->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	} else {
		six->sin6_port = htons(port);
		six->sin6_addr.s6_addr[15] = machine != EVERY_ADDRESS;
	}
	access_memory(found, sizeof *found, FLAG_WRITE, explore_self.frame->pc);
	return &found->information;
}

/* Where both versions would do, version 4: a machine may have just that. */
static int family_for(enum machine machine, int wanted)
{
	if (wanted == AF_UNSPEC)
		return machine == LOOPBACK_6 ? AF_INET6 : AF_INET;
	if ((wanted == AF_INET && machine == LOOPBACK_6) ||
		(wanted == AF_INET6 && machine == LOOPBACK_4))
		return AF_UNSPEC;
	return wanted;
}

/* For each type of socket that is wanted, one. */
int runtime_getaddrinfo(const char *node, const char *service,
	const struct addrinfo *hints, struct addrinfo **list)
{
	static const struct {
		int type, protocol;
	} types[] = {{SOCK_STREAM, IPPROTO_TCP}, {SOCK_DGRAM, IPPROTO_UDP}};
	const struct addrinfo none = {0};
	uint16_t port;
	if (!node && !service)
		return EAI_NONAME;
	if (hints)
		access_memory(hints, sizeof *hints, 0, explore_self.frame->pc);
	else
		hints = &none;
	enum machine machine = machine_named(node, hints->ai_flags & AI_PASSIVE);
	if (machine == NO_MACHINE)
		execution_uncovered("getaddrinfo() of another machine");
	if (!service_port(service, &port))
		execution_uncovered("getaddrinfo() of a service that is no number");
	int family = family_for(machine, hints->ai_family);
	if (family != AF_INET && family != AF_INET6)
		return family == AF_UNSPEC ? EAI_ADDRFAMILY : EAI_FAMILY;
	struct addrinfo **end = list;
	access_memory(list, sizeof *list, FLAG_WRITE, explore_self.frame->pc);
	*list = NULL;
	for (int i = 0; i < 2; i++) {
		if (hints->ai_socktype && hints->ai_socktype != types[i].type)
			continue;
		*end = found_new(machine, family, port, types[i].type, types[i].protocol);
		end = &(*end)->ai_next;
	}
	return *list ? 0 : EAI_SOCKTYPE;
}

void runtime_freeaddrinfo(struct addrinfo *list)
{
	while (list) {
		struct addrinfo *next = list->ai_next;
		runtime_free(list);
		list = next;
	}
}

static int text_told(char *text, size_t room, const char *told)
{
	size_t length = strlen(told) + 1;
	if (!text || !room)
		return 0;
	if (length > room)
		return EAI_OVERFLOW;
	access_memory(text, length, FLAG_WRITE, explore_self.frame->pc);
	real.memcpy(text, told, length);
	return 0;
}

int runtime_getnameinfo(const struct sockaddr *address, socklen_t size, char *node,
	socklen_t node_room, char *service, socklen_t service_room, int flags)
{
	const struct sockaddr_in *four = (const void *)address;
	const struct sockaddr_in6 *six = (const void *)address;
	char name[INET6_ADDRSTRLEN] = "localhost", port[8];
	access_memory(address, size, 0, explore_self.frame->pc);
	if (address->sa_family != AF_INET && address->sa_family != AF_INET6)
		return EAI_FAMILY;
	bool version_4 = address->sa_family == AF_INET;
	if (flags & NI_NUMERICHOST)
		inet_ntop(address->sa_family,
			version_4 ? (const void *)&four->sin_addr
				  : (const void *)&six->sin6_addr,
			name, sizeof name);
	snprintf(port, sizeof port, "%u",
		ntohs(version_4 ? four->sin_port : six->sin6_port));
	int trouble = text_told(node, node_room, name);
	return trouble ? trouble : text_told(service, service_room, port);
}

/* What the older functions return lies in memory of the library's own. */

struct hostent *runtime_gethostbyname(const char *name)
{
	static struct in_addr loopback;
	static char *addresses[2], *aliases[1];
	static char own_name[] = "localhost";
	static struct hostent host;
	enum machine machine = machine_named(name, false);
	if (machine != LOOPBACK && machine != LOOPBACK_4)
		execution_uncovered("gethostbyname() of another machine");
	loopback.s_addr = htonl(INADDR_LOOPBACK);
	addresses[0] = (char *)&loopback;
	host = (struct hostent){.h_name = own_name,
		.h_aliases = aliases,
		.h_addrtype = AF_INET,
		.h_length = sizeof loopback,
		.h_addr_list = addresses};
	return &host;
}

/* Each thread has its own text. */
char *runtime_inet_ntoa(struct in_addr address)
{
	static __thread char text[INET_ADDRSTRLEN];
	inet_ntop(AF_INET, &address, text, sizeof text);
	return text;
}
