/* SPDX-License-Identifier: MIT */
/*
 * What a witness calls shared memory is read off the program's own variables: for each step,
 * the pointers that lie in the frames of the process and among the program's data and lead to
 * the memory at hand are noted with where they lie, and so is the frame that it is a part of.
 * The explorer knows from the debugging information which variable that is and what it points
 * to.
 */
#include "runtime.h"

enum { REACH = 1 << 16, STEPS_LOOKED_AT = 4096, DATA_MOST = 1 << 20 };

static void keep(uint64_t pc, int64_t offset, uint64_t target, bool is_frame)
{
	uint32_t count = control->result.pointers;
	for (uint32_t i = 0; i < count; i++) {
		const struct pointer *known = &control->pointers[i];
		if (known->offset == offset && known->target == target &&
			known->pc == pc && known->is_frame == is_frame)
			return;
	}
	if (count >= POINTERS_MAX)
		return;
	control->pointers[count] = (struct pointer){pc, offset, target, is_frame};
	control->result.pointers++;
}

/* The words from start to end that lead to the memory or to what it is a part of. */
static void look(uintptr_t start, uintptr_t end, const struct operation *operation,
	uint64_t pc, uintptr_t origin)
{
	for (uintptr_t at = (start + 7) & ~7ull; at + 8 <= end; at += 8) {
		uint64_t value = *(const uint64_t *)at;
		if (value > operation->pointer || operation->pointer - value >= REACH)
			continue;
		uint64_t target = canonical((const void *)value);
		if (operation->address - target == operation->pointer - value)
			keep(pc, (int64_t)(at - origin), target, false);
	}
}

/* From the frame where the task entered the runtime up. */
static void look_in_frames(const struct task *task, const struct frame *frame,
	const struct operation *operation)
{
	uintptr_t low = (uintptr_t)(frame + 1);
	uint64_t link = frame->rbp, pc = frame->pc;
	for (int i = 0; i <= CALLERS_MAX; i++) {
		if (link < low || link + 16 > task->stack_top || link % 8 ||
			link - low >= STACK_MOST)
			return;
		if (operation->pointer >= low && operation->pointer < link)
			keep(pc, 0, canonical((const void *)link), true);
		look(low, link, operation, pc, link);
		const uint64_t *record = (const uint64_t *)link;
		low = link + 16;
		pc = record[1];
		link = record[0];
	}
}

void pointers_note(const struct operation *operation)
{
	uintptr_t start, end;
	if (!operation->pointer || control->result.steps > STEPS_LOOKED_AT)
		return;
	look_in_frames(explore_self.task, explore_self.frame, operation);
	for (uint32_t i = 0; i < control->result.tasks; i++) {
		const struct task *task = &control->tasks[i];
		if (task != explore_self.task && task->frame &&
			task->process == process_private.process &&
			task->state != TASK_FINISHED)
			look_in_frames(
				task, (const struct frame *)task->frame, operation);
	}
	state_program_data(&start, &end);
	if (end - start <= DATA_MOST)
		look(start, end, operation, 0, 0);
}
