/* SPDX-License-Identifier: MIT */
/* Fill 200 MB of private memory. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int attack(void)
{
	char *memory = mmap(0, 200L << 20, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return 0;
	memset(memory, 1, 200L << 20);
	(void)sleep(linger_seconds);
	(void)munmap(memory, 200L << 20);
	return 1;
}
