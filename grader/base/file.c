/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include "base/memory.h"
#include "base/paths.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool path_is_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool path_is_file(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

char *file_read(const char *path, size_t most, size_t *size, struct error *error)
{
	FILE *file = fopen(path, "rbe");

	if (!file) {
		error_system(error, "cannot open %s", path);
		return NULL;
	}
	char *bytes = memory_new(1, 1);
	size_t used = 0;
	size_t count = 0;
	do {
		bytes = memory_grow(bytes, used + 65536 + 1, 1);
		count = fread(bytes + used, 1, 65536, file);
		used += count;
	} while (count > 0 && used <= most);
	bytes[used] = '\0';
	if (ferror(file)) {
		error_system(error, "cannot read %s", path);
		used = most + 1;
	} else if (used > most) {
		error_set(error, "%s has more than %zu bytes", path, most);
	}
	fclose(file);
	if (used > most) {
		free(bytes);
		return NULL;
	}
	if (size)
		*size = used;
	return bytes;
}

static int write_whole(int fd, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t count = write(fd, bytes, size);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return -1;
		bytes += count;
		size -= (size_t)count;
	}
	return fsync(fd);
}

int file_replace(const char *path, const char *bytes, size_t size, struct error *error)
{
	struct stat status;

	/* rename would put a file in the place of a device or a link, such as
	 * /dev/stdout. */
	if (lstat(path, &status) == 0 && !S_ISREG(status.st_mode))
		return error_set(error, "%s is in the way: it is no regular file", path);
	char *fresh = text_format("%s.XXXXXX", path);
	int fd = mkostemp(fresh, O_CLOEXEC);
	int failed = fd < 0;

	if (fd >= 0) {
		mode_t mask = umask(0);
		umask(mask);
		failed = fchmod(fd, 0666 & ~mask) || write_whole(fd, bytes, size);
		failed |= close(fd);
		failed = failed || rename(fresh, path);
		if (failed) {
			int reason = errno;
			unlink(fresh);
			errno = reason;
		}
	}
	if (failed)
		error_system(error, "cannot write %s", path);
	free(fresh);
	return failed ? -1 : 0;
}

/* The folders that the path names before its last slash. */
static int make_above(const char *path, struct error *error)
{
	char *part = text_copy(path);
	int status = 0;

	for (char *slash = part + (*part != '\0'); status == 0 && *slash; slash++) {
		if (*slash != '/')
			continue;
		*slash = '\0';
		if (mkdir(part, 0777) && errno != EEXIST)
			status = error_system(error, "cannot make the folder %s", part);
		*slash = '/';
	}
	free(part);
	return status;
}

int folder_make(const char *path, struct error *error)
{
	if (make_above(path, error))
		return -1;
	if (mkdir(path, 0777) && errno != EEXIST)
		return error_system(error, "cannot make the folder %s", path);
	if (!path_is_folder(path))
		return error_set(error, "%s is in the way: it is not a folder", path);
	return 0;
}

static int remove_entry(
	const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	return remove(path);
}

int folder_remove(const char *path, struct error *error)
{
	if (nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS) && errno != ENOENT)
		return error_system(error, "cannot remove %s", path);
	return 0;
}

static int write_all(int target, const char *bytes, ssize_t count)
{
	while (count > 0) {
		ssize_t written = write(target, bytes, (size_t)count);
		if (written < 0 && errno != EINTR)
			return -1;
		bytes += written > 0 ? written : 0;
		count -= written > 0 ? written : 0;
	}
	return 0;
}

static int copy_by_reading(int source, int target)
{
	char bytes[1 << 16];
	ssize_t count = 0;

	while ((count = read(source, bytes, sizeof(bytes))) != 0)
		if (count < 0 ? errno != EINTR : write_all(target, bytes, count) != 0)
			return -1;
	return 0;
}

/* Within the kernel as far as it can; from one file system to another it often cannot, and some
 * file systems and filters refuse the call. The rest is read and written. */
static int copy_bytes(int source, int target)
{
	while (copy_file_range(source, NULL, target, NULL, 1 << 24, 0) > 0)
		;
	return copy_by_reading(source, target);
}

/* Into a folder that is new: nobody reads it yet, and it need not outlast a crash. */
int file_copy(const char *from, const char *to, struct error *error)
{
	int source = open(from, O_RDONLY | O_CLOEXEC);
	int target = source < 0
			     ? -1
			     : open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	int status = target < 0 ? -1 : copy_bytes(source, target);

	if (status)
		error_system(error, "cannot copy %s to %s", from, to);
	if (source >= 0)
		close(source);
	if (target >= 0)
		close(target);
	return status;
}

static int copy_entry(const char *from, const char *to, bool (*wanted)(const char *name),
	struct error *error)
{
	struct stat status;

	if (lstat(from, &status))
		return error_system(error, "cannot look at %s", from);
	if (S_ISDIR(status.st_mode))
		return folder_copy_wanted(from, to, wanted, error);
	if (S_ISREG(status.st_mode))
		return file_copy(from, to, error);
	return error_set(error, "%s is neither a file nor a folder", from);
}

int folder_copy_wanted(const char *from, const char *to, bool (*wanted)(const char *name),
	struct error *error)
{
	DIR *folder = opendir(from);
	struct dirent *entry = NULL;
	int status = 0;

	if (!folder)
		return error_system(error, "cannot open %s", from);
	status = folder_make(to, error);
	while (status == 0 && (entry = readdir(folder))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
			!wanted(entry->d_name))
			continue;
		char *source = path_join(from, entry->d_name);
		char *target = path_join(to, entry->d_name);
		status = copy_entry(source, target, wanted, error);
		free(source);
		free(target);
	}
	closedir(folder);
	return status;
}

static bool any_name(const char *name)
{
	return *name != '\0';
}

int folder_copy(const char *from, const char *to, struct error *error)
{
	return folder_copy_wanted(from, to, any_name, error);
}

char *folder_make_beside(const char *folder, struct error *error)
{
	size_t length = strlen(folder);

	/* A slash at the end would put it into the one that is not there. */
	while (length > 1 && folder[length - 1] == '/')
		length--;
	char *fresh = text_format("%.*s.XXXXXX", (int)length, folder);
	if (make_above(fresh, error)) {
		free(fresh);
		return NULL;
	}
	if (!mkdtemp(fresh)) {
		error_system(error, "cannot make a folder where %s is to be", folder);
		free(fresh);
		return NULL;
	}
	return fresh;
}

static int give_name(const char *fresh, const char *folder, struct error *error)
{
	if (chmod(fresh, 0755) == 0 && rename(fresh, folder) == 0)
		return 0;
	if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR)
		return error_set(error,
			"%s is there already; give the name of a new folder", folder);
	return error_system(error, "cannot make %s", folder);
}

int folder_settle(const char *fresh, const char *folder, int status, struct error *error)
{
	struct error ignored;

	if (status == 0)
		status = give_name(fresh, folder, error);
	if (status)
		folder_remove(fresh, &ignored);
	return status;
}
