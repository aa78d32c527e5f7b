/* SPDX-License-Identifier: MIT */
#include "lab/handout.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "lab/readme.h"
#include "lab/secret.h"
#include "lab/skeleton.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int copy_file_below(
	const char *from, const char *name, const char *to, struct error *error)
{
	char *source = path_join(from, name);
	char *target = path_join(to, name);
	size_t size = 0;
	char *bytes = file_read(source, 1 << 24, &size, error);
	int status = bytes ? file_replace(target, bytes, size, error) : -1;

	free(bytes);
	free(target);
	free(source);
	return status;
}

/* The list that lab.yaml has, in words. */
static char *describe_uses(const struct lab *lab)
{
	struct buffer text = {0};

	buffer_text(&text,
		"\n## What your answer may use\n\nBesides the functions of C and POSIX "
		"that compute, print, allocate memory or synchronize:");
	for (unsigned i = 0; i < lab->uses_count; i++)
		buffer_print(&text, "%s `%s`", i ? "," : "", lab->uses[i]);
	buffer_print(&text,
		"%s.%s\nOther functions are refused, and so is what the checkers do not "
		"see: assembler, code\nmade at run time, and attributes and pragmas "
		"that take code out of their sight.\n",
		lab->uses_count ? "" : " none",
		lab->uses_count ? " A `*` stands for any ending." : "");
	return buffer_take(&text);
}

/* What instructors read only is left out. */
static int copy_readme(const struct lab *lab, const char *to, struct error *error)
{
	char *source = path_join(lab->folder, "README.md");
	char *target = path_join(to, "README.md");
	char *text = file_read(source, 1 << 24, NULL, error);
	char *handout = text ? readme_without_sections(text) : NULL;
	char *uses = describe_uses(lab);
	int status = -1;

	if (handout) {
		text_replace(&handout, "%s%s", handout, uses);
		status = file_replace(target, handout, strlen(handout), error);
	}
	free(uses);
	free(handout);
	free(text);
	free(target);
	free(source);
	return status;
}

static int copy_folder_below(
	const char *from, const char *name, const char *to, struct error *error)
{
	char *source = path_join(from, name);
	char *target = path_join(to, name);
	int status = folder_copy(source, target, error);

	free(target);
	free(source);
	return status;
}

/* The checks of what is not hidden: those of hidden criteria are files of their own. */
static int copy_checks(const struct lab *lab, const char *folder, struct error *error)
{
	char *source = path_join(lab->folder, "checks");
	char *target = path_join(folder, "checks");
	int status = folder_copy_wanted(source, target, lab_file_is_public, error);

	free(target);
	free(source);
	return status;
}

static int write_description(
	const struct lab *lab, const char *folder, struct error *error)
{
	char *path = path_join(folder, "lab.yaml");
	int status = lab_write_public(lab, path, error);

	free(path);
	return status;
}

static int fill(const struct lab *lab, const char *folder, struct error *error)
{
	char *template = path_of("share/interlock/student-template");
	int status = write_description(lab, folder, error) ||
				     copy_readme(lab, folder, error) ||
				     copy_folder_below(
					     lab->folder, "include", folder, error) ||
				     copy_checks(lab, folder, error) ||
				     copy_file_below(template, "lab.mk", folder, error) ||
				     skeleton_write(lab, folder, error)
			     ? -1
			     : 0;

	free(template);
	if (status)
		return status;
	char *from = path_join(folder, "lab.mk");
	char *to = path_join(folder, "Makefile");
	if (rename(from, to))
		status = error_system(error, "cannot write %s", to);
	free(to);
	free(from);
	return status;
}

int handout_write(struct lab *lab, const char *folder, struct error *error)
{
	char *fresh = folder_make_beside(folder, error);

	if (!fresh)
		return -1;
	int status = fill(lab, fresh, error) || secret_look(lab, fresh, error) ? -1 : 0;
	status = folder_settle(fresh, folder, status, error);
	free(fresh);
	return status;
}
