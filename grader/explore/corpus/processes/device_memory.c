/* SPDX-License-Identifier: MIT */
/*
 * Two mappings of /dev/zero are two pieces of memory: parent and child who change one each
 * do not meet. They do where both change the first.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int *map_zeros(int fd)
{
	int *cell = mmap(NULL, sizeof(*cell), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (cell == MAP_FAILED)
		exit(2);
	return cell;
}

int main(void)
{
	int fd = open("/dev/zero", O_RDWR);
	if (fd < 0)
		return 2;
	int *first = map_zeros(fd), *second = map_zeros(fd);
	close(fd);
	pid_t pid = fork();
	if (pid < 0)
		return 2;
	if (pid == 0) {
		(*first)++;
		exit(0);
	}
#ifdef CORRECT
	(*second)++;
#else
	(*first)++;
#endif
	waitpid(pid, NULL, 0);
	munmap(first, sizeof(*first));
	munmap(second, sizeof(*second));
	return 0;
}
