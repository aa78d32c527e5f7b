/* SPDX-License-Identifier: MIT */
/*
 * System V shared memory. All segments lie in one mapping of the server's, the window, which
 * every process inherits at one address; to attach a segment maps its part of the window once
 * more, where the program wants it (mremap of nothing doubles a shared mapping). So a segment
 * outlives the process that made it, and its bytes are hashed whoever has it attached.
 */
#include "ipc.h"

#include <errno.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>

#define WINDOW_ADDRESS 0x7c0000000000ull
#define SEGMENT_SIZE (1ull << 24)
#define WINDOW_SIZE (SEGMENTS_MAX * SEGMENT_SIZE)

static const struct ipc_table segment_table = {
	&((struct control_memory *)CONTROL_ADDRESS)->segments[0].name,
	sizeof(struct segment), SEGMENTS_MAX, "segments of shared memory"};

void segments_prepare(void)
{
	void *window =
		real.mmap((void *)WINDOW_ADDRESS, WINDOW_SIZE, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
	if (window == MAP_FAILED)
		die("memory for System V segments");
}

static uintptr_t window_of(const struct segment *segment)
{
	return WINDOW_ADDRESS + (uintptr_t)(segment - control->segments) * SEGMENT_SIZE;
}

static void segment_clear(const struct segment *segment)
{
	kernel(SYS_madvise, (long)window_of(segment), SEGMENT_SIZE, MADV_REMOVE, 0, 0, 0);
}

void segments_reset(void)
{
	for (uint32_t i = 0; i < SEGMENTS_MAX; i++)
		if (control->segments[i].name.life)
			segment_clear(&control->segments[i]);
}

static size_t pages(size_t length)
{
	return (length + 4095) & ~4095ull;
}

static void segment_make(struct segment *segment, size_t length)
{
	segment->length = length;
	real.memset(segment->attached, 0, sizeof segment->attached);
	segment->region = region_new(length, window_of(segment));
}

int runtime_shmget(key_t key, size_t length, int flags)
{
	bool created;
	struct operation operation =
		operation_at(STEP_SET, (uint64_t)control->segments, NULL);
	point(&operation);
	if (length > SEGMENT_SIZE)
		execution_full("bytes of a segment of shared memory");
	int place = ipc_get(&segment_table, key, flags, &created);
	if (place < 0)
		return -1;
	struct segment *segment = &control->segments[place];
	if (created && !length) {
		segment->name.used = 0;
		return fails(EINVAL);
	}
	if (!created && length > segment->length)
		return fails(EINVAL);
	if (created) {
		segment_make(segment, length);
		changed();
	}
	return ipc_number(&segment_table, (uint32_t)place);
}

void *runtime_shmat(int number, const void *wanted, int flags)
{
	int place = ipc_find(&segment_table, number);
	if (place < 0)
		return MAP_FAILED;
	struct segment *segment = &control->segments[place];
	uintptr_t address = (uintptr_t)wanted;
	if (address % 4096 && flags & SHM_RND)
		address -= address % 4096;
	if (address % 4096) {
		errno = EINVAL;
		return MAP_FAILED;
	}
	size_t size = pages(segment->length);
	long at = kernel(SYS_mremap, (long)window_of(segment), 0, (long)size,
		MREMAP_MAYMOVE | (address ? MREMAP_FIXED : 0), (long)address, 0);
	if (at < 0 && at > -4096) {
		errno = (int)-at;
		return MAP_FAILED;
	}
	if (flags & SHM_RDONLY)
		kernel(SYS_mprotect, at, (long)size, PROT_READ, 0, 0, 0);
	mapping_enter((uintptr_t)at, size, segment->region);
	segment->attached[process_private.process]++;
	return (void *)at;
}

static struct segment *segment_of(const struct mapping *mapping)
{
	uint64_t region = (mapping->base & ~REGION_FLAG) >> REGION_SHIFT;
	for (uint32_t i = 0; i < SEGMENTS_MAX; i++)
		if (control->segments[i].name.life &&
			control->segments[i].region == region)
			return &control->segments[i];
	return NULL;
}

static uint32_t segment_users(const struct segment *segment)
{
	uint32_t users = 0;
	for (uint32_t i = 0; i < control->result.processes; i++)
		users += segment->attached[i];
	return users;
}

/* One that is removed goes with the last that lets go of it. */
static void segment_let_go(struct segment *segment, uint32_t process, uint16_t times)
{
	segment->attached[process] = (uint16_t)(segment->attached[process] - times);
	if (!segment->name.hidden || segment_users(segment))
		return;
	segment->name.used = 0;
	segment_clear(segment);
}

int runtime_shmdt(const void *address)
{
	for (uint32_t i = 0; i < process_private.mappings_used; i++) {
		const struct mapping *mapping = &process_private.mappings[i];
		struct segment *segment =
			mapping->start == (uintptr_t)address ? segment_of(mapping) : NULL;
		if (!segment)
			continue;
		mapping_leave(mapping->start, mapping->end - mapping->start);
		segment_let_go(segment, process_private.process, 1);
		return 0;
	}
	return fails(EINVAL);
}

void segments_leave(uint32_t process)
{
	for (uint32_t i = 0; i < SEGMENTS_MAX; i++) {
		struct segment *segment = &control->segments[i];
		if (segment->name.used && segment->attached[process])
			segment_let_go(segment, process, segment->attached[process]);
	}
}

/* A child has attached what its parent has. */
void segments_inherit(uint32_t child, uint32_t parent)
{
	for (uint32_t i = 0; i < SEGMENTS_MAX; i++)
		control->segments[i].attached[child] =
			control->segments[i].attached[parent];
}

/* It is found no more. */
static void segment_remove(struct segment *segment)
{
	segment->name.hidden = 1;
	segment_let_go(segment, process_private.process, 0);
	changed();
}

int runtime_shmctl(int number, int command, struct shmid_ds *state)
{
	int place = ipc_find(&segment_table, number);
	if (place < 0)
		return -1;
	struct segment *segment = &control->segments[place];
	struct operation operation = operation_at(
		command == IPC_RMID ? STEP_SET : STEP_SEM_READ, (uint64_t)segment, NULL);
	point(&operation);
	switch (command) {
	case IPC_RMID:
		segment_remove(segment);
		return 0;
	case IPC_STAT:
		real.memset(state, 0, sizeof *state);
		state->shm_segsz = segment->length;
		state->shm_nattch = segment_users(segment);
		state->shm_perm.__key = segment->name.key;
		state->shm_perm.mode = segment->name.mode;
		return 0;
	case IPC_SET:
		segment->name.mode = state->shm_perm.mode & 0777;
		return 0;
	case SHM_LOCK:
	case SHM_UNLOCK:
		return 0;
	default:
		return fails(EINVAL);
	}
}
