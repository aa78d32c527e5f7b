/* SPDX-License-Identifier: MIT */
/*
 * The player under the explorer: the same plan, one step at a time, through the interleavings
 * that matter.
 *
 *	struct explored *explored = explored_new(player, detect, executions, seed, &error);
 *	while (explored_next(explored))
 *		if (explored_run(explored, &run, &error) == 0)
 *			explored_judge(explored, balance() != 100, "the balance is wrong");
 *	explored_free(explored);
 */
#ifndef INTERLOCK_PLAY_EXPLORED_H
#define INTERLOCK_PLAY_EXPLORED_H

#include "base/error.h"
#include "play/player.h"

#include <stdint.h>

struct witness;

struct explored_options {
	uint32_t detect;     /* a set that explored_detect made: the defects that count */
	uint32_t executions; /* budget */
	uint32_t steps;	     /* of one execution: more is a livelock; 0: the default */
	uint64_t seed;
	const struct witness *witness; /* run this once in place of exploring; or NULL */
};

struct explored;

/* The set of defects with these names ("race", "deadlock", ...), together with those that count
 * in any case, since they end a run early. -1 with the error set if a name is unknown. */
int explored_detect(
	char *const *names, unsigned count, uint32_t *detect, struct error *error);

/* The player's arena and options are used, its program is ours to start. It must outlive
 * the explored. NULL with the error set. */
struct explored *explored_new(struct player *player,
	const struct explored_options *options, struct error *error);
void explored_free(struct explored *explored);

/* Another execution is wanted. */
bool explored_next(struct explored *explored);

/* Runs what the arena plans. 0: run->end says how it ended. 1: the execution was cut short by
 * a cap of the explorer, so there is nothing to judge. -1: it could not be run. */
int explored_run(struct explored *explored, struct player_run *run, struct error *error);

/* Something that counts was found; its witness may not be the shortest yet. */
bool explored_found(const struct explored *explored);

/* The execution just run may have ended with processes stuck, if the lab's check does not
 * fail it. */
void explored_tolerate(struct explored *explored);

/* In the execution just run a wait with a time limit gave up while others could go on. */
bool explored_time_jumped(const struct explored *explored);

/* The word of the lab's check on the execution just run. */
void explored_judge(struct explored *explored, bool failed, const char *reason);

/* The most items in progress at once in any execution so far (interlock/items.h). */
long explored_at_once(const struct explored *explored);

/* In the execution just run a process waited by going round in a loop. */
bool explored_kept_busy(const struct explored *explored);

/* What came of it, once explored_next has said no. Strings are owned and may be NULL. */
struct exploration {
	bool found;
	bool by_check; /* what was found is that the lab's check failed */
	char *reason;  /* the gravest finding, in a sentence */
	char *file;    /* its first place in the source, or NULL */
	char *function;
	long line;
	char *ladder;  /* the finding in full and its witness, drawn */
	char *rungs;   /* the same as JSON (ladder/ladder.h) */
	char *witness; /* the finding and every step of it, as JSON: a witness file without
			   where its program comes from (explore/replay.h) */
	char *coverage; /* what was covered, in a sentence */
	long executions;
};

int explored_conclude(
	struct explored *explored, struct exploration *exploration, struct error *error);
void exploration_release(struct exploration *exploration);

#endif
