/* SPDX-License-Identifier: MIT */
/*
 * What referee and player share in this lab: a bank, and what each process does with it.
 *
 *	struct scene *scene = play_shared(sizeof(*scene));
 *	scene->bank.accounts[0].balance = 100;
 *	struct job *job = &notes->jobs[0];
 *	job->scene = scene;
 *	job->times = 3;
 *	job->moves[job->count++] = (struct move){.bank = &scene->bank, .from = 0, .to = 1};
 *	play_start("transfers", job);
 */
#ifndef WORK_H
#define WORK_H

#include "transfer.h"

#include <mp/semaphore.h>
#include <stdatomic.h>

/* Pairs of accounts, and rings of three: as many as are tried. */
enum { PAIRS = BANK_ACCOUNTS * (BANK_ACCOUNTS - 1) / 2, RINGS = 6 };
enum { MOST_SIDES = 3, MOST_MOVES = RINGS + PAIRS, MOST_JOBS = 4 };

struct move {
	struct bank *bank;
	int sides; /* if this ends a round: how many are in it, from side 0; else 0 */
	int from;
	int to;
	long amount;
	/* By what makes it. */
	atomic_int moved;   /* how many of its transfers returned 0 */
	atomic_int refused; /* how many returned something else */
	atomic_int
		wrong; /* the auditor's: sums of both accounts that were not `amount` */
};

/* What one process does: all its moves, one after the other, so many times; or, in rounds, so
 * many times each move, and at the end of a round it waits for the others who are in it. */
struct job {
	struct scene *scene;
	long times;
	int side; /* in rounds: its number among those who are in them */
	int count;
	struct move moves[MOST_MOVES];
};

/* The plan and what came of it, which lie where an answer cannot write (play_notes). */
struct notes {
	int count;
	struct job jobs[MOST_JOBS];
};

struct scene {
	struct bank bank;
	atomic_int at_the_gate; /* processes that are ready to begin */
	int gate;		/* how many must be, before any begins; 0 for no gate */
	struct mp_semaphore arrived[MOST_SIDES]; /* for each side: who is there */
	struct mp_semaphore
		held; /* a permission for each who waits until locks are held */
	struct mp_semaphore done; /* one of those has come to an end */
};

#endif
