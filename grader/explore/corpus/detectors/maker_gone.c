/* SPDX-License-Identifier: MIT */
/*
 * A child makes an object of shared memory and ends; the parent opens it by its name. The
 * buggy one does so without waiting for the child.
 */
#include "../tasks.h"

#include <fcntl.h>

static void make(void *unused, int number)
{
	(void)unused;
	int fd = shm_open("/made", O_CREAT | O_RDWR, 0600);
	if (fd < 0 || ftruncate(fd, 4096))
		exit(2);
	int *made = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	*made = number;
}

int main(void)
{
	tasks_start(make, NULL, 7);
#ifdef CORRECT
	tasks_join();
#endif
	int fd = shm_open("/made", O_RDWR, 0);
	assert(fd >= 0);
	int *made = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert(*made == 7);
	shm_unlink("/made");
	tasks_join();
	return 0;
}
