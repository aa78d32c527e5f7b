/* SPDX-License-Identifier: MIT */
#include "class/key.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "base/temporary.h"
#include "build/build.h"
#include "intake/intake.h"

#include <dirent.h>
#include <sha2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 256 << 20 };

/* A text with its end, so that no two lists of texts are one. */
static void add_text(SHA2_CTX *hash, const char *text)
{
	SHA256Update(hash, (const uint8_t *)text, strlen(text) + 1);
}

static int add_file(SHA2_CTX *hash, const char *path, struct error *error)
{
	size_t size = 0;
	char *bytes = file_read(path, MOST_BYTES, &size, error);

	if (!bytes)
		return -1;
	char *length = text_format("%zu", size);
	add_text(hash, length);
	SHA256Update(hash, (const uint8_t *)bytes, size);
	free(length);
	free(bytes);
	return 0;
}

/* Of a lab's folder, what no grading depends on. */
static bool is_aside(const char *name)
{
	return name[0] == '.' || strcmp(name, "wrong") == 0 ||
	       strcmp(name, "right") == 0 || strcmp(name, "README.md") == 0 ||
	       strcmp(name, "equivalent-mutants.yaml") == 0;
}

static int not_hidden(const struct dirent *entry)
{
	return !is_aside(entry->d_name);
}

/* Every file below the folder, by name. */
static int add_folder(SHA2_CTX *hash, const char *folder, struct error *error)
{
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, not_hidden, alphasort);
	int status = 0;

	if (count < 0)
		return error_system(error, "cannot read the folder %s", folder);
	for (int i = 0; i < count; i++) {
		char *path = path_join(folder, entries[i]->d_name);
		add_text(hash, entries[i]->d_name);
		if (status == 0 && path_is_folder(path))
			status = add_folder(hash, path, error);
		else if (status == 0)
			status = add_file(hash, path, error);
		free(path);
		free(entries[i]);
	}
	free((void *)entries);
	return status;
}

/* Interlock itself: the program, and what is linked into a submission's. */
static int add_framework(SHA2_CTX *hash, struct error *error)
{
	static const char *const folders[] = {"lib", "include"};
	int status = add_file(hash, "/proc/self/exe", error);

	for (size_t i = 0; status == 0 && i < sizeof(folders) / sizeof(*folders); i++) {
		char *path = path_of(folders[i]);
		static const char *const parts[] = {"interlock", "mp"};
		for (size_t k = 0; k < 2 && status == 0; k++) {
			char *part = path_join(path, parts[k]);
			if (path_is_folder(part))
				status = add_folder(hash, part, error);
			free(part);
		}
		free(path);
	}
	static const char *const archives[] = {"lib/libmp.a", "lib/libmp-threads.a"};
	for (size_t i = 0; status == 0 && i < sizeof(archives) / sizeof(*archives); i++) {
		char *path = path_of(archives[i]);
		if (path_is_file(path))
			status = add_file(hash, path, error);
		free(path);
	}
	return status;
}

int key_maker_init(struct key_maker *maker, const struct lab *lab,
	const struct grade_options *options, const char *policy, struct error *error)
{
	struct build build = {.compiler = options->compiler, .trusted = true};
	char *toolchain = build_toolchain(&build);
	SHA2_CTX hash;

	SHA256Init(&hash);
	add_text(&hash, INTERLOCK_VERSION);
	add_text(&hash, toolchain ? toolchain : "");
	add_text(&hash, box_tier_name(options->tier));
	add_text(&hash, policy);
	free(toolchain);
	if (add_framework(&hash, error) || add_folder(&hash, lab->folder, error))
		return -1;
	SHA256End(&hash, maker->common.text);
	maker->lab = lab;
	return 0;
}

int key_of(const struct key_maker *maker, const char *path, struct key *key,
	struct error *error)
{
	struct error ignored;
	struct intake intake;
	SHA2_CTX hash;
	char *folder = folder_make_temporary(error);

	if (!folder)
		return -1;
	int status = intake_take(&intake, maker->lab, path, folder, 0, error);
	SHA256Init(&hash);
	add_text(&hash, maker->common.text);
	add_text(&hash, intake.complaint ? intake.complaint : "");
	for (size_t i = 0; i < intake.file_count; i++) {
		add_text(&hash, intake.files[i].name);
		add_text(&hash, intake.files[i].sha256);
	}
	SHA256End(&hash, key->text);
	intake_release(&intake);
	folder_remove(folder, &ignored);
	free(folder);
	return status;
}
