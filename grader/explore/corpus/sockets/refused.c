/* SPDX-License-Identifier: MIT */
/*
 * A client of a server: the buggy one starts before the server listens, and is refused then; the
 * correct one comes again until it is let in. The server closes before it has read everything,
 * so a further message ends with EPIPE.
 */
#define _GNU_SOURCE
#include "../tasks.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>

static struct sockaddr_in address;

static void serve(void *shared, int number)
{
	char text[4];
	int one = 1, again = socket(AF_INET, SOCK_STREAM, 0);
	int server = socket(AF_INET, SOCK_STREAM, 0);

	(void)shared;
	(void)number;
	setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	assert(bind(server, (struct sockaddr *)&address, sizeof(address)) == 0);
	assert(bind(again, (struct sockaddr *)&address, sizeof(address)) < 0);
	assert(errno == EADDRINUSE);
	assert(listen(server, 4) == 0);
	int fd = accept(server, NULL, NULL);
	assert(read(fd, text, sizeof(text)) == 4);
	close(fd);
	close(server);
	close(again);
}

static void visit(void)
{
	struct sockaddr_in peer;
	socklen_t size = sizeof(peer);
	char text[4];
	int fd = socket(AF_INET, SOCK_STREAM, 0);

#ifdef CORRECT
	while (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		assert(errno == ECONNREFUSED);
		sched_yield();
	}
#else
	assert(connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
#endif
	assert(getpeername(fd, (struct sockaddr *)&peer, &size) == 0);
	assert(peer.sin_port == htons(8080));
	assert(write(fd, "ping", 4) == 4);
	assert(read(fd, text, sizeof(text)) == 0);
	assert(write(fd, "more", 4) < 0 && errno == EPIPE);
	close(fd);
}

int main(void)
{
	int *nothing = tasks_share(sizeof(*nothing));

	signal(SIGPIPE, SIG_IGN);
	address.sin_family = AF_INET;
	address.sin_port = htons(8080);
	inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
	tasks_start(serve, nothing, 0);
	visit();
	tasks_join();
	tasks_free(nothing, sizeof(*nothing));
	return 0;
}
