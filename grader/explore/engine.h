/* SPDX-License-Identifier: MIT */
/*
 * The explorer's own state; only explorer.c and the files beside it look at it.
 *
 *	if (explorer->phase == PHASE_SEARCH)
 *		...
 */
#ifndef INTERLOCK_EXPLORE_ENGINE_H
#define INTERLOCK_EXPLORE_ENGINE_H

#include "explore/crew.h"
#include "explore/explore.h"
#include "explore/hash_set.h"
#include "explore/sample.h"
#include "explore/search.h"

enum { CYCLE_TURNS = 3, FINDINGS_MAX = 32 };

enum phase {
	PHASE_SAMPLE,
	PHASE_SEARCH,
	PHASE_SHRINK_SEARCH,
	PHASE_DROP,
	PHASE_CONFIRM,
	PHASE_DONE,
};

struct explorer {
	struct explore_options options;
	struct server server;
	struct crew *crew; /* NULL: the server does it alone */
	enum phase phase;

	/* the execution at hand */
	struct request request;
	struct schedule schedule;
	struct trace trace;
	bool running;
	bool replaying; /* a witness that was given, once */
	bool judged_failed;
	uint32_t tolerated; /* kinds that are no defect in it */
	char reason[200];

	/* what is known to race, and whether somebody looks at what is released */
	uint64_t racy[RACY_MAX / 2];
	uint32_t racy_count, racy_written;
	bool every_release, every_turn;
	bool rc11; /* weaker orders than the sequentially consistent one were seen */

	struct sampler *sampler;
	struct search *search;
	uint32_t executions, samples, race_executions;
	uint64_t guarded, guarded_size;
	uint32_t diverged; /* executions of the search that could not be as planned */
	uint64_t steps;
	struct hash_set outcomes, outputs;
	struct coverage_report report;
	uint64_t item_pc; /* where the first marked item began */
	char limit[96];

	struct finding findings[FINDINGS_MAX];
	uint32_t findings_count;
	int main_finding; /* whose witness is made smaller and replayed; -1 */
	struct search *shrink_search;
	uint32_t shrink_tries, shrink_starts, drop_at, replays;
	uint64_t shrink_steps; /* of what minimises, since it began */
	struct schedule kept;
	uint32_t cycle_from, cycle_length; /* kept ends with turns of a cycle */
	char divergence[96];
};

/* findings.c */
unsigned defect_gravity(uint32_t kind);
void finding_keep_witness(const struct explorer *explorer, struct finding *finding);
void findings_add(struct explorer *explorer);
int findings_gravest(const struct explorer *explorer);
bool trace_shows(const struct trace *trace, const struct defect *wanted);

/* proof.c: what each phase after the search plans and learns */
void proof_as_witness(struct explorer *explorer);
void proof_confirm(struct explorer *explorer);
void proof_shrink(struct explorer *explorer);
void proof_drop(struct explorer *explorer);
void proof_search_over(struct explorer *explorer);
bool proof_start_livelock(struct explorer *explorer);
void proof_after_search(struct explorer *explorer);
void proof_after_drop(struct explorer *explorer);
void proof_after_confirm(struct explorer *explorer);
bool proof_plan_drop(struct explorer *explorer);
bool proof_search_goes_on(const struct explorer *explorer);

#endif
