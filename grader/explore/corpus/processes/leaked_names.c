/* SPDX-License-Identifier: MIT */
/*
 * What has a name outlives the program that made it. LEAK says which name is forgotten: 1
 * the semaphore's, 2 the shared memory's.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAME "/interlock-corpus-leaked-names"
#define SIZE 4096
#ifndef LEAK
#define LEAK 0
#endif

int main(void)
{
	sem_t *semaphore = sem_open(NAME, O_CREAT, 0600, 1);
	int fd = shm_open(NAME, O_CREAT | O_RDWR, 0600);

	if (semaphore == SEM_FAILED || fd < 0 || ftruncate(fd, SIZE))
		return 2;
	void *shared = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (shared == MAP_FAILED)
		return 2;
	sem_wait(semaphore);
	sem_post(semaphore);
	munmap(shared, SIZE);
	close(fd);
	sem_close(semaphore);
	if (LEAK != 1)
		sem_unlink(NAME);
	if (LEAK != 2)
		shm_unlink(NAME);
	return 0;
}
