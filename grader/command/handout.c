/* SPDX-License-Identifier: MIT */
#include "lab/handout.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/paths.h"
#include "command/command.h"
#include "lab/lab.h"
#include "sandbox/box.h"

#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARCHIVE ".tar.gz"

struct arguments {
	const char *lab;
	const char *output; /* a folder, or an archive that ends in .tar.gz */
};

static const struct argp_option options[] = {
	{"output", 'o', "DIR|FILE.tar.gz", 0,
		"the folder or the archive to make; it must not exist yet, and the "
		"folders above are made",
		0},
	{0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'o':
		arguments->output = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (arguments->lab)
			argp_error(state, "one lab at a time");
		arguments->lab = argument;
		return 0;
	case ARGP_KEY_END:
		if (!arguments->lab || !arguments->output)
			argp_error(state, "name the lab, and with -o the folder to make");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {.options = options,
	.parser = parse,
	.args_doc = "LAB -o DIR|FILE.tar.gz",
	.doc = "Make the folder that a student starts from: the handout, the skeleton of "
	       "each file, headers, checks, and a Makefile whose 'make check' judges the "
	       "student's work. LAB is the name of a lab or its folder."};

static bool is_archive(const char *path)
{
	size_t length = strlen(path);

	return length > strlen(ARCHIVE) &&
	       strcmp(path + length - strlen(ARCHIVE), ARCHIVE) == 0;
}

/* One folder of this parent, as an archive. */
static int pack(
	const char *parent, const char *name, const char *archive, struct error *error)
{
	const char *const argv[] = {"/usr/bin/tar", "--create", "--gzip", "--file",
		archive, "--sort=name", "--owner=0", "--group=0", "--numeric-owner",
		"--directory", parent, name, NULL};
	struct box_options box = {.argv = argv, .trusted = true};
	struct box_result result;

	if (box_run(&box, &result, error))
		return error_context(error, "tar");
	int status = result.status.signalled || result.status.code != 0
			     ? error_set(error, "tar cannot write %s: %.400s", archive,
				       result.output)
			     : 0;
	box_result_release(&result);
	return status;
}

/* Beside the archive that is to be, which has all of it or does not exist. */
static int write_archive(struct lab *lab, const char *archive, struct error *error)
{
	struct error ignored;
	const char *slash = strrchr(archive, '/');
	const char *base = slash ? slash + 1 : archive;

	if (access(archive, F_OK) == 0)
		return error_set(error,
			"%s is there already; give the name of a new file", archive);
	char *parent = folder_make_beside(archive, error);
	if (!parent)
		return -1;
	char *name = text_format("%.*s", (int)(strlen(base) - strlen(ARCHIVE)), base);
	char *folder = path_join(parent, *name ? name : lab->name);
	char *packed = path_join(parent, "packed" ARCHIVE);
	int status = handout_write(lab, folder, error);
	if (status == 0)
		status = pack(parent, strrchr(folder, '/') + 1, packed, error);
	if (status == 0 && rename(packed, archive))
		status = error_system(error, "cannot write %s", archive);
	folder_remove(parent, &ignored);
	free(packed);
	free(folder);
	free(name);
	free(parent);
	return status;
}

int command_handout(int argc, char **argv)
{
	struct arguments arguments = {0};
	struct error error;

	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	struct lab *lab = lab_open(arguments.lab, &error);
	int status = !lab ? -1
		     : is_archive(arguments.output)
			     ? write_archive(lab, arguments.output, &error)
			     : handout_write(lab, arguments.output, &error);

	if (status)
		fprintf(stderr, "interlock: %s\n", error.message);
	else
		printf("%s: the handout of %s\n", arguments.output, lab->title);
	lab_close(lab);
	return status ? EXIT_TROUBLE : EXIT_PASSED;
}
