/* SPDX-License-Identifier: MIT */
#include "kit/course.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "kit/kit.h"
#include "kit/template.h"
#include "lab/bundle.h"
#include "lab/handout.h"
#include "lab/readme.h"
#include "lab/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int write_grading(
	const struct course *course, const char *folder, struct error *error)
{
	const struct kit kit = {.platform = kit_platform("github"),
		.labs = course->labs,
		.lab_count = course->lab_count,
		.program = course->program,
		.grading = course->grading,
		.ref = course->ref};
	char *path = path_join(folder, "grading");
	int status = kit_write(&kit, path, error);

	free(path);
	return status;
}

/* The template's own labs are samples; this course has its own. */
static bool is_no_lab(const char *name)
{
	char *path = path_of("share/interlock/student-template");
	char *yaml = text_format("%s/%s/lab.yaml", path, name);
	bool no_lab = !path_is_file(yaml) && strcmp(name, "lab.mk") != 0 &&
		      strcmp(name, ".interlock") != 0 && strcmp(name, "reports") != 0;

	free(yaml);
	free(path);
	return no_lab;
}

/* The workflows of students' repositories, as the CI kit has them. */
static int add_workflows(const char *folder, struct error *error)
{
	static const char *const names[][2] = {
		{"grading/student-workflow.yml", "students/.github/workflows/grade.yml"},
		{"grading/student-gitlab-ci.yml", "students/.gitlab-ci.yml"}};
	int status = 0;

	for (size_t i = 0; status == 0 && i < sizeof(names) / sizeof(*names); i++) {
		char *from = path_join(folder, names[i][0]);
		char *to = path_join(folder, names[i][1]);
		status = file_copy(from, to, error);
		free(to);
		free(from);
	}
	return status;
}

/* What the template tells instructors is not for a course's students. */
static int shorten_readme(const char *students, struct error *error)
{
	char *path = path_join(students, "README.md");
	char *text = file_read(path, 1 << 20, NULL, error);
	char *readme = text ? readme_without_sections(text) : NULL;
	int status = readme ? file_replace(path, readme, strlen(readme), error) : -1;

	free(readme);
	free(text);
	free(path);
	return status;
}

static int write_students(
	const struct course *course, const char *folder, struct error *error)
{
	char *template = path_of("share/interlock/student-template");
	char *students = path_join(folder, "students");
	char *packed = path_join(students, ".interlock");
	char *program = path_join(packed, base_name(course->program));
	int status = folder_copy_wanted(template, students, is_no_lab, error) ||
		     folder_make(packed, error) ||
		     file_copy(course->program, program, error) ||
		     add_workflows(folder, error) || shorten_readme(students, error);

	for (size_t i = 0; status == 0 && i < course->lab_count; i++) {
		char *lab = path_join(students, course->labs[i]->name);
		status = handout_write(course->labs[i], lab, error);
		free(lab);
	}
	free(program);
	free(packed);
	free(students);
	free(template);
	return status ? -1 : 0;
}

static int write_instructors(
	const struct course *course, const char *folder, struct error *error)
{
	int status = 0;

	for (size_t i = 0; status == 0 && i < course->lab_count; i++) {
		char *lab = text_format(
			"%s/instructors/labs/%s", folder, course->labs[i]->name);
		status = folder_make(lab, error) ||
					 folder_copy(course->labs[i]->folder, lab, error)
				 ? -1
				 : 0;
		free(lab);
	}
	return status;
}

/* Which program and which labs the course was made with. */
static int write_pins(
	const struct course *course, const char *folder, struct error *error)
{
	struct buffer pins = {0};
	char *path = path_join(folder, "pins.txt");
	int status = 0;

	buffer_print(&pins, "interlock %s\nprogram %s\n", INTERLOCK_VERSION,
		base_name(course->program));
	for (size_t i = 0; status == 0 && i < course->lab_count; i++) {
		char *hash = bundle_hash(course->labs[i], error);
		if (hash)
			buffer_print(&pins, "lab %s %s\n", course->labs[i]->name, hash);
		status = hash ? 0 : -1;
		free(hash);
	}
	char *text = buffer_take(&pins);
	if (status == 0)
		status = file_replace(path, text, strlen(text), error);
	free(text);
	free(path);
	return status;
}

static int write_texts(const struct course *course, const char *folder, const char *name,
	struct error *error)
{
	char *template = path_of("share/interlock/kits/course");
	const struct template_word words[] = {{"NAME", name},
		{"VERSION", INTERLOCK_VERSION}, {"GRADING", course->grading},
		{"REF", course->ref}, {"PROGRAM", base_name(course->program)},
		{NULL, NULL}};
	int status = template_copy(template, folder, words, error);

	free(template);
	return status;
}

/* One lab's answers may stand in another lab's files. */
static int prove(const struct course *course, const char *folder, struct error *error)
{
	static const char *const parts[] = {"students", "grading"};
	int status = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		char *part = path_join(folder, parts[i]);
		for (size_t k = 0; status == 0 && k < course->lab_count; k++)
			if (secret_look(course->labs[k], part, error))
				status = error_context(error, "lab %s, %s/",
					course->labs[k]->name, parts[i]);
		free(part);
	}
	return status;
}

int course_write(const struct course *course, const char *folder, struct error *error)
{
	if (kit_check_program(course->program, error))
		return -1;
	char *fresh = folder_make_beside(folder, error);
	if (!fresh)
		return -1;
	int status = write_texts(course, fresh, base_name(folder), error) ||
				     write_grading(course, fresh, error) ||
				     write_students(course, fresh, error) ||
				     write_instructors(course, fresh, error) ||
				     write_pins(course, fresh, error) ||
				     prove(course, fresh, error)
			     ? -1
			     : 0;
	status = folder_settle(fresh, folder, status, error);
	free(fresh);
	return status;
}
