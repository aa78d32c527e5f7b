/* SPDX-License-Identifier: MIT */
/*
 * The systematic search. A schedule is the default policy (go on with the running task)
 * with some deviations from it; the search starts from none and adds one at a time, the
 * schedules with fewer preemptions first (Musuvathi and Qadeer, "Iterative context
 * bounding", PLDI 2007). A state that was reached before is not followed again: it was
 * reached with no more preemptions then.
 *
 *	while (search_next(search, &schedule))
 *		search_learn(search, &trace_of_its_execution);
 *	if (search_completed(search) == SEARCH_ALL)
 *		... every interleaving was covered ...
 */
#ifndef INTERLOCK_EXPLORE_SEARCH_H
#define INTERLOCK_EXPLORE_SEARCH_H

#include "explore/schedule.h"
#include "explore/trace.h"

#include <stdbool.h>
#include <stdint.h>

#define SEARCH_ALL UINT32_MAX
#define SEARCH_NONE (UINT32_MAX - 1)

struct search;

/* No schedule with more preemptions than the bound is tried. */
struct search *search_new(uint32_t bound, bool without_states);
void search_free(struct search *search);

/* The next schedule to run; false when the search is over. */
bool search_next(struct search *search, struct schedule *schedule);

/* The schedule that search_next gave last, and the k-th of those that it is known to give
 * next, from 0, whatever is learnt meanwhile; SEARCH_NONE if that is not known. */
uint32_t search_item(const struct search *search);
uint32_t search_upcoming(const struct search *search, uint32_t k);
void search_schedule(
	const struct search *search, uint32_t item, struct schedule *schedule);

/* What the execution of the schedule did; in the order of search_next. */
void search_learn(struct search *search, const struct trace *trace);

/* The most preemptions that were covered whole: SEARCH_ALL, SEARCH_NONE or a number. */
uint32_t search_completed(const struct search *search);

/* Preemptions of the schedule that search_next gave last. */
uint32_t search_level(const struct search *search);
uint64_t search_states(const struct search *search);

/*
 * A livelock among the states that were seen: the schedule leads to a state, then `turns`
 * times round from it, `length` steps each, from step `from` on. False if there is none.
 */
bool search_livelock(const struct search *search, uint32_t turns,
	struct schedule *schedule, uint32_t *from, uint32_t *length);

/* "" or why the search cannot claim to be complete. */
const char *search_limit(const struct search *search);

#endif
