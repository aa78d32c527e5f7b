/* SPDX-License-Identifier: MIT */
#include "lab/bundle.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/temporary.h"

#include <dirent.h>
#include <sha256.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 1 << 24 };

static bool any_name(const char *name)
{
	return *name != '\0';
}

static int copy_below(const struct lab *lab, const char *name, const char *folder,
	bool (*wanted)(const char *name), struct error *error)
{
	char *source = path_join(lab->folder, name);
	char *target = path_join(folder, name);
	int status = folder_copy_wanted(source, target, wanted, error);

	free(target);
	free(source);
	return status;
}

int bundle_write(
	const struct lab *lab, const char *folder, bool public, struct error *error)
{
	bool (*wanted)(const char *) = public ? lab_file_is_public : any_name;
	char *own = path_join(lab->folder, "lab.yaml");
	char *yaml = path_join(folder, "lab.yaml");
	int status =
		folder_make(folder, error) ||
				(public ? lab_write_public(lab, yaml, error)
					: file_copy(own, yaml, error)) ||
				copy_below(lab, "include", folder, any_name, error) ||
				copy_below(lab, "checks", folder, wanted, error)
			? -1
			: 0;

	free(yaml);
	free(own);
	return status;
}

static int not_hidden_entry(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

typedef int visit_function(
	void *context, const char *folder, const char *name, struct error *error);

/* Visits the files at a name below a folder, in the order of their names. */
static int visit(const char *folder, const char *name, visit_function *each,
	void *context, struct error *error)
{
	char *path = path_join(folder, name);
	struct dirent **entries = NULL;
	int status = 0;

	if (path_is_folder(path)) {
		int count = scandir(path, &entries, not_hidden_entry, alphasort);
		for (int i = 0; i < count; i++) {
			char *below = path_join(name, entries[i]->d_name);
			if (status == 0)
				status = visit(folder, below, each, context, error);
			free(below);
			free(entries[i]);
		}
		free(entries);
	} else {
		status = each(context, folder, name, error);
	}
	free(path);
	return status;
}

static const char *const parts[] = {"lab.yaml", "include", "checks"};

static int visit_parts(
	const char *folder, visit_function *each, void *context, struct error *error)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (visit(folder, parts[i], each, context, error))
			return -1;
	return 0;
}

static int hash_file(
	void *context, const char *folder, const char *name, struct error *error)
{
	SHA2_CTX *hash = context;
	char *path = path_join(folder, name);
	size_t size = 0;
	char *bytes = file_read(path, MOST_BYTES, &size, error);
	char *head = text_format("%s %zu\n", name, size);

	if (bytes) {
		SHA256Update(hash, (const uint8_t *)head, strlen(head));
		SHA256Update(hash, (const uint8_t *)bytes, size);
	}
	free(head);
	free(path);
	free(bytes);
	return bytes ? 0 : -1;
}

char *bundle_hash(const struct lab *lab, struct error *error)
{
	SHA2_CTX hash;

	SHA256Init(&hash);
	if (visit_parts(lab->folder, hash_file, &hash, error))
		return NULL;
	char *text = memory_new(SHA256_DIGEST_STRING_LENGTH, 1);
	SHA256End(&hash, text);
	return text;
}

struct comparison {
	const char *student; /* folder */
	struct buffer changed;
};

/* A file that the student does not have is none that was changed. */
static int compare(
	void *context, const char *folder, const char *name, struct error *error)
{
	struct comparison *comparison = context;
	struct error ignored;
	char *path = path_join(folder, name);
	char *theirs = path_join(comparison->student, name);
	size_t size = 0, other_size = 0;
	char *bytes = file_read(path, MOST_BYTES, &size, error);
	char *other = path_is_file(theirs)
			      ? file_read(theirs, MOST_BYTES, &other_size, &ignored)
			      : NULL;

	if (bytes && path_is_file(theirs) &&
		(!other || size != other_size || memcmp(bytes, other, size) != 0))
		buffer_print(&comparison->changed, "%s%s",
			comparison->changed.length ? ", " : "", name);
	int status = bytes ? 0 : -1;
	free(other);
	free(bytes);
	free(theirs);
	free(path);
	return status;
}

char *bundle_changes(const struct lab *lab, const char *folder, struct error *error)
{
	struct comparison comparison = {.student = folder};
	struct error ignored;
	char *changes = NULL;

	if (!path_is_folder(folder))
		return NULL;
	char *temporary = folder_make_temporary(error);
	if (!temporary)
		return NULL;
	if (bundle_write(lab, temporary, true, error) == 0 &&
		visit_parts(temporary, compare, &comparison, error) == 0 &&
		comparison.changed.length > 0)
		changes = text_copy(comparison.changed.bytes);
	buffer_release(&comparison.changed);
	folder_remove(temporary, &ignored);
	free(temporary);
	return changes;
}
