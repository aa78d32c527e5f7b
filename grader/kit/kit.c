/* SPDX-License-Identifier: MIT */
#include "kit/kit.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "kit/pack.h"
#include "kit/template.h"
#include "lab/bundle.h"
#include "lab/secret.h"

#include <ctype.h>
#include <dirent.h>
#include <sha256.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const struct platform platforms[] = {
	{"github", "a repository that workflows of GitHub and GitLab grade with", "",
		false, true, true},
	{"gradescope", "an autograder for Gradescope, to be packed as .zip", "", false,
		false, false},
	{"autolab", "an assessment for Autolab, to be packed as .tar", "autograde", true,
		false, false},
	{"prairielearn", "an image for PrairieLearn's external grader, and a question",
		"image", false, false, false},
	{"classroom50", "an autograder for Classroom 50", "", false, true, false},
	{NULL, NULL, NULL, false, false, false},
};

const struct platform *kit_platform(const char *name)
{
	for (const struct platform *platform = platforms; platform->name; platform++)
		if (strcmp(platform->name, name) == 0)
			return platform;
	return NULL;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

int kit_check_program(const char *program, struct error *error)
{
	const char *name = base_name(program);
	size_t length = strlen(name);

	if (!path_is_file(program))
		return error_set(error, "cannot find the program's archive %s", program);
	if (strncmp(name, "interlock-", 10) != 0 || length < 18 ||
		strcmp(name + length - 7, ".tar.gz") != 0)
		return error_set(error,
			"%s is not the program's archive, which is called "
			"interlock-VERSION-MACHINE.tar.gz; make tarball makes it",
			program);
	return 0;
}

/* --- The words of the templates --- */

/* In JSON, YAML and shell alike. */
static char *plain_words(const char *text)
{
	char *plain = text_copy(text);

	for (char *next = plain; *next; next++)
		if (*next == '"' || *next == '\\' || iscntrl((unsigned char)*next))
			*next = ' ';
	return plain;
}

/* Autolab's names have letters and digits only. */
static char *letters_of(const char *name)
{
	char *letters = text_copy(name);
	char *end = letters;

	for (; *name; name++)
		if (isalnum((unsigned char)*name))
			*end++ = *name;
	*end = '\0';
	return letters;
}

/* One that is the lab's, and the same each time. */
static char *uuid_of(const struct lab *lab)
{
	char hash[SHA256_DIGEST_STRING_LENGTH];

	SHA256Data((const uint8_t *)lab->name, strlen(lab->name), hash);
	return text_format("%.8s-%.4s-4%.3s-8%.3s-%.12s", hash, hash + 8, hash + 12,
		hash + 15, hash + 18);
}

static char *join_files(const struct lab *lab)
{
	struct buffer files = {0};

	for (unsigned i = 0; i < lab->files_count; i++)
		buffer_print(&files, "%s%s", i ? "," : "", lab->files[i]);
	return buffer_take(&files);
}

/* Autolab's list of what gets a score of its own. */
static char *list_problems(const struct lab *lab)
{
	struct buffer problems = {0};

	for (unsigned i = 0; i < lab->criteria_count; i++) {
		char *title = plain_words(lab->criteria[i].title);
		buffer_print(&problems,
			"%s- name: %s\n  description: \"%s\"\n  max_score: %ld.0\n"
			"  optional: false",
			i ? "\n" : "", lab->criteria[i].name, title,
			lab->criteria[i].points);
		free(title);
	}
	return buffer_take(&problems);
}

static int fill_templates(
	const struct kit *kit, const char *folder, const char *place, struct error *error)
{
	const struct lab *lab = kit->labs[0];
	char *title = plain_words(lab->title);
	char *id = letters_of(lab->name);
	char *uuid = uuid_of(lab);
	char *files = join_files(lab);
	char *problems = list_problems(lab);
	char *image = text_format("interlock-%s:%s", lab->name, INTERLOCK_VERSION);
	char *common = path_of("share/interlock/kits/common");
	char *kits = path_of("share/interlock/kits");
	char *own = path_join(kits, kit->platform->name);
	const struct template_word words[] = {{"PROGRAM", base_name(kit->program)},
		{"VERSION", INTERLOCK_VERSION}, {"GRADING", kit->grading},
		{"REF", kit->ref}, {"LAB", lab->name}, {"TITLE", title}, {"ID", id},
		{"UUID", uuid}, {"FILES", files}, {"PROBLEMS", problems},
		{"HANDIN", lab->files_count > 1 ? "handin.tar" : lab->files[0]},
		{"IMAGE", image}, {NULL, NULL}};
	int status = template_copy(own, folder, words, error) ||
				     template_copy(common, place, words, error)
			     ? -1
			     : 0;

	free(own);
	free(kits);
	free(common);
	free(image);
	free(problems);
	free(files);
	free(uuid);
	free(id);
	free(title);
	return status;
}

/* --- Labs, program and pins --- */

static int add_lab(const struct kit *kit, const struct lab *lab, const char *place,
	struct buffer *list, struct error *error)
{
	char *folder = text_format("%s/labs/%s", place, lab->name);
	struct lab *bundle = NULL;
	char *hash = NULL;

	if (bundle_write(lab, folder, kit->platform->public, error) == 0)
		bundle = lab_open(folder, error);
	if (bundle)
		hash = bundle_hash(bundle, error);
	if (hash)
		buffer_print(list, "%s %s\n", lab->name, hash);
	int status = hash ? 0 : -1;
	free(hash);
	lab_close(bundle);
	free(folder);
	return status;
}

static int add_labs(const struct kit *kit, const char *place, struct error *error)
{
	struct buffer list = {0};
	int status = 0;

	for (size_t i = 0; status == 0 && i < kit->lab_count; i++)
		status = add_lab(kit, kit->labs[i], place, &list, error);
	char *text = buffer_take(&list);
	char *path = path_join(place, "labs.txt");
	if (status == 0)
		status = file_replace(path, text, strlen(text), error);
	free(path);
	free(text);
	return status;
}

static int add_program(const struct kit *kit, const char *place, struct error *error)
{
	char *target = path_join(place, base_name(kit->program));
	int status = file_copy(kit->program, target, error);

	free(target);
	return status;
}

static int not_above(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* A line that sha256sum reads, for each file below the folder. */
static int add_pins(
	const char *folder, const char *name, struct buffer *pins, struct error *error)
{
	char *path = *name ? path_join(folder, name) : text_copy(folder);
	struct dirent **entries = NULL;
	int count = scandir(path, &entries, not_above, alphasort);
	int status = count < 0 ? error_system(error, "cannot read %s", path) : 0;

	for (int i = 0; i < count; i++) {
		char *below = *name ? path_join(name, entries[i]->d_name)
				    : text_copy(entries[i]->d_name);
		char *file = path_join(folder, below);
		char hash[SHA256_DIGEST_STRING_LENGTH];
		if (status == 0 && path_is_folder(file))
			status = add_pins(folder, below, pins, error);
		else if (status == 0 && SHA256File(file, hash))
			buffer_print(pins, "%s  %s\n", hash, below);
		else if (status == 0)
			status = error_system(error, "cannot read %s", file);
		free(file);
		free(below);
		free(entries[i]);
	}
	free(entries);
	free(path);
	return status;
}

static int pin_all(const char *place, struct error *error)
{
	struct buffer pins = {0};
	char *path = path_join(place, "pins.sha256");
	int status = add_pins(place, "", &pins, error);
	char *text = buffer_take(&pins);

	if (status == 0)
		status = file_replace(path, text, strlen(text), error);
	free(text);
	free(path);
	return status;
}

static int prove(const struct kit *kit, const char *folder, struct error *error)
{
	for (size_t i = 0; i < kit->lab_count; i++)
		if (kit->platform->public && secret_look(kit->labs[i], folder, error))
			return -1;
	return 0;
}

/* --- Assembly --- */

static int rename_below(
	const char *folder, const char *from, const char *to, struct error *error)
{
	char *source = path_join(folder, from);
	char *target = path_join(folder, to);
	int status = rename(source, target) ? error_system(error, "%s", source) : 0;

	free(target);
	free(source);
	return status;
}

/* Autolab reads one folder, called as the assessment, with a description called likewise. */
static int arrange_autolab(const struct kit *kit, const char *folder, struct error *error)
{
	char *id = letters_of(kit->labs[0]->name);
	char *description = text_format("%s/%s.yml", id, id);
	char *inner = path_join(folder, id);
	static const char *const files[] = {
		"autograde-Makefile", "autograde.tar", "Dockerfile"};
	int status = folder_make(inner, error) ||
		     rename_below(folder, "assessment.yml", description, error);

	for (size_t i = 0; status == 0 && i < sizeof(files) / sizeof(*files); i++) {
		char *target = path_join(id, files[i]);
		status = rename_below(folder, files[i], target, error);
		free(target);
	}
	free(inner);
	free(description);
	free(id);
	return status ? -1 : 0;
}

static int pack_place(const char *place, struct error *error)
{
	char *archive = text_format("%s.tar", place);
	int status = pack_folder(place, archive, error) || folder_remove(place, error);

	free(archive);
	return status ? -1 : 0;
}

static int assemble(const struct kit *kit, const char *folder, struct error *error)
{
	const struct platform *platform = kit->platform;
	char *place =
		*platform->place ? path_join(folder, platform->place) : text_copy(folder);
	int status = fill_templates(kit, folder, place, error) ||
				     add_labs(kit, place, error) ||
				     add_program(kit, place, error) ||
				     prove(kit, folder, error) || pin_all(place, error)
			     ? -1
			     : 0;

	if (status == 0 && platform->packed)
		status = pack_place(place, error) || arrange_autolab(kit, folder, error)
				 ? -1
				 : 0;
	free(place);
	return status;
}

int kit_write(const struct kit *kit, const char *path, struct error *error)
{
	struct error ignored;

	if (!kit->platform->many && kit->lab_count > 1)
		return error_set(
			error, "a kit for %s is for one lab", kit->platform->name);
	if (kit_check_program(kit->program, error))
		return -1;
	if (access(path, F_OK) == 0 && pack_is_archive(path))
		return error_set(
			error, "%s is there already; give the name of a new file", path);
	char *fresh = folder_make_beside(path, error);
	if (!fresh)
		return -1;
	int status = assemble(kit, fresh, error);
	if (status == 0 && pack_is_archive(path)) {
		status = pack_folder(fresh, path, error);
		if (status)
			unlink(path);
		folder_remove(fresh, &ignored);
	} else {
		status = folder_settle(fresh, path, status, error);
	}
	free(fresh);
	return status;
}
