/* SPDX-License-Identifier: MIT */
#include "pool_memory.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { LINE = 64, PAGE = 4096 };

/* Extents of this size and more give their pages back to the system. */
static const size_t returned_bytes = (size_t)1 << 20;

#ifdef MP_THREADS
/* helgrind keeps notes of every byte that is mapped: half a second for a gigabyte. */
static const size_t largest_bytes = (size_t)1 << 26;
#else
static const size_t largest_bytes = (size_t)1 << 30;
#endif
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

/* The size of the gap below an extent, and where it ends; NULL: the gap at the top. */
static size_t gap_below(
	const struct memory *memory, const struct extent *extent, char **end)
{
	const struct extent *next = extent ? extent->next : memory->first;
	char *start = next ? next->address + next->bytes : memory->base;

	*end = extent ? extent->address : memory->base + memory->bytes;
	return (size_t)(*end - start);
}

/*
 * From the top: the system places a new mapping right below the former ones, so that its upper
 * end shares page tables with them, which a new process then has to make but once.
 */
struct extent *mp_memory_take(struct memory *memory, size_t bytes)
{
	struct extent *above = NULL;
	struct extent *extent;
	char *end;

	if (bytes > memory->bytes)
		return NULL;
	bytes = (bytes + LINE - 1) / LINE * LINE;
	while (gap_below(memory, above, &end) < bytes) {
		above = above ? above->next : memory->first;
		if (above == NULL)
			return NULL;
	}
	extent = malloc(sizeof(*extent));
	if (extent == NULL)
		return NULL;
	*extent = (struct extent){
		.address = end - bytes,
		.bytes = bytes,
		.next = above ? above->next : memory->first,
	};
	if (above)
		above->next = extent;
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
	const struct extent *above = NULL;
	size_t largest = 0;
	char *end;

	do {
		size_t gap = gap_below(memory, above, &end);

		if (gap > largest)
			largest = gap;
		above = above ? above->next : memory->first;
	} while (above);
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
