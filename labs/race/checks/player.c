/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/player.h>
#include <mp/process.h>

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>

/* Of the process that runs the student's function: all calls, and the one that goes on. */
static struct work *works;
static struct work *scheduled;

/* True when the task may take its next step. */
static bool await_turn(struct task *task)
{
	mp_semaphore_acquire(&task->turn);
	return !task->work->dismissed;
}

/* The accesses are volatile so that each is made once, in its step, as it stands here. */
static int task(void *argument)
{
	struct task *task = argument;
	volatile long *balance = &task->work->balance;
	struct mp_semaphore *taken = &task->work->taken;

	for (int turn = 0; turn < task->turns; turn++) {
		if (!await_turn(task))
			return 0;
		long own = *balance;
		mp_semaphore_release(taken);
		if (!await_turn(task))
			return 0;
		own += task->change;
		mp_semaphore_release(taken);
		if (!await_turn(task))
			return 0;
		*balance = own;
		mp_semaphore_release(taken);
	}
	return 0;
}

/* Lets the tasks end that are in the middle of their work. */
static void dismiss(struct work *work)
{
	work->dismissed = 1;
	for (int i = 0; i < work->task_count; i++)
		mp_semaphore_release(&work->tasks[i].turn);
}

static bool can_step(const struct work *work, int task)
{
	return task >= 0 && task < work->task_count &&
	       work->tasks[task].taken < STEPS_OF_AN_UPDATE * work->tasks[task].turns;
}

/* A step that nobody can take is the last one noted, and the end of the process. */
static void take_step(struct work *work, int task)
{
	bool possible = can_step(work, task);

	work->steps[work->step_count++] = task;
	if (!possible) {
		for (int call = 0; call < CALLS; call++)
			dismiss(&works[call]);
		mp_process_exit(0);
	}
	work->tasks[task].taken++;
	mp_semaphore_release(&work->tasks[task].turn);
	mp_semaphore_acquire(&work->taken);
}

/* It yields so that explore counts each call, also one for no steps: a function that makes
 * such calls for ever is found out soon. */
void step(int task, int count)
{
	sched_yield();
	for (int i = 0; i < count; i++)
		take_step(scheduled, task);
}

/* Calls it once for each account: each time it finds what it left the time before. */
static int call_with(void (*schedule)(int turns), void *argument)
{
	works = argument;
	for (int call = 0; call < CALLS; call++) {
		scheduled = &works[call];
		schedule(scheduled->tasks[FIRST].turns);
		scheduled->returned = 1;
		dismiss(scheduled);
	}
	return 0;
}

static void schedule_100(int turns)
{
	(void)turns;
	ends_with_100();
}

static void schedule_99(int turns)
{
	(void)turns;
	ends_with_99();
}

static void schedule_101(int turns)
{
	(void)turns;
	ends_with_101();
}

static int run_100(void *argument)
{
	return call_with(schedule_100, argument);
}

static int run_99(void *argument)
{
	return call_with(schedule_99, argument);
}

static int run_101(void *argument)
{
	return call_with(schedule_101, argument);
}

static int run_farthest(void *argument)
{
	return call_with(farthest, argument);
}

const struct player_entry player_entries[] = {
	{"task", task},
	{"ends_with_100", run_100},
	{"ends_with_99", run_99},
	{"ends_with_101", run_101},
	{"farthest", run_farthest},
	{NULL, NULL},
};
