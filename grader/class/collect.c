/* SPDX-License-Identifier: MIT */
#include "class/collect.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/temporary.h"
#include "base/text.h"
#include "class/archive.h"
#include "class/export.h"
#include "class/find.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define METADATA "submission_metadata.yml"

/* What hosts, editors and instructors put beside submissions. */
static bool is_known_as_none(const char *name)
{
	static const char *const names[] = {"__MACOSX", METADATA, "Thumbs.db",
		"desktop.ini", "index.html", "LICENSE"};
	static const char *const endings[] = {
		".csv", ".xlsx", ".md", ".txt", ".yml", ".yaml"};
	const char *ending = strrchr(name, '.');

	if (name[0] == '.' || strncasecmp(name, "readme", 6) == 0 ||
		strncasecmp(name, "roster", 6) == 0)
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcasecmp(name, names[i]) == 0)
			return true;
	for (size_t i = 0; ending && i < sizeof(endings) / sizeof(*endings); i++)
		if (strcasecmp(ending, endings[i]) == 0)
			return true;
	return false;
}

static bool is_folder(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static struct collected *add(
	struct collection *collection, const char *student, const char *path)
{
	collection->items = memory_grow(
		collection->items, collection->count + 1, sizeof(*collection->items));
	struct collected *item = &collection->items[collection->count++];
	*item = (struct collected){.student = text_copy(student),
		.shown = text_copy(path),
		.path = text_copy(path),
		.handed_in = text_copy("unknown"),
		.note = text_copy(""),
		.ids = text_copy("")};
	return item;
}

static void add_note(struct collected *item, const char *note)
{
	if (*note && !strstr(item->note, note))
		text_replace(
			&item->note, "%s%s%s", item->note, *item->note ? "\n" : "", note);
}

static struct collected *find_student(
	const struct collection *collection, const char *student)
{
	for (size_t i = 0; i < collection->count; i++)
		if (strcmp(collection->items[i].student, student) == 0)
			return &collection->items[i];
	return NULL;
}

static char *temporary_folder(
	struct collection *collection, const char *name, struct error *error)
{
	if (!collection->temporary)
		collection->temporary = folder_make_temporary(error);
	return collection->temporary ? path_join(collection->temporary, name) : NULL;
}

/* Canvas gives each file of a student for itself, and Moodle does where it is told so: they become a
 * folder. Of two files with one name the later one counts: names are listed in the order of their
 * numbers. */
static int add_flat(struct collection *collection, const char *path,
	const struct export_name *name, struct error *error)
{
	struct collected *item = find_student(collection, name->student);
	char *own = text_file_name(name->student);
	char *flat = temporary_folder(collection, "flat", error);
	char *folder = flat ? path_join(flat, own) : NULL;
	int status = folder ? folder_make(folder, error) : -1;

	if (status == 0 && !item) {
		item = add(collection, name->student, folder);
		text_replace(&item->ids, "%s%s%s", name->id, name->name ? "\t" : "",
			name->name ? name->name : "");
	}
	if (status == 0)
		text_replace(&item->shown, "%s", path); /* of the newest file */
	if (status == 0) {
		char *target = path_join(folder, name->file);
		if (path_is_file(target))
			add_note(item, "There are several tries; the newest counts.");
		status = file_copy(path, target, error);
		free(target);
	}
	if (status == 0 && name->late)
		add_note(item, "Canvas marks it as LATE.");
	free(folder);
	free(flat);
	free(own);
	return status;
}

/* A file or folder of the class, as its name says. */
static int add_entry(struct collection *collection, const struct lab *lab,
	const char *path, const char *name, struct error *error)
{
	struct export_name parts;
	const char *ending = strrchr(name, '.');
	bool folder = is_folder(path);
	int status = 0;

	if (!folder &&
		(export_moodle_file(name, &parts) || export_canvas(name, &parts))) {
		status = add_flat(collection, path, &parts, error);
	} else if (folder && export_moodle(name, &parts)) {
		struct collected *item = add(collection, parts.student, path);
		text_replace(&item->ids, "%s\t%s", parts.id, parts.name);
	} else if (!folder && is_known_as_none(name)) {
		return 0;
	} else if (folder || archive_is(path) ||
		   (lab->files_count == 1 && ending && strcasecmp(ending, ".c") == 0) ||
		   !path_is_file(path) || (ending && strcasecmp(ending, ".o") == 0)) {
		add(collection, name, path);
	} else {
		text_replace(&collection->left_out, "%s%s\n", collection->left_out, name);
		return 0;
	}
	export_name_release(&parts);
	return status;
}

static int list(struct collection *collection, const struct lab *lab, const char *root,
	struct error *error)
{
	struct dirent **entries = NULL;
	int count = scandir(root, &entries, NULL, versionsort);
	int status = 0;

	if (count < 0)
		return error_system(error, "cannot open the class's folder %s", root);
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		char *path = path_join(root, name);
		if (status == 0 && name[0] != '.' && strcmp(name, "__MACOSX") != 0)
			status = add_entry(collection, lab, path, name, error);
		free(path);
		free(entries[i]);
	}
	free((void *)entries);
	return status;
}

/* Names and times from Gradescope's own list, where there is one. */
static int name_as_gradescope(
	struct collection *collection, const char *root, struct error *error)
{
	struct gradescope gradescope = {0};
	char *path = path_join(root, METADATA);
	int status = path_is_file(path) ? gradescope_read(&gradescope, path, error) : 0;

	for (size_t i = 0; status == 0 && i < gradescope.count; i++) {
		const struct gradescope_entry *entry = &gradescope.entries[i];
		struct collected *item = find_student(collection, entry->folder);
		if (!item)
			continue;
		text_replace(&item->handed_in, "%s", entry->handed_in);
		text_replace(&item->ids, "%s", entry->ids);
		if (*entry->student && !find_student(collection, entry->student))
			text_replace(&item->student, "%s", entry->student);
		else if (*entry->student)
			text_replace(
				&item->student, "%s (%s)", entry->student, entry->folder);
	}
	gradescope_release(&gradescope);
	free(path);
	return status;
}

/* By its name: a class of one is still a class. */
static bool is_a_students(const char *root, const char *name)
{
	struct export_name parts;
	char *metadata = path_join(root, METADATA);
	bool is = export_moodle(name, &parts) || path_is_file(metadata);

	export_name_release(&parts);
	free(metadata);
	return is;
}

/* An export is often one folder in an archive: its inside is the class. */
static char *unwrap(const char *root, const struct lab *lab)
{
	struct dirent **entries = NULL;
	int count = scandir(root, &entries, NULL, alphasort);
	char *only = NULL;
	int seen = 0;

	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		char *path = path_join(root, name);
		if (name[0] != '.' && !is_known_as_none(name) && ++seen == 1 &&
			is_folder(path))
			only = text_copy(path);
		free(path);
		free(entries[i]);
	}
	free((void *)entries);
	seen += only && is_a_students(root, only + strlen(root) + 1);
	for (unsigned i = 0; only && seen == 1 && i < lab->files_count; i++) {
		char *file = path_join(only, lab->files[i]);
		seen += path_is_file(file); /* a student's own folder */
		free(file);
	}
	if (seen != 1) {
		free(only);
		only = NULL;
	}
	return only;
}

static int by_student(const void *left, const void *right)
{
	const struct collected *a = left;
	const struct collected *b = right;

	return strcmp(a->student, b->student);
}

/* A folder may have any bytes for a name; a report cannot show all of them. Such a student is
 * called by the bytes in hexadecimal, and never as another one is. */
static void name_unnameable(struct collection *collection)
{
	for (size_t i = 0; i < collection->count; i++) {
		struct collected *item = &collection->items[i];
		char *valid = text_valid(item->student, strlen(item->student));
		bool nameable = strcmp(valid, item->student) == 0;

		free(valid);
		if (nameable)
			continue;
		char *name = text_file_name(item->student);
		while (find_student(collection, name))
			text_replace(&name, "%s~", name);
		free(item->student);
		item->student = name;
	}
}

/* Where a submission's files are not as the lab calls them. */
static int find_all(struct collection *collection, const struct collect_from *from,
	struct error *error)
{
	for (size_t i = 0; i < collection->count; i++) {
		struct collected *item = &collection->items[i];
		char *number = text_format("found-%zu", i);
		char *staged = temporary_folder(collection, number, error);
		struct find find = {.lab = from->lab,
			.others = from->others,
			.other_count = from->other_count,
			.staged = staged};
		int status = staged ? find_files(&find, item->path, error) : -1;
		if (status == 0 && find.rival)
			status = error_set(error,
				"what %s handed in fits the labs %s and %s; name one "
				"lab, or "
				"have the files of each in a folder that is called as it "
				"is",
				item->student, from->lab->name, find.rival->name);
		if (status == 0) {
			text_replace(&item->path, "%s", find.path);
			add_note(item, find.note);
		}
		find_release(&find);
		free(staged);
		free(number);
		if (status)
			return -1;
	}
	return 0;
}

int collect(struct collection *collection, const struct collect_from *from,
	struct error *error)
{
	const struct lab *lab = from->lab;
	const char *class = from->class;
	char *root = text_copy(class);
	int status = 0;

	*collection = (struct collection){.left_out = text_copy("")};
	if (path_is_file(class)) {
		free(root);
		root = temporary_folder(collection, "class", error);
		status = root && folder_make(root, error) == 0
				 ? archive_unpack(class, root, ARCHIVE_CLASS, error)
				 : -1;
		char *inner = status == 0 ? unwrap(root, lab) : NULL;
		if (inner) {
			free(root);
			root = inner;
		}
	}
	if (status == 0)
		status = list(collection, lab, root, error);
	if (status == 0)
		status = name_as_gradescope(collection, root, error);
	if (status == 0 && collection->count == 0)
		status = error_set(error,
			"%s has no submissions; put a folder there for each student",
			class);
	if (status == 0) {
		name_unnameable(collection);
		status = find_all(collection, from, error);
	}
	if (status == 0)
		qsort(collection->items, collection->count, sizeof(*collection->items),
			by_student);
	free(root);
	return status;
}

void collection_release(struct collection *collection)
{
	struct error error;

	for (size_t i = 0; i < collection->count; i++) {
		free(collection->items[i].student);
		free(collection->items[i].shown);
		free(collection->items[i].path);
		free(collection->items[i].handed_in);
		free(collection->items[i].note);
		free(collection->items[i].ids);
	}
	free(collection->items);
	free(collection->left_out);
	if (collection->temporary && folder_remove(collection->temporary, &error))
		fprintf(stderr, "interlock: %s\n", error.message);
	free(collection->temporary);
}
