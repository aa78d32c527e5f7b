/* SPDX-License-Identifier: MIT */
#include "pool_memory.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { LINE = 64, PAGE = 4096 };

/* Extents of this size and more give their pages back to the system. */
static const size_t returned_bytes = (size_t)1 << 20;

static const size_t largest_bytes = (size_t)1 << 30;
static const size_t smallest_bytes = (size_t)1 << 22;

int mp_memory_init(struct memory *memory)
{
	size_t bytes;

	for (bytes = largest_bytes; bytes >= smallest_bytes; bytes /= 4) {
		char *base = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

		if (base != MAP_FAILED) {
			*memory = (struct memory){.base = base, .bytes = bytes};
			return 0;
		}
	}
	return -1;
}

/* The size of the gap above an extent; NULL: the gap at the bottom. */
static size_t gap_above(
	const struct memory *memory, const struct extent *extent, char **start)
{
	const struct extent *next = extent ? extent->next : memory->first;
	char *end = next ? next->address : memory->base + memory->bytes;

	*start = extent ? extent->address + extent->bytes : memory->base;
	return (size_t)(end - *start);
}

struct extent *mp_memory_take(struct memory *memory, size_t bytes)
{
	struct extent *below = NULL;
	struct extent *extent;
	char *start;

	if (bytes > memory->bytes)
		return NULL;
	bytes = (bytes + LINE - 1) / LINE * LINE;
	while (gap_above(memory, below, &start) < bytes) {
		below = below ? below->next : memory->first;
		if (below == NULL)
			return NULL;
	}
	extent = malloc(sizeof(*extent));
	if (extent == NULL)
		return NULL;
	*extent = (struct extent){
		.address = start,
		.bytes = bytes,
		.next = below ? below->next : memory->first,
	};
	if (below)
		below->next = extent;
	else
		memory->first = extent;
	return extent;
}

static void return_pages(const struct memory *memory, const struct extent *extent)
{
	size_t begin = (size_t)(extent->address - memory->base);
	size_t end = begin + extent->bytes;

	begin = (begin + PAGE - 1) / PAGE * PAGE;
	end = end / PAGE * PAGE;
	if (extent->bytes >= returned_bytes && begin < end)
		madvise(memory->base + begin, end - begin, MADV_REMOVE);
}

void mp_memory_give(struct memory *memory, struct extent *extent)
{
	struct extent **link = &memory->first;

	while (*link != extent)
		link = &(*link)->next;
	*link = extent->next;
	return_pages(memory, extent);
	free(extent);
}

size_t mp_memory_largest(const struct memory *memory)
{
	const struct extent *below = NULL;
	size_t largest = 0;
	char *start;

	do {
		size_t gap = gap_above(memory, below, &start);

		if (gap > largest)
			largest = gap;
		below = below ? below->next : memory->first;
	} while (below);
	return largest;
}

void mp_memory_release(struct memory *memory)
{
	while (memory->first) {
		struct extent *extent = memory->first;

		memory->first = extent->next;
		free(extent);
	}
	if (memory->base)
		munmap(memory->base, memory->bytes);
	memory->base = NULL;
}
