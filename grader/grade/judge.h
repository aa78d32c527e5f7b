/* SPDX-License-Identifier: MIT */
/*
 * Judges one criterion of a submission with the lab's checks, stage by stage. It runs in a
 * process of its own: there is one arena, at one address, and checks may crash.
 *
 *	struct judge judge = {.workshop = workshop, .lab = workshop->lab,
 *		.folder = folder, .result = result};
 *	if (judge_load(&judge, &error) == 0)
 *		judge_criterion(&judge, 3);
 */
#ifndef INTERLOCK_GRADE_JUDGE_H
#define INTERLOCK_GRADE_JUDGE_H

#include "explore/replay.h"
#include "grade/workshop.h"

#include <check.h>
#include <sched.h>
#include <stdbool.h>

struct judge {
	const struct workshop *workshop;
	const struct lab *lab;
	const char *folder;	   /* of the submission's players */
	struct result *result;	   /* gets the evidence */
	Suite *(*suite)(void);	   /* set by judge_load */
	Suite *(*hidden)(void);	   /* set by judge_load; NULL if the lab has none */
	int others;		   /* judges of the same submission, who may be at work */
	size_t criterion;	   /* the one being judged */
	_Atomic bool *failing;	   /* for each criterion; shared by all who judge */
	long spent_ms;		   /* by the submission's builds */
	struct spending *spending; /* of the submission; shared by all who judge */
	cpu_set_t processors;	   /* that there are */
	cpu_set_t to_explore; /* the one to explore on; none: wherever there is room */
};

/* Loads the lab's checks into the calling process, whose children may then be judges. */
int judge_load(struct judge *judge, struct error *error);

/* Several judges are at work: this one has the seat with that number, and its processor. */
void judge_sit(struct judge *judge, size_t seat);

/* Adds what the criterion's stages see to the result, up to the first that fails. */
void judge_criterion(struct judge *judge, size_t criterion);

/* As judge_criterion, but of the lab's own solution, and nothing is noted. 0 if it could be
 * judged. */
int judge_solution(struct judge *judge, size_t criterion);

/* Whether the criterion is decided by more than the build. */
bool judge_is_needed(const struct lab_criterion *criterion);

/* Whether nothing that was seen of the criterion speaks against it. */
bool judge_holds(const struct result *result, size_t criterion);

/* Runs the explored player in the folder once, as the witness of that criterion says; the
 * checks are loaded into the calling process. *shown is the witness drawn, or NULL if it does
 * not show the defect. -1: it could not be run. */
int judge_replay(const struct workshop *workshop, const char *folder,
	const struct witness_file *file, char **shown, struct error *error);

#endif
