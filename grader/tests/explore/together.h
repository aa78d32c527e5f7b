/* SPDX-License-Identifier: MIT */
/*
 * What a server and a client agree on. HOW: 1 a FIFO, 2 a System V message queue, 3 shared memory
 * and named semaphores, 4 a socket, 5 a POSIX queue that the server waits at for ever.
 */
#ifndef TOGETHER_H
#define TOGETHER_H

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const char fifo[] = "/tmp/interlock-together", memory[] = "/together",
		  asked[] = "/asked", answered[] = "/answered", queue[] = "/requests";

struct message {
	long type;
	int value;
};

/* Both programs have a variable and a function of these names. */
extern int value;
void finish(void);

static inline struct sockaddr_in place(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(6000)};

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return address;
}

/* Whoever comes first makes the memory. */
static inline int *shared(void)
{
	int fd = shm_open(memory, O_RDWR | O_CREAT, 0600);

	assert(ftruncate(fd, sizeof(int)) == 0);
	int *number = mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert(number != MAP_FAILED);
	close(fd);
	return number;
}

#endif
