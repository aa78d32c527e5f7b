/* SPDX-License-Identifier: MIT */
/*
 * A process ends while it holds a System V semaphore. With SEM_UNDO the kernel gives it back;
 * without, the next one waits for ever.
 */
#define _GNU_SOURCE
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	int set = semget(IPC_PRIVATE, 1, 0600);
	struct sembuf take = {0, -1, 0}, give = {0, 1, 0};

#ifdef CORRECT
	take.sem_flg = give.sem_flg = SEM_UNDO;
#endif
	struct sembuf start = {0, 1, 0};
	semop(set, &start, 1);
	if (fork() == 0) {
		semop(set, &take, 1);
		_exit(0);
	}
	semop(set, &take, 1);
	semop(set, &give, 1);
	wait(NULL);
	semctl(set, 0, IPC_RMID);
	return 0;
}
