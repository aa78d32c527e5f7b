/* SPDX-License-Identifier: MIT */
#include "class/find.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/text.h"
#include "class/archive.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <iconv.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_DEPTH = 8, MOST_FILES = 5000, MOST_ARCHIVES = 8, MOST_BYTES = 16 << 20 };

/* Every file in a submission, and in the archives in it. */
struct files {
	char **paths;
	const char *submission, *staged;
	size_t count;
	unsigned archives;
	char *trouble; /* with an archive in it; NULL if there was none */
};

static void files_release(struct files *files)
{
	for (size_t i = 0; i < files->count; i++)
		free(files->paths[i]);
	free((void *)files->paths);
	free(files->trouble);
}

static bool is_skipped(const char *name)
{
	return name[0] == '.' || strcmp(name, "__MACOSX") == 0;
}

static bool is_plain_file(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISREG(status.st_mode) &&
	       status.st_nlink == 1;
}

static bool is_plain_folder(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static int list(struct files *files, const char *root, const char *below,
	const char *scratch, unsigned depth);

/* An archive's files are listed as if it were a folder; one that is bad is told. */
static void list_archive(
	struct files *files, const char *path, const char *scratch, unsigned depth)
{
	struct error error;

	if (files->archives++ >= MOST_ARCHIVES)
		return;
	char *folder = text_format("%s-archive-%u", scratch, files->archives);
	if (folder_make(folder, &error) ||
		archive_unpack(path, folder, ARCHIVE_STUDENT, &error)) {
		free(files->trouble);
		files->trouble = text_copy(error.message);
	} else {
		list(files, folder, folder, scratch, depth + 1);
	}
	free(folder);
}

static void add_file(
	struct files *files, const char *path, const char *scratch, unsigned depth)
{
	if (archive_is(path))
		list_archive(files, path, scratch, depth);
	files->paths = memory_grow(
		(void *)files->paths, files->count + 1, sizeof(*files->paths));
	files->paths[files->count++] = text_copy(path);
}

static int list(struct files *files, const char *root, const char *below,
	const char *scratch, unsigned depth)
{
	struct dirent **entries = NULL;
	int count = depth > MOST_DEPTH ? 0 : scandir(below, &entries, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		char *path = path_join(below, entries[i]->d_name);
		bool looked_at =
			!is_skipped(entries[i]->d_name) && files->count < MOST_FILES;
		if (looked_at && is_plain_folder(path))
			list(files, root, path, scratch, depth + 1);
		else if (looked_at && is_plain_file(path))
			add_file(files, path, scratch, depth);
		free(path);
		free(entries[i]);
	}
	free((void *)entries);
	return 0;
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* "account (1).c", "account-1.c", "account_2.c", "account - Copy.c", "Account.c" for account.c. */
static bool is_almost(const char *name, const char *wanted)
{
	const char *dot = strrchr(wanted, '.');
	size_t stem = dot ? (size_t)(dot - wanted) : strlen(wanted);
	const char *end = strrchr(name, '.');

	if (strcasecmp(name, wanted) == 0)
		return true;
	if (!dot || !end || strcasecmp(end, dot) != 0 ||
		strncasecmp(name, wanted, stem) != 0)
		return false;
	for (const char *at = name + stem; at < end; at++)
		if (!strchr(" ()-_", *at) && !isdigit((unsigned char)*at) &&
			strncasecmp(at, "copy", 4) != 0 &&
			!(at > name + stem && strchr("opyOPY", *at)))
			return false;
	return true;
}

/* Files that match: exact ones, of these those in a folder that is called as the lab is; else
 * those that are almost right. */
struct candidates {
	const char *one;
	size_t count;
	bool exact;
	char *all; /* their paths, for a message */
};

/* The path below the submission, or below the folder where its archives are unpacked. */
static const char *path_below(const struct files *files, const char *path)
{
	size_t root = strlen(files->submission);
	size_t staged = strlen(files->staged);

	if (strncmp(path, files->staged, staged) == 0)
		return path + staged;
	return strncmp(path, files->submission, root) == 0 ? path + root : path;
}

/* Whether one of the folders above it is called as the lab is. */
static bool in_labs_folder(const char *path, const char *lab)
{
	size_t length = strlen(lab);

	for (const char *at = strchr(path, '/'); at; at = strchr(at + 1, '/'))
		if (strncmp(at + 1, lab, length) == 0 && at[1 + length] == '/')
			return true;
	return false;
}

static bool is_anothers(const struct find *find, const char *path)
{
	for (size_t i = 0; i < find->other_count; i++)
		if (in_labs_folder(path, find->others[i]->name))
			return !in_labs_folder(path, find->lab->name);
	return false;
}

/* Whether a lab wants a file of this name; any single file is the one of a lab that wants one. */
static bool wants(const struct lab *lab, const char *name, bool single)
{
	for (unsigned i = 0; i < lab->files_count; i++)
		if (strcmp(lab->files[i], name) == 0)
			return true;
	return single && lab->files_count == 1;
}

/* A file that lies in the folder of no lab may be another one's. */
static void note_rival(struct find *find, const char *path, const char *name, bool single)
{
	if (in_labs_folder(path, find->lab->name))
		return;
	for (size_t i = 0; i < find->other_count; i++)
		if (wants(find->others[i], name, single))
			find->rival = find->others[i];
}

static bool matches(
	const struct find *find, const char *path, const char *wanted, int strictness)
{
	const char *name = base_of(path); /* the path is one below the submission */

	if (is_anothers(find, path))
		return false;
	if (strictness == 0)
		return strcmp(name, wanted) == 0 && in_labs_folder(path, find->lab->name);
	return strictness == 1 ? strcmp(name, wanted) == 0 : is_almost(name, wanted);
}

static struct candidates look(
	const struct find *find, const struct files *files, const char *wanted)
{
	struct candidates found = {.all = text_copy("")};

	for (int strictness = 0; strictness < 3 && found.count == 0; strictness++)
		for (size_t i = 0; i < files->count; i++) {
			if (!matches(find, path_below(files, files->paths[i]), wanted,
				    strictness))
				continue;
			found.one = files->paths[i];
			found.exact = strictness < 2;
			text_replace(&found.all, "%s%s%s", found.all,
				found.count++ > 0 ? ", " : "", base_of(files->paths[i]));
		}
	return found;
}

static void add_note(struct find *find, char *note)
{
	text_replace(&find->note, "%s%s%s", find->note, *find->note ? "\n" : "", note);
	free(note);
}

/* What a file is that is no source: by its first bytes; NULL if it may be one. */
static const char *kind_of(const char *bytes, size_t size)
{
	if (size >= 4 && memcmp(bytes, "\177ELF", 4) == 0)
		return "a compiled program or object file";
	if (size >= 4 && memcmp(bytes, "PK\3\4", 4) == 0)
		return "a zip archive or an office document";
	if (size >= 5 && memcmp(bytes, "%PDF-", 5) == 0)
		return "a PDF";
	if (size >= 4 && memcmp(bytes, "{\\rt", 4) == 0)
		return "a rich text document";
	return NULL;
}

/* Windows' editors write UTF-16, with a mark at its start: as UTF-8 it is the same text. */
static char *from_utf16(const char *bytes, size_t size, size_t *length)
{
	const unsigned char *start = (const unsigned char *)bytes;
	bool little = size >= 2 && start[0] == 0xff && start[1] == 0xfe;
	bool big = size >= 2 && start[0] == 0xfe && start[1] == 0xff;

	if (!little && !big)
		return NULL;
	iconv_t conversion = iconv_open("UTF-8", little ? "UTF-16LE" : "UTF-16BE");
	if (conversion == (iconv_t)-1)
		return NULL;
	char *text = memory_new(size * 2 + 1, 1);
	char *in = text_copy("");
	in = memory_grow(in, size, 1);
	memcpy(in, bytes + 2, size - 2);
	char *from = in, *to = text;
	size_t left = size - 2, room = size * 2;
	bool done = iconv(conversion, &from, &left, &to, &room) != (size_t)-1;
	iconv_close(conversion);
	free(in);
	*length = (size_t)(to - text);
	if (done)
		return text;
	free(text);
	return NULL;
}

/* Copies the file under its right name. */
static int stage(
	struct find *find, const char *from, const char *name, struct error *error)
{
	struct error unread;
	size_t size = 0;
	char *bytes = file_read(from, MOST_BYTES, &size, &unread);
	char *target = path_join(find->staged, name);
	int status = 0;

	if (!bytes) {
		add_note(find, text_format("%s was not taken: %s", name, unread.message));
	} else {
		const char *kind = kind_of(bytes, size);
		size_t length = 0;
		char *text = from_utf16(bytes, size, &length);
		if (kind)
			add_note(find,
				text_format("%s is %s, not a C source.", name, kind));
		if (text)
			add_note(find,
				text_format("%s is in UTF-16; it was read as UTF-8. "
					    "Save it as UTF-8.",
					name));
		status = file_replace(
			target, text ? text : bytes, text ? length : size, error);
		free(text);
	}
	free(target);
	free(bytes);
	return status;
}

static int take(struct find *find, const struct files *files, const char *submission,
	const char *name, struct error *error)
{
	struct candidates found = look(find, files, name);
	size_t root = strlen(submission);
	int status = 0;

	if (found.count == 1) {
		bool inside = strncmp(found.one, submission, root) == 0;
		const char *below = inside ? found.one + root + 1 : base_of(found.one);
		if (!inside || strcmp(below, name) != 0)
			add_note(find, text_format("%s was taken from %s%s.", name, below,
					       inside ? "" : " in an archive"));
		note_rival(find, path_below(files, found.one), name, false);
		status = stage(find, found.one, name, error);
	} else if (found.count > 1) {
		add_note(find,
			text_format(
				"It is not clear which file is %s: %s. None was taken.",
				name, found.all));
	} else if (files->trouble) {
		add_note(find, text_copy(files->trouble));
	} else if (files->count > 0) {
		char *first = text_line(base_of(files->paths[0]));
		add_note(find,
			text_format(
				"There are %zu files, but none that is called %s (%s%s).",
				files->count, name, first,
				files->count > 1 ? ", ..." : ""));
		free(first);
	} else {
		add_note(find, text_copy("There is no file in it."));
	}
	free(found.all);
	return status;
}

/* Whether every file lies where it should, and is text: then nothing is copied, and the
 * intake says what else is wrong with it. */
static bool is_regular(const struct find *find, const char *submission)
{
	for (unsigned i = 0; i < find->lab->files_count; i++) {
		struct stat status;
		struct error ignored;
		char *path = path_join(submission, find->lab->files[i]);
		bool there = lstat(path, &status) == 0;
		size_t size = 0;
		char *bytes = there && is_plain_file(path)
				      ? file_read(path, MOST_BYTES, &size, &ignored)
				      : NULL;
		bool odd =
			bytes && (kind_of(bytes, size) ||
					 (size >= 2 && (unsigned char)bytes[0] >= 0xfe &&
						 (unsigned char)bytes[1] >= 0xfe));
		free(bytes);
		free(path);
		if (!there || odd)
			return false;
	}
	return true;
}

int find_files(struct find *find, const char *submission, struct error *error)
{
	struct files files = {.submission = submission, .staged = find->staged};
	int status = 0;

	find->note = text_copy("");
	find->path = NULL;
	find->rival = NULL;
	if (!is_plain_folder(submission) && !is_plain_file(submission)) {
		find->path = text_copy(submission); /* a link, a device: intake says so */
		return 0;
	}
	if (is_plain_folder(submission) && is_regular(find, submission)) {
		for (unsigned i = 0; i < find->lab->files_count; i++)
			note_rival(find, "", find->lab->files[i], false);
		find->path = text_copy(submission);
		return 0;
	}
	if (is_plain_folder(submission))
		list(&files, submission, submission, find->staged, 0);
	else if (archive_is(submission))
		list_archive(&files, submission, find->staged, 0);
	status = folder_make(find->staged, error);
	if (status == 0 && is_plain_file(submission) && !archive_is(submission) &&
		find->lab->files_count == 1) {
		note_rival(find, "", base_of(submission), true);
		status = stage(find, submission, find->lab->files[0], error);
	} else
		for (unsigned i = 0; status == 0 && i < find->lab->files_count; i++)
			status = take(
				find, &files, submission, find->lab->files[i], error);
	find->path = text_copy(find->staged);
	files_release(&files);
	return status;
}

void find_release(struct find *find)
{
	free(find->path);
	free(find->note);
	find->path = NULL;
	find->note = NULL;
}
