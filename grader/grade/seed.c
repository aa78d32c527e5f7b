/* SPDX-License-Identifier: MIT */
#include "grade/seed.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"

#include <sha256.h>
#include <stdlib.h>

static int add_file(struct buffer *all, const char *path, struct error *error)
{
	size_t size = 0;
	char *bytes = file_read(path, 1 << 24, &size, error);

	if (bytes)
		buffer_add(all, bytes, size + 1);
	free(bytes);
	return bytes ? 0 : -1;
}

char *seed_of_lab(const struct lab *lab, struct error *error)
{
	static const char *const files[] = {
		"lab.yaml", "checks/checks.c", "checks/player.c"};
	static const char *const hidden[] = {"hidden.c", "hidden_player.c"};
	struct buffer all = {0};
	int status = 0;

	for (size_t i = 0; status == 0 && i < sizeof(files) / sizeof(*files); i++) {
		char *path = path_join(lab->folder, files[i]);
		status = add_file(&all, path, error);
		free(path);
	}
	for (size_t i = 0; status == 0 && i < sizeof(hidden) / sizeof(*hidden); i++) {
		char *path = lab_hidden_file(lab, hidden[i]);
		status = path ? add_file(&all, path, error) : 0;
		free(path);
	}
	char *hash = status ? NULL : memory_new(SHA256_DIGEST_STRING_LENGTH, 1);
	if (hash)
		SHA256Data((const uint8_t *)all.bytes, all.length, hash);
	buffer_release(&all);
	return hash;
}

uint64_t seed_of(const struct result *result, const char *lab_hash, uint64_t secret)
{
	struct buffer all = {0};
	char hash[SHA256_DIGEST_STRING_LENGTH];

	buffer_print(&all, "%016llx %s", (unsigned long long)secret, lab_hash);
	for (size_t i = 0; i < result->file_count; i++)
		buffer_print(&all, " %s", result->files[i].sha256);
	SHA256Data((const uint8_t *)all.bytes, all.length, hash);
	buffer_release(&all);
	hash[16] = '\0';
	return strtoull(hash, NULL, 16);
}
