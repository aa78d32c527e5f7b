/* SPDX-License-Identifier: MIT */
/*
 * Which task takes each step of an execution; PLAN_FREE where the strategy decides.
 *
 *	struct schedule schedule = {0};
 *	schedule_set(&schedule, 7, 2);
 *	server_set_plan(&server, schedule.choices, schedule.length);
 *	schedule_release(&schedule);
 */
#ifndef INTERLOCK_EXPLORE_SCHEDULE_H
#define INTERLOCK_EXPLORE_SCHEDULE_H

#include "explore/trace.h"

#include <stdint.h>

struct schedule {
	uint16_t *choices;
	uint32_t length;
	uint32_t room;
};

void schedule_clear(struct schedule *schedule);
void schedule_set(struct schedule *schedule, uint32_t step, uint16_t task);
void schedule_of_trace(struct schedule *schedule, const struct trace *trace);
void schedule_copy(struct schedule *to, const struct schedule *from);

/* Appends its steps from `from` on so often that they are there `turns` times. */
void schedule_repeat(struct schedule *schedule, uint32_t from, uint32_t turns);
void schedule_release(struct schedule *schedule);

#endif
