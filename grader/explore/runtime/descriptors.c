/* SPDX-License-Identifier: MIT */
/*
 * Which open file a descriptor leads to. dup() and fork() share one, and with it its offset; a
 * process that ends, by itself or not, closes its descriptors. The kernel does all this as well:
 * what stands here is what the state's hash and the locks of open files need to know of it.
 * Descriptors of pipes, sockets and devices are not among them.
 */
#include "files.h"
#include "ipc.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

static uint16_t *own_descriptor(int fd)
{
	struct process *process = &control->processes[process_private.process];
	return fd >= 0 && fd < DESCRIPTORS_MAX ? &process->descriptors[fd] : NULL;
}

static void descriptor_leads(int fd, uint32_t open)
{
	uint16_t *descriptor = own_descriptor(fd);
	if (!descriptor)
		execution_full("descriptors of files in a process");
	*descriptor = (uint16_t)(open + 1);
	control->open_files[open].descriptors++;
}

static uint32_t open_file_new(int fd, const struct open_file *made)
{
	uint32_t open = 0;
	while (open < OPEN_FILES_MAX && control->open_files[open].descriptors)
		open++;
	if (open == OPEN_FILES_MAX)
		execution_full("open files");
	control->open_files[open] = *made;
	if (open >= control->open_files_used)
		control->open_files_used = open + 1;
	descriptor_leads(fd, open);
	return open;
}

uint32_t descriptor_opened(int fd, uint32_t file)
{
	return open_file_new(fd, &(struct open_file){.file = file});
}

void descriptor_of_fifo(int fd, uint32_t pipe, bool reads, bool writes)
{
	open_file_new(fd,
		&(struct open_file){
			.fifo = (uint16_t)(pipe + 1), .reads = reads, .writes = writes});
}

bool fifo_has(uint32_t pipe, bool readers)
{
	for (uint32_t i = 0; i < control->open_files_used; i++) {
		const struct open_file *open = &control->open_files[i];
		if (open->descriptors && open->fifo == pipe + 1 &&
			(readers ? open->reads : open->writes))
			return true;
	}
	return false;
}

/* One that came by a way that nobody watches is taken for an open file of its own. */
uint32_t open_file_of(int fd, uint32_t file)
{
	const uint16_t *descriptor = own_descriptor(fd);
	if (descriptor && *descriptor &&
		control->open_files[*descriptor - 1].file == file)
		return *descriptor - 1u;
	descriptor_closed(fd);
	return descriptor_opened(fd, file);
}

void descriptor_copied(int from, int to)
{
	const uint16_t *descriptor = own_descriptor(from);
	if (descriptor && *descriptor)
		descriptor_leads(to, *descriptor - 1u);
}

static void open_file_left(uint32_t open)
{
	if (!--control->open_files[open].descriptors)
		open_file_unlocked(open);
}

void descriptor_closed(int fd)
{
	uint16_t *descriptor = own_descriptor(fd);
	if (!descriptor || !*descriptor)
		return;
	uint32_t open = *descriptor - 1u;
	*descriptor = 0;
	open_file_left(open);
}

void descriptors_inherit(uint32_t child, uint32_t parent)
{
	for (int fd = 0; control->open_files_used && fd < DESCRIPTORS_MAX; fd++) {
		uint16_t open = control->processes[parent].descriptors[fd];
		control->processes[child].descriptors[fd] = open;
		if (open)
			control->open_files[open - 1].descriptors++;
	}
}

void descriptors_leave(uint32_t process)
{
	for (int fd = 0; control->open_files_used && fd < DESCRIPTORS_MAX; fd++) {
		uint16_t open = control->processes[process].descriptors[fd];
		control->processes[process].descriptors[fd] = 0;
		if (open)
			open_file_left(open - 1u);
	}
}

uint64_t descriptors_hash(uint64_t hash)
{
	if (!control->open_files_used)
		return hash;
	for (uint32_t i = 0; i < control->open_files_used; i++)
		if (control->open_files[i].descriptors)
			hash = control_mix(hash ^ (uint64_t)i << 48 ^
					   (uint64_t)control->open_files[i].file << 40 ^
					   (uint64_t)control->open_files[i].offset);
	for (uint32_t i = 0; i < control->result.processes; i++)
		for (int fd = 0; fd < DESCRIPTORS_MAX; fd++)
			if (control->processes[i].descriptors[fd])
				hash += control_mix(
					(uint64_t)i << 32 | (uint64_t)fd << 16 |
					control->processes[i].descriptors[fd]);
	return control_mix(hash);
}

static int duplicate(int from, int to, long result)
{
	if (result < 0)
		return fails((int)-result);
	if (from == to || !explore_self.task || explore_self.inside)
		return (int)result;
	descriptor_copied(from, (int)result);
	return (int)result;
}

int runtime_dup(int fd)
{
	return duplicate(fd, -1, kernel(SYS_dup, fd, 0, 0, 0, 0, 0));
}

static int duplicate_to(int from, int to, long (*duplication)(int, int, int), int flags)
{
	bool open = kernel(SYS_fcntl, to, F_GETFD, 0, 0, 0, 0) >= 0 &&
		    kernel(SYS_fcntl, from, F_GETFD, 0, 0, 0, 0) >= 0;
	if (open && from != to && explore_self.task && !explore_self.inside) {
		locks_closed(to);
		pipe_closes(to);
		descriptor_closed(to);
	}
	long result = duplication(from, to, flags);
	if (open && from != to && (control->pipes_used || control->sources_used))
		pipes_changed(); /* `to` was closed */
	return duplicate(from, to, result);
}

static long by_dup2(int from, int to, int flags)
{
	(void)flags;
	return kernel(SYS_dup2, from, to, 0, 0, 0, 0);
}

static long by_dup3(int from, int to, int flags)
{
	return kernel(SYS_dup3, from, to, flags, 0, 0, 0);
}

int runtime_dup2(int from, int to)
{
	return duplicate_to(from, to, by_dup2, 0);
}

int runtime_dup3(int from, int to, int flags)
{
	return duplicate_to(from, to, by_dup3, flags);
}
