/* SPDX-License-Identifier: MIT */
#include "self.h"

#include <mp/shared.h>
#include <mp/status.h>

#include <stdint.h>
#include <sys/mman.h>

/* munmap wants the size, which the caller should not have to carry: it lies before the
 * memory. */
enum { HEADER = 64 };

void *mp_shared_new(size_t bytes)
{
	char *mapping;

	if (bytes == 0 || bytes > SIZE_MAX - HEADER)
		return NULL;
	mapping = mmap(NULL, bytes + HEADER, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (mapping == MAP_FAILED)
		return NULL;
	*(size_t *)(void *)mapping = bytes + HEADER;
	return mapping + HEADER;
}

int mp_shared_free(void *memory)
{
	char *mapping;
	size_t bytes;

	if (memory == NULL)
		return MP_OK;
	mapping = (char *)memory - HEADER;
	bytes = *(size_t *)(void *)mapping;
	if (mp_self_holds_within(mapping, bytes))
		return MP_BUSY;
	return munmap(mapping, bytes) == 0 ? MP_OK : MP_SYSTEM;
}
