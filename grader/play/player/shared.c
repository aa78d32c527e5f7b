/* SPDX-License-Identifier: MIT */
/*
 * Linked into the player that helgrind watches, in which threads stand for processes: what
 * is mapped to be shared lies in a region of its own, so that the address in helgrind's
 * report says whether the lab's processes would share it at all. The linker puts these in
 * the place of mmap (--wrap).
 */
#include "play/arena.h"

#include <stdatomic.h>
#include <sys/mman.h>

void *__real_mmap(
	void *wanted, size_t bytes, int protection, int flags, int fd, off_t offset);
void *__wrap_mmap(
	void *wanted, size_t bytes, int protection, int flags, int fd, off_t offset);
void *__wrap_mmap64(
	void *wanted, size_t bytes, int protection, int flags, int fd, off_t offset);

/* Of each mapping, with a page after it that nobody has. 0 if there is no room. */
static uintptr_t take_place(size_t bytes)
{
	enum { PAGE = 4096 };
	static atomic_size_t used;

	if (bytes > ARENA_SHARED_BYTES)
		return 0;
	size_t before = atomic_fetch_add(&used, (bytes + 2 * PAGE - 1) / PAGE * PAGE);
	return before + bytes <= ARENA_SHARED_BYTES ? ARENA_SHARED_ADDRESS + before : 0;
}

void *__wrap_mmap(
	void *wanted, size_t bytes, int protection, int flags, int fd, off_t offset)
{
	uintptr_t place = 0;

	if (flags & MAP_SHARED && !wanted)
		place = take_place(bytes);
	if (!place)
		return __real_mmap(wanted, bytes, protection, flags, fd, offset);
	/* NOLINTNEXTLINE(performance-no-int-to-ptr) */
	return __real_mmap((void *)place, bytes, protection, flags | MAP_FIXED_NOREPLACE,
		fd, offset);
}

void *__wrap_mmap64(
	void *wanted, size_t bytes, int protection, int flags, int fd, off_t offset)
{
	return __wrap_mmap(wanted, bytes, protection, flags, fd, offset);
}
