/* SPDX-License-Identifier: MIT */
/*
 * What one execution did, copied out of the control memory and made safe to read: every
 * count is within its bounds and every text ends.
 *
 *	trace_read(&trace, server.memory, STEPS_MAX);
 *	for (uint32_t i = 0; i < trace.result.steps; i++)
 *		... trace.steps[i].task ...
 *	trace_release(&trace);
 */
#ifndef INTERLOCK_EXPLORE_TRACE_H
#define INTERLOCK_EXPLORE_TRACE_H

#include "explore/control.h"

#include <stdbool.h>

struct trace {
	struct execution_result result;
	struct step *steps; /* result.steps of them */
	uint32_t steps_room;
	struct defect
		defects[DEFECTS_MAX + 1]; /* result.defects of them; a criterion's last */
	struct pointer pointers[POINTERS_MAX]; /* result.pointers of them */
	char names[NAMES_MAX]
		  [64]; /* of semaphores, by their place in the control memory */
	char files[FILES_MAX][FILE_SHOWN];
	struct {
		uint64_t key;
		char shown[FILE_SHOWN];
	} file_names[FILE_NAMES_MAX];
	uint32_t programs_count; /* that ran at once; 0: one */
	char programs[PROGRAMS_MAX][FILE_SHOWN];
};

/* At most max_steps steps are believed: the number that the execution was asked for. */
void trace_read(
	struct trace *trace, const struct control_memory *memory, uint32_t max_steps);
void trace_release(struct trace *trace);

/* Copies a trace, with its own memory. */
void trace_copy(struct trace *to, const struct trace *from);

/* The first defect of a kind in the set of bits 1 << kind; NULL if there is none. */
const struct defect *trace_defect(const struct trace *trace, uint32_t kinds);

/* Would leaving the task before this step have been a preemption? */
bool step_could_stay(const struct step *step);
bool step_is_preemption(const struct step *step);
uint32_t trace_preemptions(const struct trace *trace);

/* From step `from` on the execution comes back to one state so many times, each time after so
 * many steps; the state before the last step is compared, too. */
bool trace_repeats(
	const struct trace *trace, uint32_t from, uint32_t length, uint32_t turns);

/* The two did the same, step by step. */
bool trace_equal(const struct trace *a, const struct trace *b);

#endif
