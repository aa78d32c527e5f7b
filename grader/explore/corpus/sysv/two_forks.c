/* SPDX-License-Identifier: MIT */
/*
 * Two philosophers, a set of two forks. Both forks by one semop() are taken together or not at
 * all; one after the other, by two, each may hold one and wait for the other.
 */
#include "../tasks.h"

#include <sys/ipc.h>
#include <sys/sem.h>

static int forks;

static void dine(void *shared, int seat)
{
	unsigned short first = (unsigned short)seat, second = (unsigned short)!seat;
	struct sembuf take[] = {{first, -1, 0}, {second, -1, 0}};
	struct sembuf give[] = {{first, 1, 0}, {second, 1, 0}};

	(void)shared;
#ifdef CORRECT
	semop(forks, take, 2);
#else
	semop(forks, &take[0], 1);
	semop(forks, &take[1], 1);
#endif
	semop(forks, give, 2);
}

int main(void)
{
	unsigned short ones[] = {1, 1};
	union {
		unsigned short *values;
	} start = {ones};

	forks = semget(ftok("/tmp", 'f'), 2, IPC_CREAT | IPC_EXCL | 0600);
	semctl(forks, 0, SETALL, start);
	for (int i = 0; i < 2; i++)
		tasks_start(dine, NULL, i);
	tasks_join();
	semctl(forks, 0, IPC_RMID);
	return 0;
}
