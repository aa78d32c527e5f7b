/* SPDX-License-Identifier: MIT */
/* A function that maps shared memory at each call; with LOST it forgets to unmap it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int *share(void)
{
	return mmap(NULL, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		-1, 0);
}

static int in_a_child(int value)
{
	int *result = share();
	if (fork() == 0) {
		*result = value + 1;
		_exit(0);
	}
	wait(NULL);
	value = *result;
#ifndef LOST
	munmap(result, sizeof(int));
#endif
	return value;
}

int main(void)
{
	static int *kept[2];
	int value = 0;
	for (int i = 0; i < 3; i++)
		value = in_a_child(value);
	for (int i = 0; i < 2; i++)
		kept[i] = share(); /* until the end, as anybody may */
#ifdef NAMED
	shm_open("/lost", O_CREAT | O_RDWR, 0600);
#endif
	return value != 3 || kept[0] == kept[1];
}
