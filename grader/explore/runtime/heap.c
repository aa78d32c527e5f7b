/* SPDX-License-Identifier: MIT */
/*
 * The program's heap: malloc and free that give the same addresses in every run, at a place
 * that can be hashed, with a bit for each 16 bytes that says whether they were freed. Freed
 * blocks are cleared, so that what was in them does not tell states apart.
 */
#include "runtime.h"

#include <errno.h>
#include <sys/mman.h>

enum { SMALL_CLASSES = 64, LARGE_CLASSES = 40, UNIT = 16 };

struct block {
	uint64_t size; /* of what follows, a multiple of UNIT */
	uint64_t state;
	struct block *next; /* in its free list; lies in the user's bytes */
};

enum { BLOCK_USED = 0x75736564, BLOCK_FREE = 0x66726565, HEADER = 16 };

static struct {
	bool mapped;
	uintptr_t end;
	unsigned char *freed;
	struct block *lists[SMALL_CLASSES + LARGE_CLASSES];
} heap;

uintptr_t heap_used_end(void)
{
	return heap.end;
}

void heap_start(void)
{
	if (heap.mapped)
		return;
	heap.mapped = true;
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
	void *(*map)(void *, size_t, int, int, int, off_t) = real.mmap;
	if (!map)
		real_find();
	void *at = real.mmap((void *)HEAP_START, HEAP_SIZE + HEAP_SIZE / UNIT / 8,
		PROT_READ | PROT_WRITE, flags, -1, 0);
	if (at != (void *)HEAP_START)
		die("heap");
	heap.end = HEAP_START;
	heap.freed = (unsigned char *)HEAP_START + HEAP_SIZE;
}

bool heap_freed(uintptr_t address)
{
	if (address < HEAP_START || address >= heap.end)
		return false;
	uintptr_t unit = (address - HEAP_START) / UNIT;
	return heap.freed[unit / 8] >> (unit % 8) & 1;
}

static void mark(struct block *block, bool freed)
{
	uintptr_t first = ((uintptr_t)block + HEADER - HEAP_START) / UNIT;
	for (uintptr_t unit = first; unit < first + block->size / UNIT; unit++)
		if (freed)
			heap.freed[unit / 8] |= (unsigned char)(1u << (unit % 8));
		else
			heap.freed[unit / 8] &= (unsigned char)~(1u << (unit % 8));
}

static unsigned class_of(size_t size)
{
	if (size / UNIT < SMALL_CLASSES)
		return (unsigned)(size / UNIT);
	return SMALL_CLASSES + 63 - (unsigned)__builtin_clzll(size) - 9;
}

static size_t rounded(size_t size)
{
	if (size < UNIT)
		size = UNIT;
	size = (size + UNIT - 1) & ~(size_t)(UNIT - 1);
	if (size / UNIT >= SMALL_CLASSES) /* large blocks come in powers of two */
		size = 1ull << (64 - __builtin_clzll(size - 1));
	return size;
}

static void *allocate(size_t size)
{
	heap_start();
	if (size > HEAP_SIZE / 2) {
		errno = ENOMEM;
		return NULL;
	}
	size = rounded(size);
	struct block **list = &heap.lists[class_of(size)];
	struct block *block = *list;
	if (block) {
		*list = block->next;
		block->next = NULL;
	} else {
		if (heap.end + HEADER + size > HEAP_START + HEAP_SIZE) {
			errno = ENOMEM;
			return NULL;
		}
		block = (struct block *)heap.end;
		heap.end += HEADER + size;
		block->size = size;
	}
	block->state = BLOCK_USED;
	mark(block, false);
	if (explore_self.task && process_private.had_threads)
		race_forget(canonical((char *)block + HEADER), size);
	return (char *)block + HEADER;
}

void *runtime_malloc(size_t size)
{
	return allocate(size);
}

void *runtime_calloc(size_t count, size_t size)
{
	size_t total;
	if (__builtin_mul_overflow(count, size, &total)) {
		errno = ENOMEM;
		return NULL;
	}
	return allocate(total); /* always clean: see free */
}

/* A block's end conflicts with all that others do with it. */
static void announce_end(void *pointer, size_t size)
{
	if (!explore_self.task || explore_self.inside || !process_private.had_threads)
		return;
	value_settle();
	access_memory(pointer, size, FLAG_WRITE, explore_self.frame->pc);
}

void runtime_free(void *pointer)
{
	uintptr_t address = (uintptr_t)pointer;
	if (address < HEAP_START || address >= heap.end)
		return;
	struct block *block = (struct block *)(address - HEADER);
	if (block->state == BLOCK_FREE && explore_self.task)
		defect_fatal(DEFECT_FREED, "memory is freed twice");
	if (block->state != BLOCK_USED)
		return;
	announce_end(pointer, block->size);
	real.memset(pointer, 0, block->size);
	block->state = BLOCK_FREE;
	mark(block, true);
	struct block **list = &heap.lists[class_of(block->size)];
	block->next = *list;
	*list = block;
}

void *runtime_realloc(void *pointer, size_t size)
{
	if (!pointer)
		return allocate(size);
	const struct block *block = (const struct block *)((char *)pointer - HEADER);
	if (size && rounded(size) == block->size) {
		announce_end(pointer, block->size); /* of what it was before */
		return pointer;
	}
	void *moved = size ? allocate(size) : NULL;
	if (moved)
		real.memcpy(moved, pointer, size < block->size ? size : block->size);
	if (moved || !size)
		runtime_free(pointer);
	return moved;
}

/* Alignment by taking more: the block before the aligned address stays in use for good. */
void *runtime_aligned_alloc(size_t alignment, size_t size)
{
	if (alignment <= UNIT)
		return allocate(size);
	if (alignment & (alignment - 1) || size > HEAP_SIZE / 2) {
		errno = EINVAL;
		return NULL;
	}
	heap_start();
	uintptr_t user = (heap.end + HEADER + alignment - 1) & ~(alignment - 1);
	size = rounded(size);
	if (user + size > HEAP_START + HEAP_SIZE) {
		errno = ENOMEM;
		return NULL;
	}
	struct block *block = (struct block *)(user - HEADER);
	block->size = size;
	block->state = BLOCK_USED;
	heap.end = user + size;
	return (void *)user;
}

int runtime_posix_memalign(void **result, size_t alignment, size_t size)
{
	void *pointer = runtime_aligned_alloc(alignment, size);
	if (!pointer)
		return ENOMEM;
	*result = pointer;
	return 0;
}

void *runtime_memalign(size_t alignment, size_t size)
{
	return runtime_aligned_alloc(alignment, size);
}

size_t runtime_malloc_usable_size(void *pointer)
{
	return pointer ? ((const struct block *)((char *)pointer - HEADER))->size : 0;
}
