/* SPDX-License-Identifier: MIT */
/*
 * What referee and player share in this lab: an account, the tasks that update it a step at
 * a time, and the schedule that the student's function made.
 *
 *	struct work *works = play_shared(CALLS * sizeof(*works));
 *	works[0].tasks[WITHDRAW] = (struct task){.work = works, .turns = 1, .change = -1};
 *	play_start("ends_with_99", works);
 *	play_start("task", &works[0].tasks[WITHDRAW]);
 */
#ifndef WORK_H
#define WORK_H

#include "scheduler.h"

#include <mp/semaphore.h>

enum {
	CALLS = 3, /* of the student's function, by one process */
	MOST_TASKS = 3,
	FEWEST_TURNS = 3,
	MOST_TURNS = 30,
	MOST_STEPS = MOST_TASKS * MOST_TURNS * STEPS_OF_AN_UPDATE,
};

struct work;

/* A process that updates the account and waits for its turn before each step. */
struct task {
	struct work *work;
	int turns;
	long change; /* that each update makes to the balance */
	int taken;   /* steps that it was let take */
	struct mp_semaphore turn;
};

/* Of one call. */
struct work {
	long balance;
	int task_count;
	struct task tasks[MOST_TASKS];
	struct mp_semaphore taken; /* released by a task that has taken its step */
	int dismissed;		   /* 1: no more steps, each task ends */
	int returned;		   /* 1: the student's function has */

	/* The schedule: one step more than there can be is noted, too, and is its end. */
	int step_count;
	int steps[MOST_STEPS + 1];
};

#endif
