/* SPDX-License-Identifier: MIT */
/*
 * Two counters, two locked bytes of a file, by fcntl(). The buggy tasks lock different bytes
 * for the same counter.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int file;

static void lock_byte(int byte, short type)
{
	struct flock lock = {
		.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};

	assert(fcntl(file, F_SETLKW, &lock) == 0);
}

int main(void)
{
	char name[] = "/tmp/interlock-corpusXXXXXX";
	int *counter = mmap(NULL, sizeof(*counter), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	file = mkstemp(name);
	unlink(name);
	for (int i = 0; i < 2; i++)
		if (fork() == 0) {
#ifdef CORRECT
			int byte = 0;
#else
			int byte = i;
#endif
			lock_byte(byte, F_WRLCK);
			(*counter)++;
			lock_byte(byte, F_UNLCK);
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
	assert(*counter == 2);
	return 0;
}
