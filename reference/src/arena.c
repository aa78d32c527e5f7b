/* SPDX-License-Identifier: MIT */
/*
 * The room is cut into lines of 64 bytes. runs[i] tells of the run of lines that begins at line
 * i: n lines taken (n > 0) or n lines free (-n < 0). Elsewhere the entries mean nothing, but
 * are never above 0: a taken run becomes a free one before others are joined with it. So a
 * line whose entry is above 0 is where a taken run begins. Each change is made by one last
 * store to the run's first entry, so a process that dies in the middle of one has not begun
 * it, and the next owner of the lock has nothing to mend.
 *
 * A search begins where the last one ended, and goes around once: else ten thousand blocks
 * would be walked over for each further one.
 */
#include "inner_lock.h"
#include "self.h"

#include <mp/arena.h>
#include <mp/lock.h>
#include <mp/shared.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

enum { LINE = 64 };

struct mp_arena {
	struct mp_lock lock; /* guards all that follows */
	int64_t lines;
	int64_t hint; /* where a run begins: the search starts there; or the end */
	char *room;
	_Atomic int64_t runs[];
};

struct mp_arena *mp_arena_new(ptrdiff_t bytes, int *status)
{
	struct mp_arena *arena = NULL;
	int result = MP_INVALID;

	if (bytes > 0) {
		size_t lines = ((size_t)bytes - 1) / LINE + 1;
		size_t notes = (sizeof(*arena) + lines * sizeof(int64_t) + LINE - 1) /
			       LINE * LINE;

		result = MP_NO_MEMORY;
		if ((size_t)bytes < PTRDIFF_MAX / 2)
			arena = mp_shared_new(notes + lines * LINE);
		if (arena) {
			result = MP_OK;
			arena->lines = (int64_t)lines;
			arena->room = (char *)arena + notes;
			atomic_init(&arena->runs[0], -arena->lines);
		}
	}
	if (status)
		*status = result;
	return arena;
}

int mp_arena_free(struct mp_arena *arena)
{
	return mp_shared_free(arena);
}

/* The lock orders the entries for other processes; a death sees them in program order. */
static int64_t read_run(const struct mp_arena *arena, int64_t line)
{
	return atomic_load_explicit(&arena->runs[line], memory_order_relaxed);
}

static void write_run(struct mp_arena *arena, int64_t line, int64_t run)
{
	atomic_store_explicit(&arena->runs[line], run, memory_order_release);
}

/* Joins the free run at this line with the free runs after it. */
static int64_t grow(struct mp_arena *arena, int64_t line)
{
	int64_t run = read_run(arena, line);

	while (line - run < arena->lines && read_run(arena, line - run) < 0) {
		/* The next search must not begin in the middle of a run. */
		if (arena->hint == line - run)
			arena->hint = line;
		run += read_run(arena, line - run);
		write_run(arena, line, run);
	}
	return -run;
}

/* The first free run of as many lines that begins at `line` or later, before `end`; or -1. */
static int64_t find_within(
	struct mp_arena *arena, int64_t line, int64_t end, int64_t wanted)
{
	while (line < end) {
		int64_t run = read_run(arena, line);

		if (run > 0) {
			line += run;
			continue;
		}
		run = grow(arena, line);
		if (run >= wanted)
			return line;
		line += run;
	}
	return -1;
}

static int64_t find(struct mp_arena *arena, int64_t wanted)
{
	int64_t begin = arena->hint;
	int64_t line = find_within(arena, begin, arena->lines, wanted);

	return line >= 0 ? line : find_within(arena, 0, begin, wanted);
}

void *mp_arena_take(struct mp_arena *arena, size_t bytes)
{
	int64_t wanted;
	int64_t line;

	if (bytes == 0 || bytes > (size_t)arena->lines * LINE)
		return NULL;
	wanted = (int64_t)((bytes - 1) / LINE + 1);
	mp_lock_enter(&arena->lock);
	line = find(arena, wanted);
	if (line >= 0) {
		int64_t left = -read_run(arena, line) - wanted;

		if (left > 0)
			write_run(arena, line + wanted, -left);
		write_run(arena, line, wanted);
		arena->hint = line + wanted;
	}
	mp_lock_leave(&arena->lock);
	if (line < 0)
		return NULL;
	return memset(arena->room + line * LINE, 0, (size_t)wanted * LINE);
}

int mp_arena_give(struct mp_arena *arena, void *block)
{
	size_t offset = (size_t)((uintptr_t)block - (uintptr_t)arena->room);
	int64_t line = (int64_t)(offset / LINE);
	int status = MP_INVALID;
	int64_t run;

	if (block == NULL)
		return MP_OK;
	if (offset % LINE != 0 || offset / LINE >= (size_t)arena->lines)
		return MP_INVALID;
	mp_lock_enter(&arena->lock);
	run = read_run(arena, line);
	if (run > 0)
		status =
			mp_self_holds_within(block, (size_t)run * LINE) ? MP_BUSY : MP_OK;
	if (status == MP_OK)
		write_run(arena, line, -run);
	mp_lock_leave(&arena->lock);
	return status;
}

size_t mp_arena_used(struct mp_arena *arena)
{
	int64_t used = 0;
	int64_t line = 0;

	mp_lock_enter(&arena->lock);
	while (line < arena->lines) {
		int64_t run = read_run(arena, line);

		used += run > 0 ? run : 0;
		line += run > 0 ? run : -run;
	}
	mp_lock_leave(&arena->lock);
	return (size_t)used * LINE;
}
