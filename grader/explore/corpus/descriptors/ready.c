/* SPDX-License-Identifier: MIT */
/*
 * A value is handed over by what makes a descriptor ready. HOW: 1 a pipe and select(), 2 an
 * eventfd, 3 a signalfd, 4 a POSIX queue, 5 a FIFO, 6 streams on a pipe, 7 epoll on a pipe, 8 poll on a pipe. The
 * buggy sender writes the value only after it.
 */
#define _GNU_SOURCE
#include "../tasks.h"

#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/stat.h>

static int ends[2], event;
static char fifo[] = "/tmp/interlock-corpus-fifo";
static pid_t receiver;

static void announce(void)
{
#if HOW == 1 || HOW == 7 || HOW == 8
	assert(write(ends[1], "x", 1) == 1);
#elif HOW == 2
	assert(eventfd_write(event, 1) == 0);
#elif HOW == 3
	kill(receiver, SIGUSR1);
#elif HOW == 4
	assert(mq_send(event, "x", 1, 3) == 0);
#elif HOW == 5
	int fd = open(fifo, O_WRONLY);
	assert(write(fd, "x", 1) == 1);
	close(fd);
#elif HOW == 6
	FILE *stream = fdopen(ends[1], "w");
	fprintf(stream, "go\n");
	fflush(stream);
#endif
}

static void await(void)
{
	char text[16];
#if HOW == 1
	fd_set set;
	FD_ZERO(&set);
	FD_SET(ends[0], &set);
	assert(select(ends[0] + 1, &set, NULL, NULL, NULL) == 1);
	assert(read(ends[0], text, 1) == 1);
#elif HOW == 2
	eventfd_t value;
	(void)text;
	assert(eventfd_read(event, &value) == 0 && value == 1);
#elif HOW == 3
	struct signalfd_siginfo info;
	(void)text;
	assert(read(event, &info, sizeof(info)) == sizeof(info));
	assert(info.ssi_signo == SIGUSR1);
#elif HOW == 4
	unsigned priority;
	assert(mq_receive(event, text, 8, &priority) == 1 && priority == 3);
#elif HOW == 5
	int fd = open(fifo, O_RDONLY);
	assert(read(fd, text, 1) == 1);
	close(fd);
#elif HOW == 6
	FILE *stream = fdopen(ends[0], "r");
	assert(fgets(text, sizeof(text), stream) != NULL);
#elif HOW == 8
	struct pollfd ready = {.fd = ends[0], .events = POLLIN};
	assert(poll(&ready, 1, -1) == 1);
	assert(read(ends[0], text, 1) == 1);
#elif HOW == 7
	struct epoll_event ready = {.events = EPOLLIN};
	int set = epoll_create1(0);
	epoll_ctl(set, EPOLL_CTL_ADD, ends[0], &ready);
	assert(epoll_wait(set, &ready, 1, -1) == 1);
	assert(read(ends[0], text, 1) == 1);
#endif
}

static void prepare(void)
{
	sigset_t user;
	struct mq_attr attributes = {.mq_maxmsg = 2, .mq_msgsize = 8};

	sigemptyset(&user);
	sigaddset(&user, SIGUSR1);
	receiver = getpid();
	(void)attributes;
	if (HOW == 1 || HOW >= 6)
		assert(pipe(ends) == 0);
#if HOW == 2
	event = eventfd(0, 0);
#elif HOW == 3
	pthread_sigmask(SIG_BLOCK, &user, NULL);
	event = signalfd(-1, &user, 0);
#elif HOW == 4
	event = mq_open("/interlock-corpus", O_CREAT | O_RDWR, 0600, &attributes);
	mq_unlink("/interlock-corpus");
#elif HOW == 5
	unlink(fifo);
	assert(mkfifo(fifo, 0600) == 0);
#endif
}

static void send(void *shared, int number)
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
	tasks_start(send, value, 0);
	await();
	(*value)++;
	tasks_join();
	assert(*value == 42);
	if (HOW == 5)
		unlink(fifo);
	tasks_free(value, sizeof(*value));
	return 0;
}
