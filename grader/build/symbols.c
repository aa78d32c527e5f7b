/* SPDX-License-Identifier: MIT */
#include "build/symbols.h"

#include "base/memory.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Names that the checkers call and that are never a student's to define, not even
 * statically: the instrumented code would call the student's in place of ours. */
static const char *const owned_prefixes[] = {"__tsan_", "__asan_", "__ubsan_", "__lsan_",
	"__sanitizer_", "__interceptor_", "mp_checker_", "__sanitizer"};

static bool is_owned(const char *name)
{
	for (size_t i = 0; i < sizeof(owned_prefixes) / sizeof(*owned_prefixes); i++)
		if (strncmp(name, owned_prefixes[i], strlen(owned_prefixes[i])) == 0)
			return true;
	return false;
}

static bool is_forbidden(const struct lab *lab, const char *name)
{
	for (unsigned i = 0; i < lab->forbidden_count; i++)
		if (strcmp(lab->forbidden[i], name) == 0)
			return true;
	return false;
}

static char *complain(const struct lab *lab, const char *name, char kind)
{
	if (kind == 'U')
		return is_forbidden(lab, name) ? text_format("%s is used, which is what "
							     "this lab asks you to build",
							 name)
					       : NULL;
	if (is_owned(name))
		return text_format(
			"%s is defined; names that start so belong to the checkers",
			name);
	if (kind == 'i')
		return text_format(
			"%s is an indirect function (ifunc), which this lab does not "
			"allow",
			name);
	return NULL;
}

char *symbols_complaint(const struct lab *lab, const char *nm_output)
{
	char *complaint = NULL;

	for (const char *line = nm_output; !complaint && line && *line;) {
		char name[256];
		char kind = 0;
		if (sscanf(line, "%255s %c", name, &kind) == 2)
			complaint = complain(lab, name, kind);
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	return complaint;
}
