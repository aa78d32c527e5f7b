/* SPDX-License-Identifier: MIT */
/*
 * Several fork servers of one program that work through a search together. Each execution is
 * handed out in its turn, so that what comes of the search is the same with any number of
 * servers; while one is waited for, the others run those that come next.
 *
 *	struct crew *crew = crew_new(&server, 2);
 *	while (search_next(search, &schedule))
 *		crew_execute(crew, &job, &trace, &error);
 *	crew_free(crew);
 *
 * What was run ahead is thrown away by crew_forget(), which has to be called when the search
 * it was for is given up. A server that dies over an execution that never has its turn does
 * no harm.
 */
#ifndef INTERLOCK_EXPLORE_CREW_H
#define INTERLOCK_EXPLORE_CREW_H

#include "explore/search.h"
#include "explore/server.h"

struct crew;

/* One execution: the one that search_next gave last. */
struct crew_job {
	const struct search *search;
	const struct request
		*request; /* hash_from and plan_length are the crew's to set */
	const struct schedule *schedule;
	const uint64_t *racy; /* request->racy_count of them */
	bool hashes;	      /* states are hashed from the end of the schedule on */
};

/* `jobs` servers: the first is the one that is given, which stays its owner's; its twins are
 * made once there is enough to do. */
struct crew *crew_new(struct server *first, uint32_t jobs);
void crew_free(struct crew *crew);

/* Puts into the trace what the job's execution did. -1: its server is gone. */
int crew_execute(struct crew *crew, const struct crew_job *job, struct trace *trace,
	struct error *error);

/* Forgets what was run ahead; then the first server is idle. */
void crew_forget(struct crew *crew);

#endif
