/* SPDX-License-Identifier: MIT */
/* What was found, each defect once, with a witness of it. */
#include "explore/engine.h"

#include <stddef.h>

unsigned defect_gravity(uint32_t kind)
{
	switch (kind) {
	case DEFECT_CRITERION:
	case DEFECT_ASSERT:
	case DEFECT_CRASH:
	case DEFECT_FREED:
		return 4;
	case DEFECT_DEADLOCK:
	case DEFECT_LIVELOCK:
		return 3;
	case DEFECT_RACE:
		return 1;
	case DEFECT_EXIT_STATUS:
		return 0;
	default:
		return 2;
	}
}

static struct finding *finding_for(struct explorer *explorer, const struct defect *defect)
{
	for (uint32_t i = 0; i < explorer->findings_count; i++) {
		const struct defect *known = &explorer->findings[i].defect;
		bool same =
			known->pc == defect->pc && known->other_pc == defect->other_pc;
		bool crossed =
			known->pc == defect->other_pc && known->other_pc == defect->pc;
		bool anywhere = defect_gravity(defect->kind) >= 3;
		if (known->kind == defect->kind && (same || crossed || anywhere))
			return &explorer->findings[i];
	}
	return NULL;
}

/* The execution at hand shows the finding, and with fewer preemptions or better. */
void finding_keep_witness(const struct explorer *explorer, struct finding *finding)
{
	finding->preemptions = trace_preemptions(&explorer->trace);
	finding->racy_count = explorer->request.racy_count;
	finding->every_release = explorer->request.every_release;
	finding->every_turn = explorer->request.every_turn;
	finding->rc11 = explorer->request.rc11;
	finding->every_access = explorer->request.every_access;
	finding->detect = explorer->request.detect;
	trace_copy(&finding->trace, &explorer->trace);
}

void findings_add(struct explorer *explorer)
{
	const struct trace *trace = &explorer->trace;
	for (uint32_t i = 0; i < trace->result.defects; i++) {
		const struct defect *defect = &trace->defects[i];
		if (!(explorer->options.detect >> defect->kind & 1) ||
			finding_for(explorer, defect) ||
			explorer->findings_count >= FINDINGS_MAX)
			continue;
		struct finding *finding = &explorer->findings[explorer->findings_count++];
		finding->defect = *defect;
		finding->execution = explorer->executions;
		finding_keep_witness(explorer, finding);
	}
}

int findings_gravest(const struct explorer *explorer)
{
	int best = -1;
	for (uint32_t i = 0; i < explorer->findings_count; i++)
		if (best < 0 ||
			defect_gravity(explorer->findings[i].defect.kind) >
				defect_gravity(explorer->findings[best].defect.kind))
			best = (int)i;
	return best;
}

bool trace_shows(const struct trace *trace, const struct defect *wanted)
{
	for (uint32_t i = 0; i < trace->result.defects; i++) {
		const struct defect *defect = &trace->defects[i];
		if (defect->kind != wanted->kind)
			continue;
		if (defect_gravity(wanted->kind) != 2 || !wanted->pc ||
			defect->pc == wanted->pc)
			return true;
	}
	return false;
}
