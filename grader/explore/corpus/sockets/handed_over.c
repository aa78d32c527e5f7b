/* SPDX-License-Identifier: MIT */
/*
 * A value is handed over through a socket. HOW: 1 a connection over TCP that epoll waits for,
 * 2 a datagram to a path, 3 a UDP datagram, 4 a connection to an abstract UNIX name. The buggy
 * sender writes the value only after it.
 */
#define _GNU_SOURCE
#include "../tasks.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

#if HOW == 1 || HOW == 3
static struct sockaddr_in address;
#else
static struct sockaddr_un address;
#endif
enum { TYPE = HOW == 1 || HOW == 4 ? SOCK_STREAM : SOCK_DGRAM };

static int server;

static void prepare(void)
{
	struct sockaddr *where = (struct sockaddr *)&address;
	socklen_t size = sizeof(address);

#if HOW == 1 || HOW == 3
	address.sin_family = AF_INET;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
#else
	address.sun_family = AF_UNIX;
	strcpy(address.sun_path + (HOW == 4), "interlock-corpus");
#endif
	server = socket(where->sa_family, TYPE, 0);
	assert(server >= 0 && bind(server, where, size) == 0);
	assert(getsockname(server, where, &size) == 0);
	if (TYPE == SOCK_STREAM)
		assert(listen(server, 1) == 0);
}

static void announce(void)
{
	struct sockaddr *where = (struct sockaddr *)&address;
	int fd = socket(where->sa_family, TYPE, 0);

	if (TYPE == SOCK_STREAM) {
		assert(connect(fd, where, sizeof(address)) == 0);
		assert(send(fd, "x", 1, 0) == 1);
	} else {
		assert(sendto(fd, "x", 1, 0, where, sizeof(address)) == 1);
	}
	close(fd);
}

static void await(void)
{
	char text[4];

	if (HOW == 1) {
		struct epoll_event ready = {.events = EPOLLIN};
		int set = epoll_create1(0);
		epoll_ctl(set, EPOLL_CTL_ADD, server, &ready);
		assert(epoll_wait(set, &ready, 1, -1) == 1);
		close(set);
	}
	if (TYPE == SOCK_STREAM) {
		int fd = accept(server, NULL, NULL);
		assert(recv(fd, text, sizeof(text), 0) == 1);
		assert(recv(fd, text, sizeof(text), 0) == 0);
		close(fd);
	} else {
		assert(recvfrom(server, text, sizeof(text), 0, NULL, NULL) == 1);
	}
}

static void sender(void *shared, int number)
{
	int *value = shared;

	(void)number;
#ifdef CORRECT
	*value = 41;
	announce();
#else
	announce();
	*value = 41;
#endif
}

int main(void)
{
	int *value = tasks_share(sizeof(*value));

	prepare();
	tasks_start(sender, value, 0);
	await();
	(*value)++;
	tasks_join();
	assert(*value == 42);
	close(server);
	if (HOW == 2)
		unlink("interlock-corpus");
	tasks_free(value, sizeof(*value));
	return 0;
}
