/* SPDX-License-Identifier: MIT */
#include "build/installed.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/paths.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A file that a Debian package has; NULL for none. */
struct needed {
	const char *path;
	const char *package;
};

static bool is_there(const char *root, const char *path)
{
	char *whole = text_format("%s%s", root, path);
	bool there = access(whole, R_OK) == 0;

	free(whole);
	return there;
}

/* Check's header may have come with interlock. */
static bool has_check(const char *root)
{
	char *ours = path_of("include/check.h");
	bool there = is_there(root, "/usr/include/check.h") || is_there(root, ours);

	free(ours);
	return there;
}

static void miss(struct buffer *packages, const char *package)
{
	if (packages->length > 0)
		buffer_text(packages, " ");
	buffer_text(packages, package);
}

int installed_check(
	const char *root, const char *compiler, bool helgrind, struct error *error)
{
	char *compiler_path = text_format("/usr/bin/%s", compiler);
	const struct needed needed[] = {{compiler_path, compiler},
		{"/usr/bin/ld", "binutils"}, {"/usr/include/stdio.h", "libc6-dev"},
		{helgrind ? "/usr/bin/valgrind" : NULL, "valgrind"}};
	struct buffer packages = {0};

	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		if (needed[i].path && !is_there(root, needed[i].path))
			miss(&packages, needed[i].package);
	if (!has_check(root))
		miss(&packages, "check");
	char *missing = buffer_take(&packages);
	int status =
		*missing ? error_set(error,
				   "this machine lacks: %s. On Debian and Ubuntu: sudo "
				   "apt-get install %s",
				   missing, missing)
			 : 0;
	free(missing);
	free(compiler_path);
	return status;
}
