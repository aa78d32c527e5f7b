/* SPDX-License-Identifier: MIT */
/*
 * Mutual exclusion by a named semaphore that each process opens for itself. Its first
 * value is 1; the buggy program's 2 lets both in.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef CORRECT
#define FIRST_VALUE 1u
#else
#define FIRST_VALUE 2u
#endif

static char name[64]; /* of this run's own: others may run beside it */

static void update(int *counter)
{
	sem_t *semaphore = sem_open(name, 0);
	if (semaphore == SEM_FAILED)
		exit(2);
	sem_wait(semaphore);
	(*counter)++;
	sem_post(semaphore);
	sem_close(semaphore);
}

int main(void)
{
	int *counter = mmap(NULL, sizeof(*counter), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (counter == MAP_FAILED)
		return 2;
	snprintf(name, sizeof(name), "/interlock-named-%d", (int)getpid());
	sem_t *semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, FIRST_VALUE);
	if (semaphore == SEM_FAILED)
		return 2;
	for (int i = 0; i < 2; i++) {
		pid_t pid = fork();
		if (pid < 0)
			return 2;
		if (pid == 0) {
			update(counter);
			exit(0);
		}
	}
	while (wait(NULL) > 0)
		continue;
	sem_close(semaphore);
	sem_unlink(name);
	assert(*counter == 2);
	munmap(counter, sizeof(*counter));
	return 0;
}
