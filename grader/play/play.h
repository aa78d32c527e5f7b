/* SPDX-License-Identifier: MIT */
/*
 * Judges criteria with a lab's Check suite: the harness around the verbs of
 * interlock/checks.h.
 *
 *	struct play *play = play_new(&options, &error);
 *	struct play_finding finding;
 *	if (play_criterion(play, "no_update_is_lost", &finding, &error) == 0)
 *		puts(finding.failed ? finding.reason : "holds");
 *	play_free(play);
 *
 * One play at a time: the verbs have no argument that could name it, as Check's have
 * none.
 */
#ifndef INTERLOCK_PLAY_PLAY_H
#define INTERLOCK_PLAY_PLAY_H

#include "base/error.h"
#include "base/verdict.h"
#include "play/explored.h"
#include "play/player.h"

#include <check.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* Ends a process whose lab's checks take longer over a run than check_seconds allows. */
#define PLAY_PATIENCE_SIGNAL SIGVTALRM

struct play_options {
	enum stage stage; /* STRESS, EXPLORE or HELGRIND */
	struct player_options player;
	Suite *(*suite)(void);	/* the lab's checks_suite */
	Suite *(*hidden)(void); /* its hidden_suite, or NULL */
	long runs;	 /* for each criterion; in EXPLORE the budget of executions */
	uint32_t detect; /* in EXPLORE, from explored_detect: what counts */
	uint32_t steps;	 /* in EXPLORE: a run that takes more never ends */
	const struct witness *witness; /* in EXPLORE: replay this in place of exploring */
	void (*found)(void *told); /* in EXPLORE, or NULL: called at the first finding */
	void *told;
	uint64_t seed; /* from which every input of every run follows */
};

/* What the runs of one criterion showed. Strings are owned and may be NULL. */
struct play_finding {
	bool failed;
	char *reason; /* one sentence */
	char *expected;
	char *actual;
	char *shown;  /* what the lab's check drew */
	char *output; /* raw bytes that the submission printed, NULs among them */
	size_t output_size;
	long runs;    /* made, the failing one included */
	bool refused; /* it could not be judged: nobody but the program had a hand there */
	char *xml;    /* helgrind's, else NULL */
	size_t xml_size;
	struct exploration exploration; /* in EXPLORE */
};

struct play *play_new(const struct play_options *options, struct error *error);
void play_free(struct play *play);

/* 0 if the criterion could be judged. -1 with the error set if the grader, or the lab's
 * checks, could not do their work. Call play_finding_release in both cases. */
int play_criterion(struct play *play, const char *criterion, struct play_finding *finding,
	struct error *error);
void play_finding_release(struct play_finding *finding);

#endif
