/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. The bytes of a regular file are shared data like those of memory: each
 * read and write is a step and goes through the race detector, under the file's number and the
 * offset; a file that is mapped has the same addresses there. The offset of an open file moves in
 * the same step. The kernel does the work: it never blocks on a regular file, and what it keeps
 * is as private to the execution as its files are (names.c). What is in a file is part of the
 * state: a hash of it is kept up to date by each call that changes it.
 */
#include "files.h"
#include "ipc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* In the order of their first use: inodes differ from run to run. */
uint32_t file_number(uint64_t device, uint64_t inode)
{
	uint32_t i = 0;
	while (i < control->files_used &&
		(control->files[i].inode != inode || control->files[i].device != device))
		i++;
	if (i >= FILES_MAX)
		execution_full("files");
	if (i == control->files_used) {
		control->files[i] = (struct file){.device = device, .inode = inode};
		control->files_used++;
	}
	return i;
}

uint32_t file_number_of(int fd)
{
	struct stat status = {0};
	kernel(SYS_fstat, fd, (long)&status, 0, 0, 0, 0);
	return file_number(status.st_dev, status.st_ino);
}

static uint64_t file_key(uint32_t file)
{
	return FILE_KEYS | (uint64_t)file << REGION_SHIFT;
}

bool file_of(int fd, uint64_t *key)
{
	struct stat status;
	explore_self.left_behind = 1;
	if (!explore_self.task || explore_self.inside ||
		kernel(SYS_fstat, fd, (long)&status, 0, 0, 0, 0) < 0 ||
		!S_ISREG(status.st_mode) || was_given(&status))
		return false;
	for (uint32_t i = 0; i < control->regions_used; i++)
		if (control->regions[i].inode == status.st_ino &&
			control->regions[i].device == status.st_dev) {
			*key = REGION_FLAG | (uint64_t)i << REGION_SHIFT;
			return true;
		}
	*key = file_key(file_number(status.st_dev, status.st_ino));
	return true;
}

static bool is_reachable(uint32_t file)
{
	for (uint32_t i = 0; i < control->file_names_used; i++)
		if (control->file_names[i].file == file + 1)
			return true;
	for (uint32_t i = 0; i < control->open_files_used; i++)
		if (control->open_files[i].descriptors && !control->open_files[i].fifo &&
			control->open_files[i].file == file)
			return true;
	return control->files[file].keyed;
}

/* Its inode may be one that a file had which is no more: that is the kernel's choice, and
 * differs from run to run. So it gets the first number by which nobody reaches a file. */
void file_made(int fd)
{
	struct stat status;
	uint32_t file = 0;
	if (kernel(SYS_fstat, fd, (long)&status, 0, 0, 0, 0) < 0 ||
		!S_ISREG(status.st_mode))
		return;
	for (uint32_t i = 0; i < control->files_used; i++)
		if (control->files[i].inode == status.st_ino &&
			control->files[i].device == status.st_dev)
			control->files[i].inode = 0;
	while (file < control->files_used && is_reachable(file))
		file++;
	if (file >= FILES_MAX)
		execution_full("files");
	if (file == control->files_used)
		control->files_used++;
	control->files[file] =
		(struct file){.device = status.st_dev, .inode = status.st_ino};
	race_forget(file_key(file), 1ull << REGION_SHIFT);
}

/* Contents: a sum over the bytes, to which those that are 0 add nothing. */

enum { PART = 4096 };

static uint64_t bytes_hash(const unsigned char *bytes, size_t size, uint64_t offset)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < size; i++)
		if (bytes[i])
			sum += control_mix((offset + i) << 8 | bytes[i]);
	return sum;
}

static uint64_t range_hash(int fd, uint64_t offset, size_t size)
{
	unsigned char bytes[PART];
	uint64_t sum = 0;
	char path[32];
	long got = kernel(SYS_pread64, fd, (long)bytes, 0, 0, 0, 0), again = -1;
	if (got < 0) { /* open for writing only */
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		again = kernel(
			SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
		fd = (int)again;
	}
	while (size) {
		got = kernel(SYS_pread64, fd, (long)bytes,
			size < PART ? (long)size : PART, (long)offset, 0, 0);
		if (got <= 0)
			break;
		sum += bytes_hash(bytes, (size_t)got, offset);
		offset += (uint64_t)got;
		size -= (size_t)got;
	}
	if (again >= 0)
		kernel(SYS_close, again, 0, 0, 0, 0, 0);
	return sum;
}

void file_contents_read(uint32_t file, int fd)
{
	control->files[file].contents = range_hash(fd, 0, SIZE_MAX);
}

uint64_t files_hash(uint64_t hash)
{
	for (uint32_t i = 0; i < control->files_used; i++)
		hash = control_mix(hash ^ control->files[i].contents);
	return hash;
}

static void file_step(enum step_kind kind, uint64_t key)
{
	struct operation operation = operation_at(kind, key, NULL);
	operation.size = 1;
	if (kind == STEP_FILE_READ)
		yield_turn();
	point(&operation);
}

/* What the step turned out to touch; the end of the file is looked at as well. */
static void file_touched(uint64_t key, off_t offset, ssize_t count, unsigned flags)
{
	struct step *step = own_step();
	size_t size = count > 0 ? (size_t)count : 1;
	if (count < 0 || offset < 0)
		return;
	step->address = key + (uint64_t)offset;
	step->size = (uint16_t)(size > 0xffff ? 0xffff : size);
	race_check(
		key + (uint64_t)offset, size, flags | FLAG_FILE, explore_self.frame->pc);
	if (flags & FLAG_WRITE)
		changed();
}

static off_t position(int fd)
{
	return kernel(SYS_lseek, fd, 0, SEEK_CUR, 0, 0, 0);
}

/* The offset of the open file, after the call. */
static void offset_keep(int fd)
{
	uint32_t open = open_file_of(fd, file_number_of(fd));
	control->open_files[open].offset = position(fd);
}

/* Where the next write goes to. */
static off_t place_of_write(int fd)
{
	struct stat status = {0};
	if (!(kernel(SYS_fcntl, fd, F_GETFL, 0, 0, 0, 0) & O_APPEND))
		return position(fd);
	kernel(SYS_fstat, fd, (long)&status, 0, 0, 0, 0);
	return status.st_size;
}

ssize_t file_read(int fd, uint64_t key, void *buffer, size_t size)
{
	file_step(STEP_FILE_READ, key);
	off_t offset = position(fd);
	ssize_t count = real.read(fd, buffer, size);
	offset_keep(fd);
	file_touched(key, offset, count, 0);
	return count;
}

/* `call` writes at the offset, and what it returns is returned. */
static long file_changed(int fd, uint64_t key, off_t offset, size_t size,
	const void *buffer, bool positioned)
{
	struct file *file = &control->files[file_number_of(fd)];
	uint64_t before = offset < 0 ? 0 : range_hash(fd, (uint64_t)offset, size);
	long count =
		positioned
			? kernel(SYS_pwrite64, fd, (long)buffer, (long)size, offset, 0, 0)
			: kernel(SYS_write, fd, (long)buffer, (long)size, 0, 0, 0);
	if (count > 0)
		file->contents +=
			bytes_hash(buffer, (size_t)count, (uint64_t)offset) - before;
	if (count > 0 && (size_t)count < size)
		file->contents +=
			range_hash(fd, (uint64_t)(offset + count), size - (size_t)count);
	file_touched(key, offset, count, FLAG_WRITE);
	return count;
}

ssize_t file_write(int fd, uint64_t key, const void *buffer, size_t size)
{
	file_step(STEP_FILE_WRITE, key);
	long count = file_changed(fd, key, place_of_write(fd), size, buffer, false);
	offset_keep(fd);
	return count < 0 ? fails((int)-count) : count;
}

static long result_of(long result)
{
	return result < 0 ? fails((int)-result) : result;
}

ssize_t runtime_pread(int fd, void *buffer, size_t size, off_t offset)
{
	uint64_t key;
	bool file = file_of(fd, &key);
	if (file)
		file_step(STEP_FILE_READ, key);
	ssize_t count = result_of(
		kernel(SYS_pread64, fd, (long)buffer, (long)size, offset, 0, 0));
	if (file)
		file_touched(key, offset, count, 0);
	if (file && count > 0)
		access_memory(buffer, (size_t)count, FLAG_WRITE, explore_self.frame->pc);
	return count;
}

ssize_t runtime_pread64(int fd, void *buffer, size_t size, off_t offset)
{
	return runtime_pread(fd, buffer, size, offset);
}

ssize_t runtime_pwrite(int fd, const void *buffer, size_t size, off_t offset)
{
	uint64_t key;
	bool file = file_of(fd, &key);
	if (file) {
		access_memory(buffer, size, 0, explore_self.frame->pc);
		file_step(STEP_FILE_WRITE, key);
	}
	return result_of(
		file ? file_changed(fd, key, offset, size, buffer, true)
		     : kernel(SYS_pwrite64, fd, (long)buffer, (long)size, offset, 0, 0));
}

ssize_t runtime_pwrite64(int fd, const void *buffer, size_t size, off_t offset)
{
	return runtime_pwrite(fd, buffer, size, offset);
}

/* The offset is shared by all who have the open file; moving it is a step, reading it none. */
off_t runtime_lseek(int fd, off_t offset, int whence)
{
	uint64_t key;
	bool moves = (whence != SEEK_CUR || offset) && file_of(fd, &key);
	if (moves)
		file_step(STEP_FILE_WRITE, key);
	off_t now = result_of(kernel(SYS_lseek, fd, offset, whence, 0, 0, 0));
	if (moves) {
		offset_keep(fd);
		changed();
	}
	return now;
}

off_t runtime_lseek64(int fd, off_t offset, int whence)
{
	return runtime_lseek(fd, offset, whence);
}

int runtime_ftruncate(int fd, off_t length)
{
	uint64_t key;
	bool file = file_of(fd, &key);
	if (file)
		file_step(STEP_FILE_WRITE, key);
	long result = kernel(SYS_ftruncate, fd, length, 0, 0, 0, 0);
	if (file) {
		file_contents_read(file_number_of(fd), fd);
		changed();
	}
	return (int)result_of(result);
}

int runtime_ftruncate64(int fd, off_t length)
{
	return runtime_ftruncate(fd, length);
}
