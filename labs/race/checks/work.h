/* SPDX-License-Identifier: MIT */
/*
 * What referee and player share in this lab: an account, the tasks that update it a step at
 * a time, and the schedule that the student's function made.
 *
 *	struct work *work = play_shared(sizeof(*work));
 *	work->tasks[WITHDRAW] = (struct task){.work = work, .turns = 1, .change = -1};
 *	play_start("ends_with_99", work);
 *	play_start("task", &work->tasks[WITHDRAW]);
 */
#ifndef WORK_H
#define WORK_H

#include "scheduler.h"

#include <mp/semaphore.h>

enum {
	MOST_TASKS = 3,
	MOST_TURNS = 12,
	MOST_STEPS = MOST_TASKS * MOST_TURNS * STEPS_OF_AN_UPDATE,
};

struct work;

/* A process that updates the account and waits for its turn before each step. */
struct task {
	struct work *work;
	int turns;
	long change; /* that each update makes to the balance */
	struct mp_semaphore turn;
};

struct work {
	long balance;
	int task_count;
	struct task tasks[MOST_TASKS];
	struct mp_semaphore taken; /* released by a task that has taken its step */
	int dismissed;		   /* 1: no more steps, each task ends */

	/* The schedule: one step more than there can be is noted, too, and is its end. */
	int step_count;
	int steps[MOST_STEPS + 1];
};

#endif
