/* SPDX-License-Identifier: MIT */
/*
 * A message says that a value is ready. The receiver asks for the type of that message; the
 * buggy one takes whatever comes first, which may be the other sender's.
 */
#include "../tasks.h"

#include <sys/ipc.h>
#include <sys/msg.h>

enum { NEWS = 1, READY = 2 };

struct message {
	long type;
	char text[4];
};

static int queue;

static void send_news(void *shared, int number)
{
	struct message news = {NEWS, "abc"};

	(void)shared;
	(void)number;
	msgsnd(queue, &news, sizeof(news.text), 0);
}

static void send_ready(void *shared, int number)
{
	int *value = shared;
	struct message ready = {READY, ""};

	(void)number;
	*value = 42;
	msgsnd(queue, &ready, 0, 0);
}

int main(void)
{
	int *value = tasks_share(sizeof(*value));
	struct message message;
	long wanted = 0;

#ifdef CORRECT
	wanted = READY;
#endif
	queue = msgget(IPC_PRIVATE, 0600);
	tasks_start(send_news, value, 0);
	tasks_start(send_ready, value, 1);
	if (msgrcv(queue, &message, sizeof(message.text), wanted, 0) < 0)
		return 2;
	assert(*value == 42);
	tasks_join();
	msgctl(queue, IPC_RMID, NULL);
	tasks_free(value, sizeof(*value));
	return 0;
}
