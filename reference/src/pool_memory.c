/* SPDX-License-Identifier: MIT */
#include "pool_memory.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { LINE = 64, PAGE = 4096 };

/* So much at the upper end is kept once it was used: to be given pages anew costs more than to copy
 * into them. What lies below goes back to the system. */
static const size_t kept_bytes = (size_t)1 << 26;

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

/* The extent above the highest gap that is large enough, seen from `above` downwards. */
static bool find_gap(const struct memory *memory, size_t bytes, struct extent **above)
{
	char *end;

	while (gap_below(memory, *above, &end) < bytes) {
		*above = *above ? (*above)->next : memory->first;
		if (*above == NULL)
			return false;
	}
	return true;
}

/*
 * From the top: the system places a new mapping right below the former ones, so that its upper
 * end shares page tables with them, which a new process then has to make but once. The search
 * begins where the last one ended, unless something was given back above: else all extents
 * would be walked over for each new one.
 */
struct extent *mp_memory_take(struct memory *memory, size_t bytes)
{
	struct extent *above = memory->rover;
	struct extent *extent;
	char *end;

	if (bytes > memory->bytes)
		return NULL;
	bytes = (bytes + LINE - 1) / LINE * LINE;
	if (!find_gap(memory, bytes, &above)) {
		above = NULL;
		if (!find_gap(memory, bytes, &above))
			return NULL;
	}
	extent = malloc(sizeof(*extent));
	if (extent == NULL)
		return NULL;
	gap_below(memory, above, &end);
	*extent = (struct extent){
		.address = end - bytes,
		.bytes = bytes,
		.next = above ? above->next : memory->first,
		.previous = above,
	};
	if (extent->next)
		extent->next->previous = extent;
	if (above)
		above->next = extent;
	else
		memory->first = extent;
	memory->rover = extent;
	return extent;
}

static void return_pages(const struct memory *memory, const struct extent *extent)
{
	size_t begin = (size_t)(extent->address - memory->base);
	size_t end = begin + extent->bytes;
	size_t kept = memory->bytes > kept_bytes ? memory->bytes - kept_bytes : 0;

	if (end > kept)
		end = kept;
	begin = (begin + PAGE - 1) / PAGE * PAGE;
	end = end / PAGE * PAGE;
	if (begin < end)
		madvise(memory->base + begin, end - begin, MADV_REMOVE);
}

void mp_memory_give(struct memory *memory, struct extent *extent)
{
	/* The gap is now below the extent above. */
	if (memory->rover == extent ||
		(memory->rover && memory->rover->address < extent->address))
		memory->rover = extent->previous;
	if (extent->previous)
		extent->previous->next = extent->next;
	else
		memory->first = extent->next;
	if (extent->next)
		extent->next->previous = extent->previous;
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
