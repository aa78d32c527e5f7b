/* SPDX-License-Identifier: MIT */
/*
 * A System V semaphore guards a counter. The buggy one starts at two, so that two tasks get in.
 */
#include "../tasks.h"

#include <sys/ipc.h>
#include <sys/sem.h>

static int set;

static void change(short by)
{
	struct sembuf operation = {0, by, 0};

	if (semop(set, &operation, 1) < 0)
		_exit(3);
}

static void count(void *shared, int number)
{
	int *counter = shared;

	(void)number;
	change(-1);
	(*counter)++;
	change(1);
}

int main(void)
{
	int *counter = tasks_share(sizeof(*counter));
	union {
		int value;
	} start = {2};

#ifdef CORRECT
	start.value = 1;
#endif
	set = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
	semctl(set, 0, SETVAL, start);
	for (int i = 0; i < 2; i++)
		tasks_start(count, counter, i);
	tasks_join();
	assert(*counter == 2);
	semctl(set, 0, IPC_RMID);
	tasks_free(counter, sizeof(*counter));
	return 0;
}
