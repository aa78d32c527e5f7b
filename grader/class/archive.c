/* SPDX-License-Identifier: MIT */
#include "class/archive.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <libgen.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 65536 };

static const struct {
	long long bytes;
	long entries;
} limits[] = {
	[ARCHIVE_CLASS] = {2LL << 30, 500000},
	[ARCHIVE_STUDENT] = {64LL << 20, 5000},
};

bool archive_is(const char *path)
{
	static const struct {
		size_t offset, length;
		const char *bytes;
	} signs[] = {{0, 4, "PK\3\4"}, {0, 4, "PK\5\6"}, {0, 2, "\x1f\x8b"},
		{0, 6,
			"\xfd"
			"7zXZ"},
		{0, 3, "BZh"}, {0, 6, "7z\xbc\xaf\x27\x1c"}, {0, 4, "Rar!"},
		{0, 4, "\x28\xb5\x2f\xfd"}, {257, 5, "ustar"}};
	char start[512] = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t count = fd < 0 ? -1 : read(fd, start, sizeof(start));

	if (fd >= 0)
		close(fd);
	for (size_t i = 0; count > 0 && i < sizeof(signs) / sizeof(*signs); i++)
		if ((size_t)count >= signs[i].offset + signs[i].length &&
			memcmp(start + signs[i].offset, signs[i].bytes,
				signs[i].length) == 0)
			return true;
	return false;
}

struct unpacking {
	const char *path; /* of the archive, for messages */
	const char *folder;
	struct archive *archive;
	long long bytes;
	long entries;
	enum archive_limit limit;
};

/* Below the folder, whatever the archive says: no absolute path, no "..". */
static int check_name(
	const struct unpacking *unpacking, const char *name, struct error *error)
{
	if (!name || !*name)
		return error_set(
			error, "%s has an entry without a name", unpacking->path);
	bool leads_out = name[0] == '/' || strchr(name, '\\');
	for (const char *part = name; part; part = strchr(part, '/')) {
		part += *part == '/';
		leads_out |= strncmp(part, "..", 2) == 0 && (part[2] == '/' || !part[2]);
	}
	if (leads_out)
		return error_set(error,
			"%s has an entry '%s', which leads out of it; it is not unpacked",
			unpacking->path, name);
	return 0;
}

static int too_much(const struct unpacking *unpacking, struct error *error)
{
	return error_set(error,
		"%s holds more than %lld MiB or %ld files; it is not unpacked",
		unpacking->path, limits[unpacking->limit].bytes >> 20,
		limits[unpacking->limit].entries);
}

static int write_entry(
	struct unpacking *unpacking, const char *target, struct error *error)
{
	char *block = memory_new(BLOCK, 1);
	int fd =
		open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	int status = fd < 0 ? error_system(error, "cannot write %s", target) : 0;
	la_ssize_t count = 0;

	while (status == 0 &&
		(count = archive_read_data(unpacking->archive, block, BLOCK)) > 0) {
		unpacking->bytes += count;
		if (unpacking->bytes > limits[unpacking->limit].bytes)
			status = too_much(unpacking, error);
		else if (write(fd, block, (size_t)count) != count)
			status = error_system(error, "cannot write %s", target);
	}
	if (status == 0 && count < 0)
		status = error_set(error, "%s is damaged: %s", unpacking->path,
			archive_error_string(unpacking->archive));
	if (fd >= 0 && close(fd) && status == 0)
		status = error_system(error, "cannot write %s", target);
	free(block);
	return status;
}

static int unpack_entry(
	struct unpacking *unpacking, struct archive_entry *entry, struct error *error)
{
	const char *name = archive_entry_pathname(entry);

	if (++unpacking->entries > limits[unpacking->limit].entries)
		return too_much(unpacking, error);
	if (check_name(unpacking, name, error))
		return -1;
	char *target = path_join(unpacking->folder, name);
	char *parent = text_copy(target);
	int status = 0;
	if (archive_entry_filetype(entry) == AE_IFDIR)
		status = folder_make(target, error);
	else if (archive_entry_filetype(entry) == AE_IFREG &&
		 !archive_entry_hardlink(entry))
		status = folder_make(dirname(parent), error) ||
					 write_entry(unpacking, target, error)
				 ? -1
				 : 0;
	free(parent);
	free(target);
	return status;
}

static int unpack_all(struct unpacking *unpacking, struct error *error)
{
	struct archive_entry *entry = NULL;
	int code = 0;

	while ((code = archive_read_next_header(unpacking->archive, &entry)) ==
			ARCHIVE_OK ||
		code == ARCHIVE_WARN)
		if (unpack_entry(unpacking, entry, error))
			return -1;
	if (code == ARCHIVE_EOF)
		return 0;
	return error_set(error, "%s is damaged, or no archive: %s", unpacking->path,
		archive_error_string(unpacking->archive));
}

int archive_unpack(const char *path, const char *folder, enum archive_limit limit,
	struct error *error)
{
	struct unpacking unpacking = {.path = path,
		.folder = folder,
		.archive = archive_read_new(),
		.limit = limit};
	/* Names in an archive are in UTF-8, whatever the user's language is. */
	locale_t names = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	locale_t before = names ? uselocale(names) : (locale_t)0;
	int status = 0;

	if (!unpacking.archive)
		memory_exhausted();
	archive_read_support_filter_all(unpacking.archive);
	archive_read_support_format_all(unpacking.archive);
	if (archive_read_open_filename(unpacking.archive, path, BLOCK) != ARCHIVE_OK)
		status = error_set(error, "%s cannot be read as an archive: %s", path,
			archive_error_string(unpacking.archive));
	if (status == 0)
		status = unpack_all(&unpacking, error);
	archive_read_free(unpacking.archive);
	if (names) {
		uselocale(before);
		freelocale(names);
	}
	return status;
}
