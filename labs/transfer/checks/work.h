/* SPDX-License-Identifier: MIT */
/*
 * What referee and player share in this lab: accounts, and what each process does.
 *
 *	struct scene *scene = play_shared(sizeof(*scene));
 *	scene->bank.accounts[0].balance = 100;
 *	scene->jobs[0] = (struct job){.scene = scene, .from = 0, .to = 1, .times = 3};
 *	play_start("transfer", &scene->jobs[0]);
 */
#ifndef WORK_H
#define WORK_H

#include "transfer.h"

#include <mp/semaphore.h>
#include <stdatomic.h>

enum { JOBS = 8 };

/* What one process does. */
struct job {
	struct scene *scene;
	int from;
	int to;
	long times;
	long amount;
	long moved;   /* how many of its transfers returned 0 */
	long refused; /* how many returned something else */
	long wrong;   /* the auditor's: how often the sum was not the total */
};

struct scene {
	struct bank bank;
	long total; /* of accounts 0 and 1 */
	struct job jobs[JOBS];
	atomic_int at_the_gate; /* processes that are ready to begin */
	int gate;		/* how many must be, before any begins; 0 for no gate */
	atomic_int busy; /* the transfer that will have to wait is about to begin */
	struct mp_semaphore held; /* account 1 is held */
	struct mp_semaphore
		stranger_in; /* the transfer between the others has come to an end */
};

#endif
