/* SPDX-License-Identifier: MIT */
/*
 * Locks on files: fcntl() and lockf(), which belong to a process and a range of bytes, and
 * flock(), which belongs to an open file. The kernel keeps them, since it alone knows when the
 * last descriptor of an open file is closed; it is asked without waiting, and who has to wait
 * waits in the model and asks again when any lock was released. Beside it stands a list of who
 * has locked what, for the state's hash, and of the ranges that were released, for
 * happens-before: a lock comes after the release of each range that it overlaps, and of no other.
 */
#include "files.h"
#include "ipc.h"
#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOCK_KEYS (1ull << 58)

/* Owners. */
static uint32_t of_process(uint32_t process)
{
	return process + 1;
}

static uint32_t of_open_file(uint32_t open)
{
	return open + 1 + TASKS_MAX;
}

struct range {
	uint64_t file;
	uint64_t start, end; /* end 0: to the end of the file, wherever that is */
};

static uint64_t range_end(uint64_t end)
{
	return end ? end : UINT64_MAX;
}

static bool overlaps(const struct file_lock *lock, const struct range *range)
{
	return lock->used && lock->file == range->file &&
	       lock->start < range_end(range->end) && range->start < range_end(lock->end);
}

static uint64_t release_key(const struct file_lock *lock)
{
	return LOCK_KEYS | (uint64_t)(lock - control->released);
}

static struct file_lock *place_in(struct file_lock *list, const char *limit)
{
	for (int i = 0; i < FILE_LOCKS_MAX; i++)
		if (!list[i].used)
			return &list[i];
	execution_full(limit);
}

/* Of this file: what the process, or this open file, has. */
static void list_remove(const struct range *range, uint32_t owner)
{
	for (int i = 0; i < FILE_LOCKS_MAX; i++)
		if (overlaps(&control->locks[i], range) &&
			control->locks[i].owner == owner)
			control->locks[i].used = 0;
}

static void list_add(const struct range *range, uint32_t owner, bool exclusive)
{
	list_remove(range, owner);
	*place_in(control->locks, "locks of files") = (struct file_lock){.used = 1,
		.file = range->file,
		.start = range->start,
		.end = range->end,
		.owner = owner,
		.exclusive = exclusive};
}

static void released(const struct range *range)
{
	struct file_lock *found = NULL;
	for (int i = 0; i < FILE_LOCKS_MAX && !found; i++) {
		struct file_lock *lock = &control->released[i];
		if (lock->used && lock->file == range->file &&
			lock->start == range->start && lock->end == range->end)
			found = lock;
	}
	if (!found) {
		found = place_in(control->released, "ranges of files with locks");
		*found = (struct file_lock){.used = 1,
			.file = range->file,
			.start = range->start,
			.end = range->end};
	}
	object_release(release_key(found));
	pipes_changed();
}

static void acquired(const struct range *range)
{
	for (int i = 0; i < FILE_LOCKS_MAX; i++)
		if (overlaps(&control->released[i], range))
			object_acquire(release_key(&control->released[i]));
	changed();
}

/* Until `try` gets it: 0, or the error. */
static int lock_wait(
	uint64_t file, bool blocking, long (*try)(int, void *), int fd, void *argument)
{
	struct operation operation = operation_at(STEP_FILE_LOCK, file, NULL);
	operation.detail = (uint64_t)fd;
	yield_turn();
	enum interruption interruption = arrive_interruptibly(&operation, true, 0);
	for (;;) {
		long result = try(fd, argument);
		bool taken = result == -EAGAIN || result == -EACCES;
		if (!taken)
			return (int)-result;
		if (!blocking) {
			own_step()->flags |= FLAG_TIMED | FLAG_TIMED_OUT;
			return (int)-result;
		}
		if (interruption == WAIT_ENDED)
			return EINTR;
		interruption = arrive_interruptibly(&operation, false, 0);
	}
}

static long try_record(int fd, void *lock)
{
	return kernel(SYS_fcntl, fd, F_SETLK, (long)lock, 0, 0, 0);
}

static long try_open_file_record(int fd, void *lock)
{
	return kernel(SYS_fcntl, fd, F_OFD_SETLK, (long)lock, 0, 0, 0);
}

static long try_flock(int fd, void *operation)
{
	return kernel(SYS_flock, fd, *(int *)operation | LOCK_NB, 0, 0, 0, 0);
}

static off_t position(int fd)
{
	return kernel(SYS_lseek, fd, 0, SEEK_CUR, 0, 0, 0);
}

static struct range range_of(int fd, uint64_t file, const struct flock *lock)
{
	off_t from = lock->l_start;
	if (lock->l_whence == SEEK_CUR)
		from += position(fd);
	if (lock->l_whence == SEEK_END) {
		struct stat status = {0};
		fstat(fd, &status);
		from += status.st_size;
	}
	off_t to = lock->l_len ? from + lock->l_len : 0;
	if (lock->l_len < 0)
		return (struct range){file, (uint64_t)to, (uint64_t)from};
	return (struct range){file, (uint64_t)from, (uint64_t)to};
}

static int record_lock(int fd, int command, struct flock *lock)
{
	uint64_t file;
	bool of_open = command == F_OFD_SETLK || command == F_OFD_SETLKW;
	bool blocking = command == F_SETLKW || command == F_OFD_SETLKW;
	if (!file_of(fd, &file)) {
		long result = kernel(SYS_fcntl, fd, command, (long)lock, 0, 0, 0);
		return result < 0 ? fails((int)-result) : (int)result;
	}
	access_memory(lock, sizeof *lock, 0, explore_self.frame->pc);
	struct range range = range_of(fd, file, lock);
	uint32_t owner = of_open ? of_open_file(open_file_of(fd, file_number_of(fd)))
				 : of_process(process_private.process);
	int trouble = lock_wait(file, blocking && lock->l_type != F_UNLCK,
		of_open ? try_open_file_record : try_record, fd, lock);
	if (trouble)
		return fails(trouble);
	if (lock->l_type == F_UNLCK) {
		list_remove(&range, owner);
		released(&range);
	} else {
		list_add(&range, owner, lock->l_type == F_WRLCK);
		acquired(&range);
	}
	return 0;
}

/* Who stands in the way is told by its number in this execution. */
static int record_look(int fd, int command, struct flock *lock)
{
	struct operation operation = operation_at(STEP_FILE_LOCK, 0, NULL);
	yield_turn();
	point(&operation);
	long result = kernel(SYS_fcntl, fd, command, (long)lock, 0, 0, 0);
	if (result < 0)
		return fails((int)-result);
	for (uint32_t i = 0; lock->l_type != F_UNLCK && i < control->result.processes;
		i++)
		if ((pid_t)control->processes[i].os_id == lock->l_pid) {
			lock->l_pid = virtual_pid(i);
			break;
		}
	return 0;
}

/* Those that ask for signals, say, are more than what a descriptor is. */
static bool is_followed(int command)
{
	switch (command) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
	case F_GETFD:
	case F_SETFD:
	case F_GETFL:
	case F_SETFL:
	case F_GETPIPE_SZ:
	case F_SETPIPE_SZ:
		return true;
	default:
		return false;
	}
}

int runtime_fcntl(int fd, int command, ...)
{
	va_list arguments;
	va_start(arguments, command);
	long argument = va_arg(arguments, long);
	va_end(arguments);
	bool watched = explore_self.task && !explore_self.inside;
	struct flock *lock = (struct flock *)argument;
	if (watched && (command == F_SETLK || command == F_SETLKW ||
			       command == F_OFD_SETLK || command == F_OFD_SETLKW))
		return record_lock(fd, command, lock);
	if (watched && (command == F_GETLK || command == F_OFD_GETLK))
		return record_look(fd, command, lock);
	long result = kernel(SYS_fcntl, fd, command, argument, 0, 0, 0);
	if (result >= 0 && watched) {
		if (!is_followed(command))
			execution_uncovered("fcntl with this command");
		if (command == F_DUPFD || command == F_DUPFD_CLOEXEC)
			descriptor_copied(fd, (int)result);
	}
	return result < 0 ? fails((int)-result) : (int)result;
}

int runtime_fcntl64(int fd, int command, long argument)
{
	return runtime_fcntl(fd, command, argument);
}

int runtime_lockf(int fd, int command, off_t length)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_CUR, .l_len = length};
	switch (command) {
	case F_LOCK:
		return runtime_fcntl(fd, F_SETLKW, &lock);
	case F_TLOCK:
		return runtime_fcntl(fd, F_SETLK, &lock);
	case F_ULOCK:
		lock.l_type = F_UNLCK;
		return runtime_fcntl(fd, F_SETLK, &lock);
	case F_TEST:
		if (runtime_fcntl(fd, F_GETLK, &lock) < 0)
			return -1;
		return lock.l_type == F_UNLCK || lock.l_pid == runtime_getpid()
			       ? 0
			       : fails(EACCES);
	default:
		return fails(EINVAL);
	}
}

int runtime_lockf64(int fd, int command, off_t length)
{
	return runtime_lockf(fd, command, length);
}

int runtime_flock(int fd, int operation)
{
	uint64_t file;
	if (!file_of(fd, &file)) {
		long result = kernel(SYS_flock, fd, operation, 0, 0, 0, 0);
		return result < 0 ? fails((int)-result) : 0;
	}
	int kind = operation & ~LOCK_NB;
	struct range range = {file, 0, 0};
	uint32_t owner = of_open_file(open_file_of(fd, file_number_of(fd)));
	int trouble = lock_wait(
		file, !(operation & LOCK_NB) && kind != LOCK_UN, try_flock, fd, &kind);
	if (trouble)
		return fails(trouble == EAGAIN ? EWOULDBLOCK : trouble);
	if (kind == LOCK_UN) {
		list_remove(&range, owner);
		released(&range);
	} else {
		list_add(&range, owner, kind == LOCK_EX);
		acquired(&range);
	}
	return 0;
}

/* To close any descriptor of a file gives back what the process has locked in it. */
void locks_closed(int fd)
{
	uint64_t file;
	if (!file_of(fd, &file))
		return;
	struct range range = {file, 0, 0};
	for (int i = 0; i < FILE_LOCKS_MAX; i++) {
		if (overlaps(&control->locks[i], &range) &&
			control->locks[i].owner == of_process(process_private.process)) {
			list_remove(&range, control->locks[i].owner);
			released(&range);
		}
	}
}

static void owner_leaves(uint32_t owner)
{
	for (int i = 0; i < FILE_LOCKS_MAX; i++) {
		const struct file_lock *lock = &control->locks[i];
		if (!lock->used || lock->owner != owner)
			continue;
		struct range range = {lock->file, 0, 0};
		list_remove(&range, owner);
		released(&range);
	}
}

void locks_leave(uint32_t process)
{
	owner_leaves(of_process(process));
}

void open_file_unlocked(uint32_t open)
{
	owner_leaves(of_open_file(open));
}

uint64_t locks_hash(uint64_t hash)
{
	uint64_t sum = 0;
	for (int i = 0; i < FILE_LOCKS_MAX; i++) {
		const struct file_lock *lock = &control->locks[i];
		if (lock->used)
			sum += control_mix(lock->file ^ control_mix(lock->start) ^
					   control_mix(lock->end + 1) ^
					   (uint64_t)lock->owner << 48 ^
					   (uint64_t)lock->exclusive << 60);
	}
	return control_mix(hash + sum);
}
