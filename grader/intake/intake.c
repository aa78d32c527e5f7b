/* SPDX-License-Identifier: MIT */
#include "intake/intake.h"

#include "base/file.h"
#include "base/language.h"
#include "base/memory.h"
#include "base/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/openat2.h>
#include <sha2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* O_NONBLOCK, so that a FIFO without a writer cannot hold us up. */
static int open_beneath(int folder, const char *name, unsigned without)
{
	struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};

	if (without & GUARD_INTAKE)
		return openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int fd = (int)syscall(SYS_openat2, folder, name, &how, sizeof(how));
	/* Kernels, and tools such as valgrind, that lack it: a name without a slash leads
	 * nowhere else than into the folder, and O_NOFOLLOW is about all there is of it. */
	if (fd < 0 && errno == ENOSYS && !strchr(name, '/'))
		fd = openat(folder, name, (int)how.flags);
	return fd;
}

/* Reasons that lie with the machine. */
static bool is_our_fault(int reason)
{
	return reason == EMFILE || reason == ENFILE || reason == ENOMEM ||
	       reason == ENOSYS || reason == EIO || reason == EINTR;
}

/* The name of a C++ file in this folder that stands where this C file is asked for, to be freed;
 * NULL if there is none. */
static char *find_cpp(int folder, const char *name)
{
	const char *ending = strrchr(name, '.');

	for (size_t i = 0; ending && language_cpp_endings[i]; i++) {
		char *other = text_format(
			"%.*s%s", (int)(ending - name), name, language_cpp_endings[i]);
		if (faccessat(folder, other, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			return other;
		free(other);
	}
	return NULL;
}

/* The student's mistakes in getting a file to us, each with what to do about it. */
static char *explain_open(int folder, const char *name)
{
	int reason = errno;
	char *cpp = reason == ENOENT ? find_cpp(folder, name) : NULL;

	if (cpp) {
		char *told =
			text_format("the file %s is missing, and %s is C++; this lab "
				    "is in C: hand in %s",
				name, cpp, name);
		free(cpp);
		return told;
	}
	switch (reason) {
	case ENOENT:
		return text_format(
			"the file %s is missing; hand it in under this name", name);
	case ENXIO:
		return text_format(
			"%s is not a regular file; hand in a plain file", name);
	case ELOOP:
		return text_format(
			"%s is a symbolic link; hand in the file itself", name);
	case EACCES:
		return text_format("%s cannot be read; its permissions forbid it", name);
	default:
		return text_format("%s cannot be opened: %s", name, strerror(reason));
	}
}

static char *explain_kind(const char *name, const struct stat *status, long most_kb)
{
	if (S_ISDIR(status->st_mode))
		return text_format("%s is a folder, not a file", name);
	if (!S_ISREG(status->st_mode))
		return text_format(
			"%s is not a regular file (a FIFO, a socket or a device); "
			"hand in a plain file",
			name);
	if (status->st_nlink != 1)
		return text_format("%s has %ju hard links; hand in a copy of its own",
			name, (uintmax_t)status->st_nlink);
	if (status->st_size > most_kb * 1024)
		return text_format("%s has %jd bytes; the lab allows %ld KiB", name,
			(intmax_t)status->st_size, most_kb);
	return NULL;
}

/* The size was judged before, but the file may grow while it is read: then *size is more
 * than most. */
static char *read_descriptor(int fd, size_t most, size_t *size)
{
	char *bytes = memory_new(most + 1, 1);

	*size = 0;
	while (*size <= most) {
		ssize_t count = read(fd, bytes + *size, most + 1 - *size);
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			break;
		*size += (size_t)count;
	}
	return bytes;
}

static int keep(struct intake *intake, const char *name, const char *folder,
	const char *bytes, size_t size, struct error *error)
{
	struct intake_file *file = &intake->files[intake->file_count++];
	char *target = path_join(folder, name);

	file->name = text_copy(name);
	file->bytes = (long long)size;
	SHA256Data((const uint8_t *)bytes, size, file->sha256);
	int status = file_replace(target, bytes, size, error);
	free(target);
	return status;
}

static int take_file(struct intake *intake, const struct lab *lab, const char *path,
	int parent, const char *source, const char *name, const char *folder,
	struct error *error)
{
	int fd = open_beneath(parent, source, intake->without);
	struct stat status;
	int result = 0;

	if (fd < 0 && is_our_fault(errno))
		return error_system(error, "cannot open %s of %s", name, path);
	if (fd < 0) {
		intake->complaint = explain_open(parent, name);
		return 0;
	}
	if (fstat(fd, &status)) {
		result = error_system(error, "cannot look at %s/%s", path, name);
	} else {
		size_t most = (size_t)lab->limits.file_kb * 1024;
		if (intake->without & GUARD_INTAKE)
			most = (size_t)status.st_size;
		else
			intake->complaint =
				explain_kind(name, &status, lab->limits.file_kb);
		if (!intake->complaint) {
			size_t size = 0;
			char *bytes = read_descriptor(fd, most, &size);
			if (size > most)
				intake->complaint =
					text_format("%s grows while it is read", name);
			else
				result = keep(intake, name, folder, bytes, size, error);
			free(bytes);
		}
	}
	close(fd);
	return result;
}

/* A part of a submission is none. */
static void give_back(struct intake *intake, const char *folder)
{
	while (intake->file_count > 0) {
		char *name = intake->files[--intake->file_count].name;
		char *taken = path_join(folder, name);
		unlink(taken);
		free(taken);
		free(name);
	}
}

static int take_folder(struct intake *intake, const struct lab *lab, const char *path,
	int parent, const char *folder, struct error *error)
{
	int status = 0;

	for (unsigned i = 0; status == 0 && !intake->complaint && i < lab->files_count;
		i++)
		status = take_file(intake, lab, path, parent, lab->files[i],
			lab->files[i], folder, error);
	if (status || intake->complaint)
		give_back(intake, folder);
	return status;
}

/* A path to one file: it is what the lab asks for, whatever its name, if the lab asks for
 * one. */
static int take_single(struct intake *intake, const struct lab *lab, const char *path,
	const char *folder, struct error *error)
{
	if (lab->files_count != 1) {
		intake->complaint = text_format(
			"the lab asks for %u files; hand in a folder that has them",
			lab->files_count);
		return 0;
	}
	char *folder_part = text_copy(path);
	char *name_part = text_copy(path);
	int parent = open(dirname(folder_part), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int status = parent < 0
			     ? error_system(error, "cannot open the folder of %s", path)
			     : take_file(intake, lab, path, parent, basename(name_part),
				       lab->files[0], folder, error);
	if (parent >= 0)
		close(parent);
	free(folder_part);
	free(name_part);
	return status;
}

static bool is_link(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
}

static char *explain_path(const char *path, int reason)
{
	if (reason == ENOENT)
		return text_copy("there is no such file or folder");
	if (is_link(path))
		return text_copy("the submission is a symbolic link; hand in the file or "
				 "folder itself");
	return text_format("the folder cannot be opened: %s", strerror(reason));
}

int intake_take(struct intake *intake, const struct lab *lab, const char *path,
	const char *folder, unsigned without, struct error *error)
{
	*intake = (struct intake){
		.files = memory_new(lab->files_count, sizeof(*intake->files)),
		.without = without};
	/* A link would let one student hand in the folder of another. */
	int follow = without & GUARD_INTAKE ? 0 : O_NOFOLLOW;
	int parent = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | follow);

	if (parent < 0 && errno == ENOTDIR && !is_link(path))
		return take_single(intake, lab, path, folder, error);
	if (parent < 0) {
		intake->complaint = explain_path(path, errno);
		return 0;
	}
	int status = take_folder(intake, lab, path, parent, folder, error);
	close(parent);
	return status;
}

void intake_release(struct intake *intake)
{
	for (size_t i = 0; i < intake->file_count; i++)
		free(intake->files[i].name);
	free(intake->files);
	free(intake->complaint);
	*intake = (struct intake){0};
}
