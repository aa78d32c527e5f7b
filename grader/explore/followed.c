/* SPDX-License-Identifier: MIT */
#include "explore/followed.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

struct known {
	const char *name, *where;
};

struct followed {
	char *text;
	struct known *list; /* by name */
	size_t count;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct known *)a)->name, ((const struct known *)b)->name);
}

struct followed *followed_read(struct error *error)
{
	char *path = path_of("lib/interlock/functions");
	char *text = file_read(path, 1 << 20, NULL, error);
	struct followed *functions = NULL;
	char *rest = text;

	free(path);
	if (!text)
		return NULL;
	functions = memory_new(1, sizeof(*functions));
	functions->text = text;
	for (char *line; (line = strsep(&rest, "\n"));) {
		char *space = strchr(line, ' ');
		if (!space)
			continue;
		*space = '\0';
		functions->list = memory_grow(
			functions->list, functions->count + 1, sizeof(*functions->list));
		functions->list[functions->count++] = (struct known){line, space + 1};
	}
	qsort(functions->list, functions->count, sizeof(*functions->list), by_name);
	return functions;
}

void followed_free(struct followed *functions)
{
	if (!functions)
		return;
	free(functions->list);
	free(functions->text);
	free(functions);
}

/* What instrumented code calls, and the tables of position-independent code. */
static bool is_compilers(const char *name)
{
	return strncmp(name, "__tsan_", 7) == 0 ||
	       strncmp(name, "__sanitizer_cov_", 16) == 0 ||
	       strcmp(name, "_GLOBAL_OFFSET_TABLE_") == 0;
}

enum function_where followed_find(const struct followed *functions, const char *name)
{
	struct known wanted = {.name = name};
	const struct known *known = bsearch(&wanted, functions->list, functions->count,
		sizeof(*functions->list), by_name);

	if (is_compilers(name))
		return FUNCTION_BOX;
	if (!known)
		return FUNCTION_UNKNOWN;
	return strcmp(known->where, "desk") == 0 ? FUNCTION_DESK : FUNCTION_BOX;
}

/* Asked of the libraries themselves: our own names, and those of libmp, are visible as well. */
bool followed_in_library(const char *name)
{
	static const char *const libraries[] = {"libc.so.6", "libm.so.6"};
	bool found = false;

	for (size_t i = 0; !found && i < sizeof(libraries) / sizeof(*libraries); i++) {
		void *library = dlopen(libraries[i], RTLD_LAZY | RTLD_LOCAL);
		if (!library)
			continue;
		found = dlsym(library, name) != NULL;
		dlclose(library);
	}
	return found;
}
