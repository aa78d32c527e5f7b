/* SPDX-License-Identifier: MIT */
/*
 * A lab of three criteria for tests that need one: compiles (5 points), finishes (10,
 * needs compiles), no_update_is_lost (20, hidden, needs both).
 *
 *	struct result *result = result_new(&sample_lab, "alice");
 *	result_add_evidence(result, COMPILES, STAGE_BUILD, VERDICT_PASS);
 *	result_score(result, &sample_lab);
 */
#ifndef INTERLOCK_TESTS_SAMPLE_H
#define INTERLOCK_TESTS_SAMPLE_H

#include "lab/lab.h"

enum { COMPILES, FINISHES, NO_UPDATE_IS_LOST };

static char sample_name[] = "critical-section";
static char sample_title[] = "A critical section";
static char compiles_name[] = "compiles";
static char compiles_title[] = "The program compiles";
static char finishes_name[] = "finishes";
static char finishes_title[] = "Every process returns";
static char lost_name[] = "no_update_is_lost";
static char lost_title[] = "No update is lost";
static char lost_hint[] = "Who else reads the balance between your read and your write?";
static enum stage sample_build[] = {STAGE_BUILD};
static enum stage sample_stages[] = {STAGE_STRESS, STAGE_EXPLORE};
static char *sample_needs[] = {compiles_name, finishes_name};

static struct lab_criterion sample_criteria[] = {
	{
		.name = compiles_name,
		.title = compiles_title,
		.points = 5,
		.stages = sample_build,
		.stages_count = 1,
	},
	{
		.name = finishes_name,
		.title = finishes_title,
		.points = 10,
		.stages = sample_stages,
		.stages_count = 2,
		.needs = sample_needs,
		.needs_count = 1,
	},
	{
		.name = lost_name,
		.title = lost_title,
		.points = 20,
		.hidden = true,
		.hint = lost_hint,
		.stages = sample_stages,
		.stages_count = 2,
		.needs = sample_needs,
		.needs_count = 2,
	},
};

static const struct lab sample_lab = {
	.name = sample_name,
	.title = sample_title,
	.criteria = sample_criteria,
	.criteria_count = 3,
};

#endif
