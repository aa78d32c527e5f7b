/* SPDX-License-Identifier: MIT */
#include "kit/pack.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_BYTES = 1 << 28 };

bool pack_is_archive(const char *path)
{
	static const char *const endings[] = {".zip", ".tar", ".tar.gz"};
	size_t length = strlen(path);

	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		size_t ending = strlen(endings[i]);
		if (length > ending && strcmp(path + length - ending, endings[i]) == 0)
			return true;
	}
	return false;
}

static int pack_file(
	struct archive *archive, const char *path, const char *name, struct error *error)
{
	struct stat status;
	size_t size = 0;
	char *bytes = file_read(path, MOST_BYTES, &size, error);

	if (!bytes)
		return -1;
	struct archive_entry *entry = archive_entry_new();
	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry,
		stat(path, &status) == 0 && (status.st_mode & S_IXUSR) ? 0755 : 0644);
	archive_entry_set_size(entry, (la_int64_t)size);
	archive_entry_set_mtime(entry, 0, 0);
	int outcome = 0;
	if (archive_write_header(archive, entry) != ARCHIVE_OK ||
		archive_write_data(archive, bytes, size) != (la_ssize_t)size)
		outcome = error_set(
			error, "cannot pack %s: %s", name, archive_error_string(archive));
	archive_entry_free(entry);
	free(bytes);
	return outcome;
}

static int not_above(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static int pack_below(
	struct archive *archive, const char *path, const char *name, struct error *error)
{
	struct dirent **entries = NULL;
	int count = scandir(path, &entries, not_above, alphasort);
	int status = count < 0 ? error_system(error, "cannot read %s", path) : 0;

	for (int i = 0; i < count; i++) {
		char *below = path_join(path, entries[i]->d_name);
		char *below_name = *name ? path_join(name, entries[i]->d_name)
					 : text_copy(entries[i]->d_name);
		if (status == 0)
			status = path_is_folder(below)
					 ? pack_below(archive, below, below_name, error)
					 : pack_file(archive, below, below_name, error);
		free(below_name);
		free(below);
		free(entries[i]);
	}
	free(entries);
	return status;
}

int pack_folder(const char *folder, const char *path, struct error *error)
{
	struct archive *archive = archive_write_new();
	int status = 0;

	if (access(path, F_OK) == 0)
		status = error_set(
			error, "%s is there already; give the name of a new file", path);
	else if (archive_write_set_format_filter_by_ext(archive, path) != ARCHIVE_OK ||
		 archive_write_open_filename(archive, path) != ARCHIVE_OK)
		status = error_set(error, "cannot write %s: %s", path,
			archive_error_string(archive));
	else
		status = pack_below(archive, folder, "", error);
	if (archive_write_free(archive) != ARCHIVE_OK && status == 0)
		status = error_set(error, "cannot write %s", path);
	return status;
}
