/* SPDX-License-Identifier: MIT */
/*
 * A System V segment that each process attaches for itself, by its key. It is shared memory
 * like any other: two unguarded increments race. LEFT leaves it behind.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KEY = 0x1234 };

static void count(void)
{
	int *counter = shmat(shmget(KEY, 0, 0), NULL, 0);
#ifdef CORRECT
	__atomic_add_fetch(counter, 1, __ATOMIC_SEQ_CST);
#else
	(*counter)++;
#endif
	shmdt(counter);
}

int main(void)
{
	int segment = shmget(KEY, sizeof(int), IPC_CREAT | IPC_EXCL | 0600);
	int *counter = shmat(segment, NULL, 0);

	for (int i = 0; i < 2; i++)
		if (fork() == 0) {
			count();
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
	assert(*counter == 2);
	shmdt(counter);
#ifndef LEFT
	shmctl(segment, IPC_RMID, NULL);
#endif
	return 0;
}
