/* SPDX-License-Identifier: MIT */
/*
 * Shared mappings that are lost. A mapping ends with its process, and to keep one until then is
 * as good as to unmap it; a function that maps memory at each call and forgets it is a leak. So
 * one counts as leaked if at its process's end the same calls have made more than one that is
 * still mapped, and nothing points to it any more.
 */
#include "runtime.h"

void mapping_made(struct region *region)
{
	uint64_t callers[CALLERS_MAX];
	callers_of(explore_self.frame, callers);
	region->pc = explore_self.frame->pc;
	region->path = control_mix(region->pc);
	for (int i = 0; i < CALLERS_MAX; i++)
		region->path = control_mix(region->path ^ callers[i]);
	region->path |= 1; /* never 0 */
	region->maker = process_private.process;
}

static const struct region *made_here(const struct mapping *mapping)
{
	const struct region *region =
		&control->regions[(mapping->base & ~REGION_FLAG) >> REGION_SHIFT];
	return region->path && region->maker == process_private.process ? region : NULL;
}

static bool made_again(const struct region *region)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < process_private.mappings_used; i++) {
		const struct region *other = made_here(&process_private.mappings[i]);
		count += other && other->path == region->path;
	}
	return count > 1;
}

void mappings_left(void)
{
	if (!detected(DEFECT_LEAK))
		return;
	for (uint32_t i = 0; i < process_private.mappings_used; i++) {
		const struct mapping *mapping = &process_private.mappings[i];
		const struct region *region = made_here(mapping);
		if (!region || !made_again(region) || state_points_into(mapping))
			continue;
		struct defect *defect = defect_new(DEFECT_LEAK,
			"a shared mapping of %llu bytes is lost: nothing points to it, "
			"and it was not unmapped",
			(unsigned long long)region->length);
		if (defect)
			defect->pc = region->pc;
		return;
	}
}
