/* SPDX-License-Identifier: MIT */
/*
 * One shared memory object, mapped by parent and child each for themselves and so at
 * addresses that need not be equal: a conflict is one of the object's bytes, not of
 * addresses. The correct program lets the child end first.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIZE 4096

static char name[64]; /* of this run's own: others may run beside it */

static int *map_object(void)
{
	int fd = shm_open(name, O_RDWR, 0600);
	if (fd < 0)
		exit(2);
	int *cell = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (cell == MAP_FAILED)
		exit(2);
	return cell;
}

static void add(int *cell)
{
	cell[0]++;
	munmap(cell, SIZE);
}

int main(void)
{
	snprintf(name, sizeof(name), "/interlock-two-mappings-%d", (int)getpid());
	int fd = shm_open(name, O_CREAT | O_RDWR | O_TRUNC, 0600);
	if (fd < 0 || ftruncate(fd, SIZE))
		return 2;
	close(fd);
	pid_t pid = fork();
	if (pid < 0)
		return 2;
	if (pid == 0) {
		/* another mapping first, so that the object lands elsewhere */
		if (mmap(NULL, SIZE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
			MAP_FAILED)
			exit(2);
		add(map_object());
		exit(0);
	}
#ifdef CORRECT
	waitpid(pid, NULL, 0);
	add(map_object());
#else
	add(map_object());
	waitpid(pid, NULL, 0);
#endif
	int *cell = map_object();
	int sum = cell[0];
	munmap(cell, SIZE);
	shm_unlink(name);
	assert(sum == 2);
	return 0;
}
