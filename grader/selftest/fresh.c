/* SPDX-License-Identifier: MIT */
#include "selftest/fresh.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the template calls itself, and the files in which it does. */
static const char placeholder[] = "new-lab";
static const char *const naming[] = {"lab.yaml", "README.md", "checks/checks.c"};

static int put_name(
	const char *folder, const char *file, const char *name, struct error *error)
{
	char *path = path_join(folder, file);
	char *text = file_read(path, 1 << 20, NULL, error);
	struct buffer named = {0};
	int status = -1;

	if (text) {
		const char *at = text;
		for (const char *found = text; (found = strstr(found, placeholder));) {
			buffer_add(&named, at, (size_t)(found - at));
			buffer_text(&named, name);
			at = found += strlen(placeholder);
		}
		buffer_text(&named, at);
		status = file_replace(path, named.bytes, named.length, error);
	}
	buffer_release(&named);
	free(text);
	free(path);
	return status;
}

static int fill(const char *folder, const char *name, struct error *error)
{
	char *template = path_of("share/interlock/lab-template");
	int status = folder_copy(template, folder, error);

	for (size_t i = 0; status == 0 && i < sizeof(naming) / sizeof(*naming); i++)
		status = put_name(folder, naming[i], name, error);
	free(template);
	return status;
}

static int check_name(const char *name, struct error *error)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

	if (name[0] < 'a' || name[0] > 'z' || strlen(name) > 64 ||
		name[strspn(name, allowed)])
		return error_set(error,
			"'%s' is no name for a lab; use a-z, 0-9 and '-', a letter "
			"first, "
			"64 characters at most",
			name);
	return 0;
}

int fresh_lab(const char *name, const char *folder, struct error *error)
{
	if (check_name(name, error))
		return -1;
	char *fresh = folder_make_beside(folder, error);
	if (!fresh)
		return -1;
	int status = folder_settle(fresh, folder, fill(fresh, name, error), error);
	free(fresh);
	return status;
}
