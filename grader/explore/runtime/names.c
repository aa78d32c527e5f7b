/* SPDX-License-Identifier: MIT */
/*
 * Names of files are what tasks synchronise by: who creates, removes or renames one (O_EXCL,
 * mkdir, link, rename) comes before those who then find it changed. A task that fails to and
 * tries again stands back as one that waits in a loop. Where the files are, paths.c says; what
 * the names lead to is kept in a table, for the state's hash and for those who read a witness.
 */
#include "files.h"
#include "ipc.h"
#include "paths.h"
#include "sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static long result_of(long result)
{
	return result < 0 ? fails((int)-result) : result;
}

uint64_t name_key(const char *path)
{
	return NAME_KEYS | (control_mix(path_hash(path)) & ((1ull << 48) - 1));
}

/* What the system has there is looked at as it is. */
static bool names_watched(const char *path)
{
	if (!explore_self.task || explore_self.inside || !path || !*path)
		return false;
	access_memory(path, strlen(path) + 1, 0, explore_self.frame->pc);
	return strncmp(path, "/proc/", 6) && strncmp(path, "/sys/", 5) &&
	       (strncmp(path, "/dev/", 5) || !strncmp(path, "/dev/shm/", 9));
}

struct file_name *name_entry(uint64_t key, const char *path)
{
	uint32_t i = 0;
	while (i < control->file_names_used && control->file_names[i].key != key)
		i++;
	if (i == FILE_NAMES_MAX)
		execution_full("names of files");
	if (i == control->file_names_used) {
		const char *last = strrchr(path, '/');
		control->file_names_used++;
		control->file_names[i] = (struct file_name){.key = key};
		strncpy(control->file_names[i].shown, last && last[1] ? last + 1 : path,
			FILE_SHOWN - 1);
	}
	return &control->file_names[i];
}

static uint64_t name_step(const char *path)
{
	uint64_t key = name_key(path);
	struct operation operation = operation_at(STEP_NAME, key, NULL);
	name_entry(key, path);
	yield_turn();
	point(&operation);
	return key;
}

/* What the name leads to now. */
static void name_look(uint64_t key, const char *path)
{
	struct stat status = {0};
	struct file_name *name = name_entry(key, path);
	kernel(SYS_lstat, (long)path_for(path, PATH_LINK, 0), (long)&status, 0, 0, 0, 0);
	name->kind = (uint16_t)(status.st_mode >> 12);
	name->file = S_ISREG(status.st_mode)
			     ? file_number(status.st_dev, status.st_ino) + 1
		     : S_ISSOCK(status.st_mode) ? socket_of_inode(status.st_ino)
						: 0;
}

long name_done(uint64_t key, const char *path, long result, bool modifies)
{
	object_acquire(key);
	if (result >= 0 && modifies) {
		name_look(key, path);
		object_release(key);
		changed();
	}
	return result_of(result);
}

static bool is_kind(const char *path, mode_t kind)
{
	struct stat status;
	return kernel(SYS_stat, (long)path, (long)&status, 0, 0, 0, 0) == 0 &&
	       (status.st_mode & S_IFMT) == kind;
}

static bool nothing_at(const char *path)
{
	struct stat status;
	return kernel(SYS_lstat, (long)path_for(path, PATH_LINK, 0), (long)&status, 0, 0,
		       0, 0) < 0;
}

static int open_named(const char *path, int flags, mode_t mode)
{
	uint64_t key = name_step(path), file_key;
	bool creates = flags & O_CREAT && nothing_at(path);
	const char *place = path_for(path, path_use_of_flags(flags), 0);
	if (!creates && !(flags & O_PATH) && is_kind(place, S_IFIFO)) {
		name_done(key, path, 0, false);
		return open_fifo(place, flags);
	}
	long fd = kernel(SYS_openat, AT_FDCWD, (long)place, flags, mode, 0, 0);
	if (fd >= 0 && creates)
		file_made((int)fd);
	uint32_t known = control->files_used;
	if (fd >= 0 && file_of((int)fd, &file_key)) {
		uint32_t file = file_number_of((int)fd);
		descriptor_opened((int)fd, file);
		if (file >= known || flags & O_TRUNC)
			file_contents_read(file, (int)fd);
		if (flags & O_TRUNC)
			changed();
		name_look(key, path);
	}
	return (int)name_done(key, path, fd, creates);
}

int runtime_open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	if (flags & (O_CREAT | O_TMPFILE)) {
		va_list arguments;
		va_start(arguments, flags);
		mode = va_arg(arguments, mode_t);
		va_end(arguments);
	}
	if (names_watched(path))
		return open_named(path, flags, mode);
	return (int)result_of(
		kernel(SYS_openat, AT_FDCWD, (long)path, flags, mode, 0, 0));
}

int runtime_open64(const char *path, int flags, mode_t mode)
{
	return runtime_open(path, flags, mode);
}

int runtime_creat(const char *path, mode_t mode)
{
	return runtime_open(path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

int runtime_openat(int folder, const char *path, int flags, mode_t mode)
{
	if (folder != AT_FDCWD && path[0] != '/' && explore_self.task)
		execution_uncovered("openat() in a folder that is open");
	return runtime_open(path, flags, mode);
}

int runtime_memfd_create(const char *name, unsigned flags)
{
	long fd = kernel(SYS_memfd_create, (long)name, flags, 0, 0, 0, 0);
	uint64_t key;
	if (fd >= 0 && explore_self.task && !explore_self.inside)
		file_made((int)fd);
	if (fd >= 0 && file_of((int)fd, &key))
		descriptor_opened((int)fd, file_number_of((int)fd));
	return (int)result_of(fd);
}

static int change_name(const char *path, enum path_use use, long number, long argument)
{
	bool watched = names_watched(path);
	uint64_t key = watched ? name_step(path) : 0;
	long result = kernel(number, (long)path_for(path, use, 0), argument, 0, 0, 0, 0);
	return (int)(watched ? name_done(key, path, result, true) : result_of(result));
}

int runtime_unlink(const char *path)
{
	return change_name(path, PATH_REMOVE, SYS_unlink, 0);
}

int runtime_mkdir(const char *path, mode_t mode)
{
	return change_name(path, PATH_NEW, SYS_mkdir, (long)mode);
}

int runtime_rmdir(const char *path)
{
	return change_name(path, PATH_REMOVE, SYS_rmdir, 0);
}

int runtime_mkfifo(const char *path, mode_t mode)
{
	return change_name(path, PATH_NEW, SYS_mknod, (long)(mode | S_IFIFO));
}

int runtime_remove(const char *path)
{
	bool folder = is_kind(path_for(path, PATH_LINK, 0), S_IFDIR);
	return folder ? runtime_rmdir(path) : runtime_unlink(path);
}

static int change_names(const char *from, enum path_use use_from, const char *to,
	enum path_use use_to, long number)
{
	bool watched = names_watched(from) && names_watched(to);
	uint64_t from_key = watched ? name_key(from) : 0;
	uint64_t to_key = watched ? name_step(to) : 0;
	const char *old = use_from == PATH_LIST ? from : path_for(from, use_from, 0);
	long result =
		kernel(number, (long)old, (long)path_for(to, use_to, 1), 0, 0, 0, 0);
	if (!watched)
		return (int)result_of(result);
	name_done(from_key, from, result, use_from == PATH_MOVE);
	return (int)name_done(to_key, to, result, true);
}

int runtime_rename(const char *from, const char *to)
{
	return change_names(from, PATH_MOVE, to, PATH_REPLACE, SYS_rename);
}

int runtime_link(const char *from, const char *to)
{
	return change_names(from, PATH_WRITE, to, PATH_NEW, SYS_link);
}

/* The text of a link is no path of a file yet. */
int runtime_symlink(const char *from, const char *to)
{
	return change_names(from, PATH_LIST, to, PATH_NEW, SYS_symlink);
}

/* Whether a name is there, and as what. */
static int look_at(const char *path, enum path_use use, long number, long argument)
{
	bool watched = names_watched(path);
	uint64_t key = watched ? name_step(path) : 0;
	long result = kernel(number, (long)path_for(path, use, 0), argument, 0, 0, 0, 0);
	return (int)(watched ? name_done(key, path, result, false) : result_of(result));
}

int runtime_access(const char *path, int mode)
{
	return look_at(path, PATH_LOOK, SYS_access, mode);
}

static int look_status(
	const char *path, enum path_use use, long number, struct stat *status)
{
	int result = look_at(path, use, number, (long)status);
	if (result == 0 && explore_self.task)
		access_memory(status, sizeof *status, FLAG_WRITE, explore_self.frame->pc);
	return result;
}

int runtime_stat(const char *path, struct stat *status)
{
	return look_status(path, PATH_LOOK, SYS_stat, status);
}

int runtime_stat64(const char *path, struct stat *status)
{
	return runtime_stat(path, status);
}

int runtime_lstat(const char *path, struct stat *status)
{
	return look_status(path, PATH_LINK, SYS_lstat, status);
}

int runtime_lstat64(const char *path, struct stat *status)
{
	return runtime_lstat(path, status);
}

int runtime_truncate(const char *path, off_t length)
{
	int fd = runtime_open(path, O_WRONLY);
	int result = fd < 0 ? -1 : runtime_ftruncate(fd, length);
	if (fd >= 0)
		runtime_close(fd);
	return result;
}

uint64_t names_hash(uint64_t hash)
{
	uint64_t sum = 0;
	for (uint32_t i = 0; i < control->file_names_used; i++) {
		const struct file_name *name = &control->file_names[i];
		if (name->kind)
			sum += control_mix(name->key ^ (uint64_t)name->kind << 56 ^
					   (uint64_t)name->file << 48);
	}
	return control_mix(hash + sum);
}
