/* SPDX-License-Identifier: MIT */
/* Fill private memory. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int attack(void)
{
	char *memory = mmap(0, (long)BALLOON_MB << 20, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return 0;
	memset(memory, 1, (long)BALLOON_MB << 20);
	(void)sleep(linger_seconds);
	(void)munmap(memory, (long)BALLOON_MB << 20);
	return 1;
}
