/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. Each execution finds the files as the one before did, and the user's own
 * are never written: what a program makes or changes lies in a folder of its server's,
 *
 *	ROOT/files/PATH		the file or folder PATH as this execution sees it,
 *	ROOT/gone/HASH		a name that is there, and that it has removed,
 *
 * which is emptied after the execution. Before a call of the kernel, its path is replaced by
 * the one that holds what the program means (path_for()); a file is copied before it is opened,
 * so that who reads it and who writes it later have the same. Where there is no such folder, as
 * in the box of a lab, paths are left as they are.
 *
 * Devices and /proc are what they are. A symbolic link is followed where it is the last part of
 * a path. Not covered are folders that were there before and are renamed, removed or, once
 * something in them has changed, listed.
 */
#include "paths.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FILES "/files"

enum { COPY_MOST = 64 << 20, COPY_TO_READ = 1 << 20, LINKS_MOST = 8 };

/* The kernel, asked for what the runtime itself wants to know. */

static bool look(const char *path, struct stat *status)
{
	return kernel(SYS_lstat, (long)path, (long)status, 0, 0, 0, 0) == 0;
}

static bool is_there(const char *path)
{
	struct stat status;
	return look(path, &status);
}

static bool make_folder(const char *path, mode_t mode)
{
	long result = kernel(SYS_mkdir, (long)path, (long)mode, 0, 0, 0, 0);
	return result == 0 || result == -EEXIST;
}

static bool may(const char *path, int how)
{
	return kernel(SYS_access, (long)path, how, 0, 0, 0, 0) == 0;
}

/* Names */

static bool is_system_path(const char *path)
{
	static const char *const trees[] = {"/dev/", "/proc/", "/sys/"};
	for (int i = 0; i < 3; i++)
		if (!strncmp(path, trees[i], strlen(trees[i])))
			return strncmp(path, "/dev/shm/", 9) != 0;
	return false;
}

/* Without the folder of the execution's own files in front. */
const char *path_seen(const char *path)
{
	size_t root = strlen(control->files_root);
	if (!root || strncmp(path, control->files_root, root) ||
		strncmp(path + root, FILES, strlen(FILES)))
		return path;
	path += root + strlen(FILES);
	return *path ? path : "/";
}

/* Appends the parts of a path, as "." and ".." have it; false: it is too long. */
static bool append(char *full, const char *path)
{
	size_t length = strlen(full);
	while (*path) {
		size_t part = strcspn(path, "/");
		if (part == 2 && !strncmp(path, "..", 2)) {
			while (length && full[--length] != '/')
				;
			full[length] = 0;
		} else if (part && !(part == 1 && *path == '.')) {
			if (length + part + 2 > PATH_ROOM / 2)
				return false;
			full[length++] = '/';
			real.memcpy(full + length, path, part);
			full[length += part] = 0;
		}
		path += part + (path[part] == '/');
	}
	return true;
}

/* As an absolute path without detours, which starts in the working directory. */
static bool make_full(const char *path, char *full)
{
	char *folder = control->path_rooms[PATH_ROOMS - 1];
	full[0] = 0;
	if (path[0] != '/') {
		if (kernel(SYS_getcwd, (long)folder, PATH_ROOM, 0, 0, 0, 0) < 0 ||
			!append(full, path_seen(folder)))
			return false;
	}
	return append(full, path);
}

static void upper_of(const char *full, char *upper)
{
	snprintf(upper, PATH_ROOM, "%s" FILES "%s", control->files_root, full);
}

/* Marks are folders named after what is said of which path. */
enum mark { GONE = 'g', LISTED_OTHERWISE = 'l' };

/* FNV-1a, of 64 bits. */
static uint64_t hash_of(const char *full, size_t length)
{
	uint64_t hash = 0xcbf29ce484222325ull;
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)full[i]) * 0x100000001b3ull;
	return hash;
}

uint64_t path_hash(const char *path)
{
	char *full = control->path_rooms[PATH_ROOMS - 2];
	explore_self.left_behind = 1;
	if (!make_full(path, full))
		execution_full("bytes of a path");
	return hash_of(full, strlen(full));
}

static void mark_of(enum mark mark, const char *full, size_t length, char *place)
{
	snprintf(place, PATH_ROOM, "%s/gone/%c%016llx", control->files_root, mark,
		(unsigned long long)hash_of(full, length));
}

static void set_mark(enum mark mark, const char *full, size_t length)
{
	char *place = control->path_rooms[PATH_ROOMS - 1];
	mark_of(mark, full, length, place);
	make_folder(place, 0700);
}

static bool has_mark(enum mark mark, const char *full, size_t length)
{
	char *place = control->path_rooms[PATH_ROOMS - 1];
	mark_of(mark, full, length, place);
	return is_there(place);
}

/* A name has come into its folder, or has gone. */
static void list_changes(const char *full)
{
	set_mark(LISTED_OTHERWISE, full, (size_t)(strrchr(full, '/') - full));
}

/* Whether the execution has removed it, or a folder that it lies in. */
static bool is_gone(const char *full)
{
	for (size_t i = 1; control->files_changed; i++) {
		if (full[i] && full[i] != '/')
			continue;
		if (has_mark(GONE, full, i))
			return true;
		if (!full[i])
			break;
	}
	return false;
}

static void mark_gone(const char *full)
{
	set_mark(GONE, full, strlen(full));
	list_changes(full);
}

/* Changes */

static void first_change(void)
{
	char *path = control->path_rooms[PATH_ROOMS - 1];
	if (control->files_changed)
		return;
	control->files_changed = 1;
	snprintf(path, PATH_ROOM, "%s" FILES, control->files_root);
	make_folder(path, 0777);
	snprintf(path, PATH_ROOM, "%s/gone", control->files_root);
	make_folder(path, 0700);
}

/* The folders that the path lies in, where the program sees such. */
static bool make_parents(const char *full)
{
	char *lower = control->path_rooms[PATH_ROOMS - 2];
	char *upper = control->path_rooms[PATH_ROOMS - 1];
	struct stat status;
	const char *slash = strrchr(full, '/');
	for (size_t i = 1; slash && i <= (size_t)(slash - full); i++) {
		if (full[i] != '/')
			continue;
		snprintf(lower, PATH_ROOM, "%.*s", (int)i, full);
		bool gone = is_gone(lower);
		upper_of(lower, upper);
		if (is_there(upper))
			continue;
		if (gone || kernel(SYS_stat, (long)lower, (long)&status, 0, 0, 0, 0) ||
			!S_ISDIR(status.st_mode) || !make_folder(upper, 0777))
			return false;
	}
	return true;
}

static void copy(const char *from, const char *to, mode_t mode)
{
	static char bytes[4096];
	long in = kernel(SYS_openat, AT_FDCWD, (long)from, O_RDONLY | O_CLOEXEC, 0, 0, 0);
	long out = kernel(SYS_openat, AT_FDCWD, (long)to,
		O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600, 0, 0);
	long size;
	while (in >= 0 &&
		(size = kernel(SYS_read, in, (long)bytes, sizeof bytes, 0, 0, 0)) > 0)
		if (kernel(SYS_write, out, (long)bytes, size, 0, 0, 0) != size)
			execution_uncovered("a file that cannot be copied");
	kernel(SYS_fchmod, out, (long)(mode & 07777), 0, 0, 0, 0);
	kernel(SYS_close, in, 0, 0, 0, 0, 0);
	kernel(SYS_close, out, 0, 0, 0, 0, 0);
	real.memset(bytes, 0, sizeof bytes); /* they are no part of the state */
}

static bool copy_up(const char *full, const char *upper, const struct stat *status)
{
	if (status->st_size > COPY_MOST)
		execution_uncovered("a file of more than 64 MB that is changed");
	first_change();
	if (!make_parents(full))
		return false;
	copy(full, upper, status->st_mode);
	return true;
}

/* What each use makes of a path that was there before the execution. */
static const char *use_lower(const char *path, const char *full, const char *upper,
	enum path_use use, const struct stat *status)
{
	bool folder = S_ISDIR(status->st_mode);
	switch (use) {
	case PATH_READ:
		if (S_ISREG(status->st_mode) && status->st_size <= COPY_TO_READ &&
			may(full, W_OK) && copy_up(full, upper, status))
			return upper;
		return path;
	case PATH_WRITE:
	case PATH_CREATE:
		if (S_ISREG(status->st_mode) && may(full, W_OK) &&
			copy_up(full, upper, status))
			return upper;
		return path;
	case PATH_REPLACE:
		if (folder)
			return path; /* only a folder could take its place */
		first_change();
		return make_parents(full) ? upper : path;
	case PATH_MOVE:
		if (!S_ISREG(status->st_mode))
			execution_uncovered("a folder or link that is renamed");
		if (copy_up(full, upper, status))
			mark_gone(full);
		return upper;
	case PATH_REMOVE:
		if (folder)
			execution_uncovered("a folder that is renamed or removed");
		first_change();
		if (!make_parents(full))
			return path;
		kernel(SYS_mknod, (long)upper, S_IFREG | 0600, 0, 0, 0, 0);
		mark_gone(full);
		return upper;
	default:
		return path;
	}
}

/* Of a path that was there before, and of which the execution has something of its own. */
static void use_both(const char *full, enum path_use use, bool folder)
{
	if (use == PATH_LIST && has_mark(LISTED_OTHERWISE, full, strlen(full)))
		execution_uncovered("a list of a folder that has changed");
	if (use != PATH_REMOVE && use != PATH_MOVE)
		return;
	if (folder)
		execution_uncovered("a folder that is renamed or removed");
	mark_gone(full);
}

static bool follows(enum path_use use)
{
	return use == PATH_READ || use == PATH_WRITE || use == PATH_CREATE ||
	       use == PATH_LOOK;
}

/* What the link at that place leads to becomes the path; false: there is no link. */
static bool follow(const char *place, char *full)
{
	char *target = control->path_rooms[PATH_ROOMS - 1];
	long size =
		kernel(SYS_readlink, (long)place, (long)target, PATH_ROOM / 2, 0, 0, 0);
	if (size <= 0)
		return false;
	target[size] = 0;
	char *slash = strrchr(full, '/');
	*(target[0] == '/' ? full : slash) = 0;
	return append(full, target);
}

static const char *find(
	const char *path, char *full, char *upper, enum path_use use, int links)
{
	struct stat status;
	if (is_system_path(full))
		return links ? full : path;
	upper_of(full, upper);
	bool made = control->files_changed && look(upper, &status);
	bool gone = !made && is_gone(full);
	bool there = made || (!gone && look(full, &status));
	if (there && S_ISLNK(status.st_mode) && follows(use) && links < LINKS_MOST &&
		follow(made ? upper : full, full))
		return find(path, full, upper, use, links + 1);
	if (made && is_there(full) && !is_gone(full)) {
		use_both(full, use, S_ISDIR(status.st_mode));
		if (use == PATH_LIST)
			return links ? full : path; /* it has all names */
	}
	if (made || gone) {
		if (gone && use >= PATH_CREATE && make_parents(full))
			list_changes(full);
		return upper;
	}
	if (there)
		return use_lower(links ? full : path, full, upper, use, &status);
	if (use == PATH_CREATE || use == PATH_NEW || use == PATH_REPLACE) {
		char *parent = control->path_rooms[PATH_ROOMS - 2];
		snprintf(parent, PATH_ROOM, "%s", full);
		*(strrchr(parent, '/') + 1) = 0;
		if (is_there(parent) && !is_gone(full) && !may(parent, W_OK))
			return path;
		first_change();
		if (!make_parents(full))
			return path;
		list_changes(full);
		return upper;
	}
	return links ? full : path;
}

const char *path_for(const char *path, enum path_use use, int room)
{
	char *full = control->path_rooms[2 * room], *upper = full + PATH_ROOM;
	if (!explore_self.task || !control->files_root[0] || !path || !*path)
		return path;
	int error = errno;
	explore_self.left_behind = 1; /* the folder's name */
	if (make_full(path, full) && full[0])
		path = find(path, full, upper, use, 0);
	errno = error;
	return path;
}

enum path_use path_use_of_flags(int flags)
{
	if (flags & O_CREAT)
		return flags & O_EXCL ? PATH_NEW : PATH_CREATE;
	return (flags & O_ACCMODE) == O_RDONLY && !(flags & O_TRUNC) ? PATH_READ
								     : PATH_WRITE;
}

enum path_use path_use_of_mode(const char *mode)
{
	if (mode[0] == 'r')
		return strchr(mode, '+') ? PATH_WRITE : PATH_READ;
	return strchr(mode, 'x') ? PATH_NEW : PATH_CREATE;
}

/* Functions that give paths */

/* Nothing of the folder's name stays behind the end. */
static char *as_seen(char *path)
{
	if (!path || !explore_self.task)
		return path;
	const char *seen = path_seen(path);
	size_t whole = strlen(path), length = strlen(seen);
	memmove(path, seen, length);
	real.memset(path + length, 0, whole - length);
	access_memory(path, length + 1, FLAG_WRITE, explore_self.frame->pc);
	return path;
}

char *runtime_getcwd(char *folder, size_t size)
{
	return as_seen(getcwd(folder, size));
}

char *runtime_realpath(const char *path, char *resolved)
{
	return as_seen(realpath(path_for(path, PATH_LOOK, 0), resolved));
}

/* The first name that is free, where the C library draws one. */
static long make_numbered(char *template, bool folder)
{
	size_t length = strlen(template);
	if (length < 6 || strcmp(template + length - 6, "XXXXXX"))
		return -EINVAL;
	access_memory(template, length + 1, FLAG_WRITE, explore_self.frame->pc);
	for (int i = 1; i < 1000000; i++) {
		snprintf(template + length - 6, 7, "%06d", i);
		const char *path = path_for(template, PATH_NEW, 0);
		long result = folder ? kernel(SYS_mkdir, (long)path, 0700, 0, 0, 0, 0)
				     : kernel(SYS_openat, AT_FDCWD, (long)path,
					       O_RDWR | O_CREAT | O_EXCL, 0600, 0, 0);
		if (result != -EEXIST)
			return result;
	}
	return -EEXIST;
}

int runtime_mkstemp(char *template)
{
	if (!explore_self.task)
		return mkstemp(template);
	long result = make_numbered(template, false);
	if (result >= 0)
		return (int)result;
	errno = (int)-result;
	return -1;
}

char *runtime_mkdtemp(char *template)
{
	if (!explore_self.task)
		return mkdtemp(template);
	long result = make_numbered(template, true);
	if (result >= 0)
		return template;
	errno = (int)-result;
	return NULL;
}

/* In the server */

/* Beside the program, where that can be written. */
void paths_make(void)
{
	char *root = control->files_root;
	long size = kernel(
		SYS_readlink, (long)"/proc/self/exe", (long)root, PATH_ROOM / 4, 0, 0, 0);
	char *slash = size > 0 ? strrchr(root, '/') : NULL;
	if (!slash) {
		root[0] = 0;
		return;
	}
	strcpy(slash, "/files-");
	for (long pid = kernel(SYS_getpid, 0, 0, 0, 0, 0, 0); pid; pid /= 10)
		strncat(slash, (char[]){(char)('0' + pid % 10), 0}, 1);
	if (!make_folder(root, 0700))
		root[0] = 0;
}

/* One name of those in the folder is appended to its path; false: there is none. */
static bool append_first(char *path)
{
	/* names come in the kernel's own form */
	struct entry {
		uint64_t inode, offset;
		uint16_t size;
		uint8_t type;
		char name[];
	};
	char *list = control->path_rooms[1];
	long fd = kernel(SYS_openat, AT_FDCWD, (long)path,
		O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0, 0, 0);
	long size = kernel(SYS_getdents64, fd, (long)list, PATH_ROOM, 0, 0, 0);
	kernel(SYS_close, fd, 0, 0, 0, 0, 0);
	for (long at = 0; at < size;) {
		const struct entry *entry = (const void *)(list + at);
		at += entry->size;
		if (strcmp(entry->name, ".") && strcmp(entry->name, "..") &&
			strlen(path) + strlen(entry->name) + 2 < PATH_ROOM) {
			strcat(path, "/");
			strcat(path, entry->name);
			return true;
		}
	}
	return false;
}

/* From the deepest folder upwards; stops where something cannot be removed. */
static void empty_root(void)
{
	char *path = control->path_rooms[0];
	size_t root = strlen(control->files_root);
	real.memcpy(path, control->files_root, root + 1);
	for (;;) {
		if (append_first(path)) {
			if (kernel(SYS_unlink, (long)path, 0, 0, 0, 0, 0) < 0)
				continue; /* a folder: into it */
		} else if (strlen(path) == root ||
			   kernel(SYS_rmdir, (long)path, 0, 0, 0, 0, 0) < 0) {
			return;
		}
		*strrchr(path, '/') = 0;
	}
}

/* After each execution. */
void paths_reset(void)
{
	if (control->files_changed)
		empty_root();
	control->files_changed = 0;
}
