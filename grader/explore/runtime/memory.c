/* SPDX-License-Identifier: MIT */
/*
 * Which memory is shared, and one name for each byte of it: a shared mapping is a region,
 * and the canonical address of a byte is the region's number and its offset there, wherever
 * a process has mapped it. Private memory is named by its process and address.
 */
#include "protection.h"
#include "runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { LARGE_REGION = 1 << 18 };

void memory_start(void)
{
	process_private.shared_start = UINTPTR_MAX;
	process_private.shared_end = 0;
}

uint64_t canonical(const volatile void *pointer)
{
	uintptr_t address = (uintptr_t)pointer;
	if (address >= process_private.shared_start &&
		address < process_private.shared_end)
		for (uint32_t i = 0; i < process_private.mappings_used; i++) {
			const struct mapping *mapping = &process_private.mappings[i];
			if (address >= mapping->start && address < mapping->end)
				return mapping->base + (address - mapping->start);
		}
	if (address >= CONTROL_ADDRESS && address < CONTROL_ADDRESS + sizeof *control)
		return address;
	return process_private.private_base | address;
}

void *pointer_of(uint64_t key)
{
	for (uint32_t i = 0; i < process_private.mappings_used; i++) {
		const struct mapping *mapping = &process_private.mappings[i];
		if (key >= mapping->base &&
			key - mapping->base < mapping->end - mapping->start)
			return (void *)(mapping->start + (key - mapping->base));
	}
	return NULL;
}

static void find_hull(void)
{
	memory_start();
	for (uint32_t i = 0; i < process_private.mappings_used; i++) {
		const struct mapping *mapping = &process_private.mappings[i];
		if (mapping->start < process_private.shared_start)
			process_private.shared_start = mapping->start;
		if (mapping->end > process_private.shared_end)
			process_private.shared_end = mapping->end;
	}
}

static void mapping_add(uintptr_t start, uintptr_t end, uint64_t base)
{
	if (process_private.mappings_used >= REGIONS_MAX)
		execution_full("shared mappings of a process");
	process_private.mappings[process_private.mappings_used++] =
		(struct mapping){.start = start, .end = end, .base = base};
	find_hull();
}

static bool range_is_mapped(uintptr_t start, size_t length)
{
	for (uint32_t i = 0; i < process_private.mappings_used; i++)
		if (process_private.mappings[i].start < start + length &&
			process_private.mappings[i].end > start)
			return true;
	return false;
}

static void mapping_remove(uintptr_t start, uintptr_t end)
{
	for (uint32_t i = 0; i < process_private.mappings_used;) {
		struct mapping old = process_private.mappings[i];
		if (old.end <= start || old.start >= end) {
			i++;
			continue;
		}
		process_private.mappings[i] =
			process_private.mappings[--process_private.mappings_used];
		if (old.start < start)
			mapping_add(old.start, start, old.base);
		if (old.end > end)
			mapping_add(end, old.end, old.base + (end - old.start));
	}
	find_hull();
}

struct mapping *mapping_of(uint64_t region)
{
	for (uint32_t i = 0; i < process_private.mappings_used; i++)
		if ((process_private.mappings[i].base & ~REGION_FLAG) >> REGION_SHIFT ==
			region)
			return &process_private.mappings[i];
	return NULL;
}

const struct mapping *mapping_from(uint64_t key)
{
	const struct mapping *first = NULL;
	for (uint32_t i = 0; i < process_private.mappings_used; i++) {
		const struct mapping *mapping = &process_private.mappings[i];
		if (mapping->base >> REGION_SHIFT == key >> REGION_SHIFT &&
			mapping->base + (mapping->end - mapping->start) > key &&
			(!first || mapping->base < first->base))
			first = mapping;
	}
	return first;
}

/* Each mapping of a device such as /dev/zero is memory of its own, as each anonymous one. */
static bool makes_memory(int flags, int fd)
{
	struct stat status;

	return flags & MAP_ANONYMOUS ||
	       (fstat(fd, &status) == 0 && S_ISCHR(status.st_mode));
}

/* It is mapped further than before. */
static void region_grows(uint32_t number, uint64_t length)
{
	struct region *region = &control->regions[number];
	uint64_t hashed = region->hash_end;
	if (region->length >= length)
		return;
	region->length = length;
	if (hashed && length > LARGE_REGION) {
		region->hash_end = 0;
		mapping_touched(REGION_FLAG | (uint64_t)number << REGION_SHIFT, hashed);
	} else if (hashed) {
		region->hash_end = length;
	}
}

static uint64_t region_number(int fd, size_t length)
{
	struct stat status = {0};
	length = (length + 4095) & ~4095ull;
	if (fd >= 0 && fstat(fd, &status) == 0)
		for (uint32_t i = 0; i < control->regions_used; i++)
			if (control->regions[i].inode == status.st_ino &&
				control->regions[i].device == status.st_dev) {
				region_grows(i, length);
				return i;
			}
	if (control->regions_used >= REGIONS_MAX)
		execution_full("shared mappings");
	uint32_t number = control->regions_used++;
	control->regions[number] = (struct region){.device = status.st_dev,
		.inode = fd >= 0 ? status.st_ino : 0,
		.length = length,
		.hash_end = length <= LARGE_REGION ? length : 0};
	if (fd < 0)
		mapping_made(&control->regions[number]);
	return number;
}

uint32_t region_new(size_t length, uint64_t window)
{
	uint32_t number = (uint32_t)region_number(-1, length);
	control->regions[number].path =
		0; /* it ends with its owner, not with a process */
	control->regions[number].window = window;
	return number;
}

void mapping_enter(uintptr_t start, size_t size, uint32_t region)
{
	value_settle();
	mapping_remove(start, start + size);
	mapping_add(start, start + size, REGION_FLAG | (uint64_t)region << REGION_SHIFT);
}

/* Large regions are hashed by the pages that somebody touched. */
void mapping_touched(uint64_t key, size_t size)
{
	if (!(key & REGION_FLAG) || !size)
		return;
	uint64_t region = (key & ~REGION_FLAG) >> REGION_SHIFT;
	if (control->regions[region].hash_end)
		return;
	for (uint64_t page = key >> 12; page <= (key + size - 1) >> 12; page++) {
		uint32_t i = control->pages_used;
		while (i > 0 && control->pages[i - 1] != page)
			i--;
		if (i > 0)
			continue;
		if (control->pages_used >= PAGES_MAX)
			execution_full("touched pages of large mappings");
		control->pages[control->pages_used++] = page;
	}
}

/* The program asks for a place that is taken only so that the kernel does not choose it. */
static void give_place(void *address, size_t length, int flags)
{
	uintptr_t start = (uintptr_t)address;
	if ((flags & MAP_FIXED_NOREPLACE) == MAP_FIXED_NOREPLACE &&
		address_is_taken(start) && !range_is_mapped(start, length))
		real.munmap(address, length);
}

void *runtime_mmap(
	void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	give_place(address, length, flags);
	void *mapped = real.mmap(address, length, protection, flags, fd, offset);
	if (!explore_self.task || mapped == MAP_FAILED)
		return mapped;
	uintptr_t start = (uintptr_t)mapped, end = start + ((length + 4095) & ~4095ull);
	value_settle();
	mapping_remove(start, end);
	private_forget(start, end);
	if ((flags & MAP_TYPE) == MAP_PRIVATE) {
		private_add((struct private_part){
			start, end, protection & PROT_READ, !(flags & MAP_ANONYMOUS)});
		return mapped;
	}
	if (control->result.processes > 1)
		control->regions_partial = 1; /* the others may not have it */
	bool made = makes_memory(flags, fd);
	uint64_t number =
		region_number(made ? -1 : fd, length + (made ? 0 : (size_t)offset));
	mapping_add(start, end,
		REGION_FLAG | number << REGION_SHIFT | (made ? 0 : (uint64_t)offset));
	protection_mapped(start, end);
	return mapped;
}

void *runtime_mmap64(
	void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	return runtime_mmap(address, length, protection, flags, fd, offset);
}

bool memory_unmapped(uintptr_t address)
{
	for (int i = 0; i < UNMAPPED_KEPT; i++)
		if (address >= process_private.unmapped[i].start &&
			address < process_private.unmapped[i].end)
			return true;
	return false;
}

/* A lock that the task holds lay in what was unmapped, and is mapped nowhere else. */
static void report_locks_gone(void)
{
	const struct task *task = explore_self.task;

	for (uint32_t i = 0; i < task->held_count && i < HELD_MAX; i++) {
		if (!(task->held[i] & REGION_FLAG) || pointer_of(task->held[i]))
			continue;
		struct defect *defect = defect_new(DEFECT_DESTROYED,
			"memory is unmapped with a lock in it that is held");
		if (defect)
			defect->address = task->held[i];
	}
}

/* What others have attached stays there: nothing is given back, as munmap() may do. */
void mapping_leave(uintptr_t start, size_t size)
{
	value_settle();
	mapping_remove(start, start + size);
	report_locks_gone();
	process_private.unmapped[process_private.unmapped_next++ % UNMAPPED_KEPT] =
		(struct mapping){.start = start, .end = start + size};
	real.munmap((void *)start, size);
}

int runtime_munmap(void *address, size_t length)
{
	uintptr_t start = (uintptr_t)address;
	if (explore_self.task) {
		value_settle();
		length = (length + 4095) & ~4095ull;
		/* What other processes have mapped stays. */
		if (reachable(start) && process_private.had_threads) {
			access_memory(address, length, FLAG_WRITE | FLAG_GONE,
				explore_self.frame->pc);
			explore_self.task->last_write =
				0; /* nothing is there to be read */
		}
		if (range_is_mapped(start, length))
			control->regions_partial = 1;
		mapping_remove(start, start + length);
		private_forget(start, start + length);
		protection_unmapped(start, start + length);
		report_locks_gone();
		process_private
			.unmapped[process_private.unmapped_next++ % UNMAPPED_KEPT] =
			(struct mapping){.start = start, .end = start + length};
	}
	return real.munmap(address, length);
}

/*
 * Shared memory objects get names that no other run has, and are removed after the execution
 * if the program forgets to.
 */
static int named_slot(const char *name, char kind, bool create)
{
	for (uint32_t i = 0; i < control->names_used; i++)
		if (control->names[i].linked && control->names[i].kind == (uint8_t)kind &&
			!strcmp(control->names[i].name, name))
			return (int)i;
	if (!create)
		return -1;
	if (control->names_used >= NAMES_MAX)
		execution_full("named objects");
	return (int)control->names_used++;
}

int shared_name(const char *name, char kind, bool create)
{
	char full[64] = {0};
	strncpy(full, name, sizeof full - 1);
	int slot = named_slot(full, kind, create);
	if (slot >= 0 && !control->names[slot].linked) {
		real.memset(&control->names[slot], 0, sizeof control->names[slot]);
		real.memcpy(control->names[slot].name, full, sizeof full);
		control->names[slot].kind = (uint8_t)kind;
	}
	return slot;
}

/* Shared memory objects are held by the server, so that they outlive whoever made them. */
void shared_objects_make(void)
{
	for (int i = 0; i < NAMES_MAX; i++) {
		int fd = memfd_create("shm", MFD_CLOEXEC);
		control->objects_fd[i] = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 500);
		real.close(fd);
	}
}

void shared_objects_reset(void)
{
	for (uint32_t i = 0; i < control->names_used && i < NAMES_MAX; i++)
		if (control->names[i].kind == 'm')
			kernel(SYS_ftruncate, control->objects_fd[i], 0, 0, 0, 0, 0);
}

/* With an offset and flags of its own, as each open() gives. */
static int shared_object_open(int slot, int flags)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%u/fd/%d", control->server,
		control->objects_fd[slot]);
	return open(path, (flags & (O_RDWR | O_TRUNC)) | O_CLOEXEC);
}

int runtime_shm_open(const char *name, int flags, mode_t mode)
{
	if (!explore_self.task)
		return real.shm_open(name, flags, mode);
	int slot = shared_name(name, 'm', false);
	if (slot >= 0 && (flags & O_CREAT) && (flags & O_EXCL)) {
		errno = EEXIST;
		return -1;
	}
	if (slot < 0 && !(flags & O_CREAT)) {
		errno = ENOENT;
		return -1;
	}
	if (slot < 0) {
		slot = shared_name(name, 'm', true);
		control->names[slot].linked = 1;
	}
	return shared_object_open(slot, flags);
}

int runtime_shm_unlink(const char *name)
{
	if (!explore_self.task)
		return real.shm_unlink(name);
	int slot = shared_name(name, 'm', false);
	if (slot < 0) {
		errno = ENOENT;
		return -1;
	}
	control->names[slot].linked = 0;
	return 0;
}
