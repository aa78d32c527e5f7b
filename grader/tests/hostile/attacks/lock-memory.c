/* SPDX-License-Identifier: MIT */
/* Keep 4 MB from being swapped out. */
#include <sys/mman.h>

static int attack(void)
{
	void *memory = mmap(
		0, 4 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int locked = memory != MAP_FAILED && mlock(memory, 4 << 20) == 0;

	if (memory != MAP_FAILED)
		(void)munmap(memory, 4 << 20);
	return locked;
}
