/* SPDX-License-Identifier: MIT */
#include "explore/schedule.h"

#include "base/memory.h"

#include <stdlib.h>

void schedule_clear(struct schedule *schedule)
{
	schedule->length = 0;
}

void schedule_set(struct schedule *schedule, uint32_t step, uint16_t task)
{
	if (step >= schedule->room) {
		schedule->room = step + step / 2 + 64;
		schedule->choices = memory_grow(
			schedule->choices, schedule->room, sizeof *schedule->choices);
	}
	while (schedule->length <= step)
		schedule->choices[schedule->length++] = PLAN_FREE;
	schedule->choices[step] = task;
}

void schedule_of_trace(struct schedule *schedule, const struct trace *trace)
{
	schedule_clear(schedule);
	for (uint32_t i = 0; i < trace->result.steps; i++)
		schedule_set(schedule, i, trace->steps[i].task);
}

void schedule_copy(struct schedule *to, const struct schedule *from)
{
	schedule_clear(to);
	for (uint32_t i = 0; i < from->length; i++)
		schedule_set(to, i, from->choices[i]);
}

void schedule_repeat(struct schedule *schedule, uint32_t from, uint32_t turns)
{
	uint32_t length = schedule->length - from;
	for (uint32_t i = length; i < turns * length; i++)
		schedule_set(schedule, from + i, schedule->choices[from + i % length]);
}

void schedule_release(struct schedule *schedule)
{
	free(schedule->choices);
	*schedule = (struct schedule){0};
}
