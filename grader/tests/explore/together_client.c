/* SPDX-License-Identifier: MIT */
/* Has a number doubled by the server. */
#include "together.h"

int value = 21;

void finish(void)
{
	assert(value == 42);
}

static void by_fifo(void)
{
	int fd;

	mkfifo(fifo, 0600);
	fd = open(fifo, O_WRONLY);
	assert(write(fd, &value, sizeof(value)) == sizeof(value));
	close(fd);
	value *= 2;
}

static void by_queue(void)
{
	struct message message = {.type = 1, .value = value};
	int id = msgget(77, IPC_CREAT | 0600);

	assert(msgsnd(id, &message, sizeof(int), 0) == 0);
	assert(msgrcv(id, &message, sizeof(int), 2, 0) == sizeof(int));
	value = message.value;
	msgctl(id, IPC_RMID, NULL);
}

static void by_memory(void)
{
	int *number = shared();
	sem_t *question = sem_open(asked, O_CREAT, 0600, 0);
	sem_t *answer = sem_open(answered, O_CREAT, 0600, 0);

	*number = value;
	sem_post(question);
	sem_wait(answer);
	value = *number;
	munmap(number, sizeof(int));
	sem_close(question);
	sem_close(answer);
	sem_unlink(asked);
	sem_unlink(answered);
	shm_unlink(memory);
}

static void by_socket(void)
{
	struct sockaddr_in address = place();
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	while (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		sched_yield();
	assert(write(fd, &value, sizeof(value)) == sizeof(value));
	assert(read(fd, &value, sizeof(value)) == sizeof(value));
	close(fd);
}

static void once(void)
{
	struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = 8};
	mqd_t requests = mq_open(queue, O_CREAT | O_WRONLY, 0600, &attributes);

	assert(mq_send(requests, "x", 1, 0) == 0);
	value *= 2;
}

int main(int argc, char **argv)
{
	static void (*const ways[])(void) = {
		NULL, by_fifo, by_queue, by_memory, by_socket, once};

	assert(argc == 1);
	(void)argv;
	ways[HOW]();
	finish();
	return 0;
}
