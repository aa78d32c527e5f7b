/* SPDX-License-Identifier: MIT */
/* Doubles a number that its client sends. */
#include "together.h"

int value = 2;

void finish(void)
{
	value = 0;
}

static void by_fifo(void)
{
	int number;

	mkfifo(fifo, 0600);
	int fd = open(fifo, O_RDONLY);
	assert(read(fd, &number, sizeof(number)) == sizeof(number));
	assert(number * value == 42);
	close(fd);
	unlink(fifo);
}

static void by_queue(void)
{
	struct message message;
	int id = msgget(77, IPC_CREAT | 0600);

	assert(msgrcv(id, &message, sizeof(int), 1, 0) == sizeof(int));
	message.value *= value;
	message.type = 2;
	assert(msgsnd(id, &message, sizeof(int), 0) == 0);
}

static void by_memory(void)
{
	int *number = shared();
	sem_t *question = sem_open(asked, O_CREAT, 0600, 0);
	sem_t *answer = sem_open(answered, O_CREAT, 0600, 0);

#ifndef WRONG
	sem_wait(question);
#endif
	*number *= value;
	sem_post(answer);
	munmap(number, sizeof(int));
	sem_close(question);
	sem_close(answer);
}

static void by_socket(void)
{
	struct sockaddr_in address = place();
	int number, server = socket(AF_INET, SOCK_STREAM, 0);

	assert(bind(server, (struct sockaddr *)&address, sizeof(address)) == 0);
	assert(listen(server, 1) == 0);
	int fd = accept(server, NULL, NULL);
	assert(read(fd, &number, sizeof(number)) == sizeof(number));
	number *= value;
	assert(write(fd, &number, sizeof(number)) == sizeof(number));
	close(fd);
	close(server);
}

static void for_ever(void)
{
	struct mq_attr attributes = {.mq_maxmsg = 1, .mq_msgsize = 8};
	mqd_t requests = mq_open(queue, O_CREAT | O_RDONLY, 0600, &attributes);
	char text[8];

	for (;;)
		assert(mq_receive(requests, text, sizeof(text), NULL) == 1);
}

int main(int argc, char **argv)
{
	static void (*const ways[])(void) = {
		NULL, by_fifo, by_queue, by_memory, by_socket, for_ever};

	assert(argc == 2 && strcmp(argv[1], "server") == 0);
	ways[HOW]();
	finish();
	return value;
}
