/* SPDX-License-Identifier: MIT */
#include "command/graded.h"

#include "base/memory.h"
#include "command/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct argp_option options[] = {
	{"lab", 'l', "LAB", 0, "of a class that was graded by several labs, this one", 0},
	{0}};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct graded *graded = state->input;

	switch (key) {
	case 'l':
		graded->lab = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (graded->count == graded->most)
			argp_error(state, "'%s' is one argument too many", argument);
		else
			graded->words[graded->count++] = argument;
		return 0;
	case ARGP_KEY_END:
		if (graded->count == 0)
			argp_error(state, "name the folder of a class that was graded");
		else if (graded->count < graded->least)
			argp_error(state, "it takes %u arguments, not %u", graded->least,
				graded->count);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp words = {.options = options, .parser = parse};
const struct argp_child graded_words[] = {{&words, 0, NULL, 0}, {0}};

/* The lab that is named, or the only one; the caller frees it. */
static char *find_lab(struct database *database, const char *folder, const char *name,
	struct error *error)
{
	char **labs = database_labs(database, error);
	char *all = text_copy("");
	char *found = NULL;
	size_t count = 0;

	for (; labs && labs[count]; count++) {
		text_replace(&all, "%s%s%s", all, count > 0 ? ", " : "", labs[count]);
		if (!found && (!name || strcmp(labs[count], name) == 0))
			found = text_copy(labs[count]);
	}
	if (labs && (!found || (!name && count > 1))) {
		free(found);
		found = NULL;
		if (count == 0)
			error_set(error, "nothing was graded into %s", folder);
		else if (name)
			error_set(
				error, "%s has no lab %s; it has %s", folder, name, all);
		else
			error_set(error, "%s has several labs; name one with --lab: %s",
				folder, all);
	}
	for (size_t i = 0; labs && labs[i]; i++)
		free(labs[i]);
	free((void *)labs);
	free(all);
	return found;
}

static int do_work(const char *folder, const char *lab, bool all, enum database_use use,
	graded_work *work, void *context)
{
	struct error error;
	struct database *database = database_open(folder, use, &error);
	char *found = database && !all ? find_lab(database, folder, lab, &error) : NULL;
	int status =
		database && (found || all) ? work(database, found, context, &error) : -1;

	if (status == 0 && (fflush(stdout) || ferror(stdout)))
		status = error_system(&error, "cannot write to standard output");
	if (status)
		fprintf(stderr, "interlock: %s\n", error.message);
	free(found);
	database_close(database);
	return status ? EXIT_TROUBLE : EXIT_PASSED;
}

int graded_class(const char *folder, const char *lab, enum database_use use,
	graded_work *work, void *context)
{
	return do_work(folder, lab, false, use, work, context);
}

int graded_labs(const char *folder, const char *lab, enum database_use use,
	graded_work *work, void *context)
{
	return do_work(folder, lab, lab == NULL, use, work, context);
}

struct roll_work {
	graded_roll_work *work;
	void *context;
};

static int with_roll(
	struct database *database, const char *lab, void *context, struct error *error)
{
	const struct roll_work *work = context;
	struct roll roll;
	int status = roll_read(&roll, database, lab, NULL, error);

	if (status == 0)
		status = work->work(&roll, work->context, error);
	roll_release(&roll);
	return status;
}

int graded_roll(
	const char *folder, const char *lab, graded_roll_work *work, void *context)
{
	struct roll_work both = {work, context};

	return graded_class(folder, lab, DATABASE_READ, with_roll, &both);
}
