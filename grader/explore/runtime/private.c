/* SPDX-License-Identifier: MIT */
/*
 * Private memory that a process asks the kernel for: mappings, and the program break, which
 * is a range of ours, since the kernel draws its place. It decides how the program goes on as
 * its variables do, so it is part of the state (state.c). Pages of a large mapping that nobody
 * has touched are left out: they hold zeros.
 */
#include "runtime.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define BREAK_START 0x690000000000ull

enum { BREAK_MOST = 1 << 30, LARGE = 1 << 18, PAGES_AT_ONCE = 1024 };

void private_forget(uintptr_t start, uintptr_t end)
{
	struct private_memory *memory = &process_private.memory;
	for (uint32_t i = 0; i < memory->used;) {
		struct private_part old = memory->parts[i];
		if (old.end <= start || old.start >= end) {
			i++;
			continue;
		}
		memory->parts[i] = memory->parts[--memory->used];
		if (old.start < start)
			private_add((struct private_part){
				old.start, start, old.readable, old.of_file});
		if (old.end > end)
			private_add((struct private_part){
				end, old.end, old.readable, old.of_file});
	}
}

void private_add(struct private_part part)
{
	struct private_memory *memory = &process_private.memory;
	if (memory->used >= PRIVATE_PARTS_MAX)
		execution_full("private mappings of a process");
	memory->parts[memory->used++] = part;
}

/* What is known of that range, else NULL. */
static const struct private_part *part_at(uintptr_t start, uintptr_t end)
{
	const struct private_memory *memory = &process_private.memory;
	for (uint32_t i = 0; i < memory->used; i++)
		if (memory->parts[i].start < end && memory->parts[i].end > start)
			return &memory->parts[i];
	return NULL;
}

int runtime_mprotect(void *address, size_t length, int protection)
{
	uintptr_t start = (uintptr_t)address;
	uintptr_t end = start + ((length + 4095) & ~4095ull);
	long result =
		kernel(SYS_mprotect, (long)address, (long)length, protection, 0, 0, 0);
	if (result < 0) {
		errno = (int)-result;
		return -1;
	}
	if (!explore_self.task)
		return 0;
	if (!(protection & PROT_READ))
		process_private.memory.unreadable = true;
	const struct private_part *known = part_at(start, end);
	if (known) {
		bool of_file = known->of_file;
		private_forget(start, end);
		private_add((struct private_part){
			start, end, protection & PROT_READ, of_file});
	}
	return 0;
}

/* The program break */

static bool break_set(uintptr_t wanted)
{
	struct private_memory *memory = &process_private.memory;
	if (!memory->break_end) {
		long at = kernel(SYS_mmap, (long)BREAK_START, BREAK_MOST,
			PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE,
			-1, 0);
		if (at != (long)BREAK_START)
			die("the program break");
		memory->break_end = BREAK_START;
	}
	if (wanted < BREAK_START || wanted > BREAK_START + BREAK_MOST)
		return false;
	uintptr_t old_end = memory->break_end, page = (wanted + 4095) & ~4095ull;
	if (wanted < old_end) /* what comes back later is clean */
		kernel(SYS_madvise, (long)page,
			(long)(((old_end + 4095) & ~4095ull) - page), MADV_DONTNEED, 0, 0,
			0);
	private_forget(BREAK_START, BREAK_START + BREAK_MOST);
	if (page > BREAK_START)
		private_add((struct private_part){BREAK_START, page, true, false});
	memory->break_end = wanted;
	return true;
}

void *runtime_sbrk(intptr_t increment)
{
	uintptr_t old = process_private.memory.break_end;
	old = old ? old : BREAK_START;
	if (!break_set(old + (uintptr_t)increment)) {
		errno = ENOMEM;
		return (void *)-1;
	}
	return (void *)old;
}

int runtime_brk(void *end)
{
	if (break_set((uintptr_t)end))
		return 0;
	errno = ENOMEM;
	return -1;
}

/* For the state */

uint64_t private_size(void)
{
	const struct private_memory *memory = &process_private.memory;
	uint64_t size = 0;
	for (uint32_t i = 0; i < memory->used; i++)
		if (memory->parts[i].end - memory->parts[i].start <= LARGE)
			size += memory->parts[i].end - memory->parts[i].start;
	return size;
}

static uint64_t hash_touched(uint64_t hash, uintptr_t start, uintptr_t end)
{
	unsigned char touched[PAGES_AT_ONCE];
	for (; start < end; start += PAGES_AT_ONCE * 4096ull) {
		uintptr_t pages = (end - start) / 4096;
		pages = pages < PAGES_AT_ONCE ? pages : PAGES_AT_ONCE;
		if (kernel(SYS_mincore, (long)start, (long)(pages * 4096), (long)touched,
			    0, 0, 0) < 0)
			return hash_pages_there(hash, start, end);
		for (uintptr_t i = 0; i < pages; i++)
			if (touched[i] & 1)
				hash = hash_memory_at(
					hash, start + i * 4096, start + (i + 1) * 4096);
	}
	return hash;
}

uint64_t private_hash(uint64_t hash)
{
	const struct private_memory *memory = &process_private.memory;
	uint64_t sum = 0; /* in which order they were made does not matter */
	for (uint32_t i = 0; i < memory->used; i++) {
		const struct private_part *part = &memory->parts[i];
		uint64_t seed =
			control_mix(part->start ^ part->end << 20 ^ part->readable);
		if (!part->readable)
			sum += seed;
		else if (part->of_file)
			sum += hash_pages_there(seed, part->start, part->end);
		else if (part->end - part->start <= LARGE)
			sum += hash_memory_at(seed, part->start, part->end);
		else
			sum += hash_touched(seed, part->start, part->end);
	}
	return memory->used ? control_mix(hash ^ sum) : hash;
}
