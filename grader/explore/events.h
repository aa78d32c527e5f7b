/* SPDX-License-Identifier: MIT */
/*
 * What the tasks of one execution did to what they share, task by task: accesses to memory
 * that several of them use and one writes, and the locks taken on the way.
 *
 *	struct events *events = events_of(trace);
 *	for (uint32_t i = events->first[task]; i < events->first[task + 1]; i++)
 *		... events->list[i].variable ...
 *	events_free(events);
 */
#ifndef INTERLOCK_EXPLORE_EVENTS_H
#define INTERLOCK_EXPLORE_EVENTS_H

#include "explore/trace.h"

#include <stdbool.h>
#include <stdint.h>

/* Sets of locks are masks: an execution with more than 64 of them shares bits. */
struct event {
	uint64_t pc;
	uint64_t held;	   /* the locks that the task has just before */
	uint64_t taken;	   /* those that it has taken so far, this step included */
	uint64_t acquires; /* the lock that this step takes; 0: none */
	uint32_t step;
	uint32_t nth;	   /* of the task's steps of this kind at this pc, from 0 */
	uint16_t variable; /* the shared memory that it touches, from 1; 0: none */
	uint8_t kind;
	bool reads, writes;
};

struct events {
	struct event *list; /* in the order of the tasks, each task's in its own order */
	uint32_t count;
	uint32_t tasks;
	uint32_t variables; /* their numbers are below this */
	uint32_t first[TASKS_MAX + 1];
	uint16_t parent[TASKS_MAX];
	uint32_t created[TASKS_MAX]; /* the step that made the task */
	uint32_t joined[TASKS_MAX]; /* the step at which its parent saw that it had ended,
				       as far as one can tell; UINT32_MAX: none */
};

/* Never NULL; of a very long execution only the beginning is looked at. */
struct events *events_of(const struct trace *trace);
void events_free(struct events *events);

/* The step of a task can be neither before the other task was there nor after its end was
 * waited for: false. */
bool events_concurrent(
	const struct events *events, uint32_t step, uint32_t task, uint32_t other);

/* Does what the step does to memory depend on it, or change it? */
bool step_reads(const struct step *step);
bool step_writes(const struct step *step);

#endif
