/* SPDX-License-Identifier: MIT */
#include "command/grading.h"

#include "base/interrupt.h"
#include "base/memory.h"
#include "base/screen.h"
#include "build/installed.h"
#include "lab/bundle.h"

#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEY_COMPILER = 0x100, KEY_ONLY, KEY_STAGE, KEY_PIN, KEY_SEED, KEY_INPUTS };

static const struct argp_option options[] = {
	{"compiler", KEY_COMPILER, "NAME", 0, "compile with gcc (the default) or clang",
		0},
	{"only", KEY_ONLY, "CRITERION", 0, "judge only this criterion and what it needs",
		0},
	{"stage", KEY_STAGE, "STAGE", 0,
		"judge only what this stage is to decide, by it alone: explore, stress, "
		"helgrind or build",
		0},
	{"pin", KEY_PIN, "SHA256", 0,
		"refuse the lab unless its description, headers and checks have this "
		"hash, which a bundle of it has too",
		0},
	{"seed", KEY_SEED, "HEX", 0,
		"a secret, from which inputs follow besides the files and the lab; the "
		"same "
		"files get the same inputs every time",
		0},
	{"inputs", KEY_INPUTS, "HEX", 0, "draw these inputs, as a report names them", 0},
	{0}};

static uint64_t parse_hex(const char *option, char *argument, struct argp_state *state)
{
	char *end = NULL;
	uint64_t number = strtoull(argument, &end, 16);

	if (end == argument || *end)
		argp_error(state, "--%s is '%s'; write up to 16 hexadecimal digits",
			option, argument);
	return number;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct grading *grading = state->input;

	switch (key) {
	case KEY_COMPILER:
		if (strcmp(argument, "gcc") != 0 && strcmp(argument, "clang") != 0)
			argp_error(state, "--compiler is '%s'; write gcc or clang",
				argument);
		grading->options.compiler = argument;
		return 0;
	case KEY_ONLY:
		grading->only = argument;
		return 0;
	case KEY_STAGE:
		if (stage_by_name(argument) < 0)
			argp_error(state,
				"--stage is '%s'; write explore, stress, helgrind or "
				"build",
				argument);
		grading->stage = argument;
		return 0;
	case KEY_PIN:
		grading->pin = argument;
		return 0;
	case KEY_SEED:
		grading->options.secret = parse_hex("seed", argument, state);
		return 0;
	case KEY_INPUTS:
		grading->inputs = parse_hex("inputs", argument, state);
		grading->options.inputs = &grading->inputs;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp grading_argp = {.options = options, .parser = parse};

static int find_tier(struct grading *grading, struct error *error)
{
	if (grading->options.trusted)
		return 0;
	grading->options.tier = box_probe(error);
	if (grading->options.tier == BOX_TIER_D)
		return error_context(error,
			"no sandbox works here, so other people's code is not run "
			"('interlock doctor' says more)");
	return 0;
}

/* A lab that is not the one that was meant grades nobody. */
static int compare_pin(const struct grading *grading, struct error *error)
{
	if (!grading->pin)
		return 0;
	char *hash = bundle_hash(grading->lab, error);
	int status = !hash ? -1
		     : strcmp(hash, grading->pin) == 0
			     ? 0
			     : error_set(error,
				       "the lab %s was changed: its files have the hash "
				       "%s, not %s",
				       grading->lab->folder, hash, grading->pin);

	free(hash);
	return status;
}

/* Who starts on a new machine hears of all that it lacks at once. */
static int find_tools(const struct grading *grading, struct error *error)
{
	bool helgrind = false;

	for (unsigned i = 0; i < grading->lab->criteria_count; i++)
		helgrind |= lab_stage_decides(&grading->lab->criteria[i], STAGE_HELGRIND);
	return installed_check("", grading->options.compiler, helgrind, error);
}

/* What was not asked for. */
static int leave_out(struct grading *grading, struct error *error)
{
	const char *stage = grading->stage;

	if (grading->only && lab_keep_only(grading->lab, grading->only, error))
		return -1;
	if (!stage)
		return 0;
	return lab_keep_only_stage(grading->lab, (enum stage)stage_by_name(stage), error);
}

int grading_begin(
	struct grading *grading, const char *lab, const char *again, struct error *error)
{
	grading->options.progress = screen_of(STDERR_FILENO).redraws;
	grading->reproduce = text_copy(again);
	grading->options.reproduce = grading->reproduce;
	grading->lab = lab_open(lab, error);
	if (!grading->lab || compare_pin(grading, error) || leave_out(grading, error) ||
		find_tools(grading, error) || find_tier(grading, error))
		return -1;
	return 0;
}

int grading_open(
	struct grading *grading, const char *lab, const char *again, struct error *error)
{
	return grading_begin(grading, lab, again, error) || grading_work(grading, error)
		       ? -1
		       : 0;
}

int grading_work(struct grading *grading, struct error *error)
{
	grading->workshop = workshop_open(grading->lab, &grading->options, error);
	if (!grading->workshop && interrupt_seen())
		return error_set(error, "stopped");
	return grading->workshop ? 0 : -1;
}

void grading_close(struct grading *grading)
{
	workshop_close(grading->workshop);
	lab_close(grading->lab);
	free(grading->reproduce);
}

char *grading_policy(const struct grading *grading)
{
	return text_format("secret %016llx, inputs %s %016llx, only %s%s%s, %s",
		(unsigned long long)grading->options.secret,
		grading->options.inputs ? "as given" : "from the files",
		(unsigned long long)grading->inputs,
		grading->only ? grading->only : "all", grading->stage ? " by " : "",
		grading->stage ? grading->stage : "", grading->options.compiler);
}

char *submission_name(const char *path)
{
	char *real = realpath(path, NULL);
	char *copy = text_copy(real ? real : path);
	char *name = text_copy(basename(copy));

	free(copy);
	free(real);
	return name;
}
