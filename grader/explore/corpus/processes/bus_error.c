/* SPDX-License-Identifier: MIT */
/* Shared memory that was never given a size: the first access is a bus error. */
#include "../tasks.h"

#include <fcntl.h>

enum { PAGE = 4096 };

int main(void)
{
	int fd = shm_open("/sizeless", O_CREAT | O_RDWR, 0600);

	shm_unlink("/sizeless");
#ifdef CORRECT
	if (ftruncate(fd, PAGE))
		return 2;
#endif
	int *value = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fork() == 0) {
		value[0] = 1;
		_exit(0);
	}
	wait(NULL);
	munmap(value, PAGE);
	return 0;
}
