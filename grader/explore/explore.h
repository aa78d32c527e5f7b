/* SPDX-License-Identifier: MIT */
/*
 * Explores the interleavings of a program: plans executions, runs them one after another
 * and says what was found and what was covered. Whoever drives it judges each execution:
 *
 *	while (explorer_next(explorer)) {
 *		arena_reset();
 *		if (explorer_run(explorer, &error))
 *			return -1;
 *		explorer_judge(explorer, arena_balance() != 100, "the balance is wrong");
 *	}
 *	const struct finding *finding = explorer_finding(explorer);
 *
 * The plan depends on the options and on what the executions did, never on time. When
 * something was found, the executions that follow make its schedule smaller and replay it.
 */
#ifndef INTERLOCK_EXPLORE_EXPLORE_H
#define INTERLOCK_EXPLORE_EXPLORE_H

#include "explore/schedule.h"
#include "explore/server.h"
#include "explore/symbols.h"
#include "explore/trace.h"

#include <stdbool.h>
#include <stdint.h>

/* RC11 is C11's memory model without load buffering. */
enum memory_model { MEMORY_RC11, MEMORY_SEQUENTIAL };

#define DETECT(kind) (1u << (kind))
/* With livelock: also where tasks could get on, but keep undoing each other's steps. */
#define DETECT_CYCLES (1u << 31)
#define DETECT_ALL ((DETECT(DEFECT_KINDS) - 2u) | DETECT_CYCLES)

struct explore_options {
	uint64_t seed;
	uint32_t budget;      /* executions, without those that minimise */
	uint32_t samples;     /* of these, before the systematic search begins */
	uint32_t max_steps;   /* of one execution */
	uint64_t max_blocks;  /* of a task without a step; 0: any number */
	bool endless;	      /* one that takes more is a livelock, and not cut short */
	uint64_t step_budget; /* of all of them */
	uint32_t bound;	      /* preemptions; EXPLORE_UNBOUNDED */
	uint32_t detect;      /* DETECT() bits */
	int memory;	      /* what atomics may return, where weaker orders are used */
	uint32_t jobs;	      /* servers that search at once; 0 is 1. What comes of it
				 is the same. The referee's memory must not be shared with
				 the program then, nor executions be judged in between. */
	int strategy;	      /* one strategy for all samples; -1: their own mix */
	bool every_access;    /* no reduction: each access and release is a choice */
	bool without_states;  /* no pruning of states seen before */
	bool has_streams;     /* the program reads our input; its output is kept */
	bool keep_output;
};

#define EXPLORE_UNBOUNDED UINT32_MAX

/* What is used where nothing else is asked for. */
extern const struct explore_options explore_defaults;

enum coverage {
	COVERAGE_COMPLETE, /* every interleaving */
	COVERAGE_BOUNDED,  /* every one with at most `bound` preemptions */
	COVERAGE_SAMPLED,
	COVERAGE_PARTIAL, /* some executions came to what is not followed, and ended there */
};

/* What the explorer does not follow, and where the program comes to it. */
struct uncovered {
	char what[64]; /* a function's name, say */
	uint64_t pc;
	uint64_t callers[CALLERS_MAX];
};
enum { UNCOVERED_MAX = 16 };

struct coverage_report {
	enum coverage kind;
	uint32_t bound;	     /* completed; meaningless if sampled */
	uint32_t executions; /* all but minimising and replaying */
	uint32_t minimising;
	uint32_t samples;
	uint64_t steps;
	uint64_t states;
	uint32_t tasks;		/* the most in any execution */
	uint32_t processes;	/* likewise */
	uint32_t longest;	/* steps of the longest execution */
	bool rc11;		/* atomics could return older values */
	bool choices;		/* at some step more than one task could have gone on */
	uint64_t accesses;	/* to memory that tasks share, in all executions */
	uint32_t items;		/* marked by the program; the most in any execution */
	uint32_t items_at_once; /* in progress at once; likewise */
	uint32_t outcomes;	/* different contents that shared memory had at the end */
	bool terminal_asked;	/* for standard input: it was given none */
	uint32_t outputs;	/* different texts that executions printed */
	char limit[96];		/* why not more; "" when complete */
	bool cut; /* executions ended early, since something is too large to be followed */
	uint32_t uncovered_count; /* likewise at what is not followed at all */
	struct uncovered uncovered[UNCOVERED_MAX];
};

struct finding {
	struct defect defect;
	uint32_t execution;   /* the first that showed it, counted from 1 */
	uint32_t preemptions; /* of the witness */
	bool fewest;	      /* there is no witness with fewer preemptions */
	bool in_search;	      /* found by the search, not by sampling */
	bool changed_outcome; /* a race whose witness ends as no run without preemption does */
	struct trace
		trace; /* the witness, with values; empty if it is about all executions */
	uint32_t repeats_from; /* the trace's steps from there on are a cycle; 0: none */
	uint32_t racy_count;   /* places that were steps in it */
	bool every_release, every_turn, every_access, rc11;
	uint32_t detect; /* as in the options */
};

/* A schedule that breaks a program, with what has to be the same for it to fit. */
struct witness {
	enum defect_kind kind;
	struct schedule schedule;
	uint32_t repeats_from; /* its steps from there on are a cycle; 0: none */
	uint64_t *racy;	       /* places that are steps because they race */
	uint32_t racy_count;
	bool every_access, every_release, every_turn, rc11;
	bool fewest;	 /* as in struct finding */
	uint32_t detect; /* what counted when it was found */
};

struct explorer;

/* The program is started by spawn; context has to outlive the explorer. NULL on failure. */
struct explorer *explorer_new(const struct explore_options *options, server_spawn *spawn,
	void *context, struct error *error);
void explorer_free(struct explorer *explorer);

/*
 * As explorer_new, but runs the program once, as the witness says. Its defect is the main
 * finding then; if it does not show, there is none.
 */
struct explorer *explorer_replaying(const struct witness *witness, server_spawn *spawn,
	void *context, struct error *error);

/* Before the first execution: memory that the program has no business with. To touch it, as to
 * touch the explorer's own, is a crash, as far as the instrumentation can see it. */
void explorer_guard(struct explorer *explorer, uint64_t from, uint64_t size);

/* Another execution is wanted. Closes the one before, with its judgement. */
bool explorer_next(struct explorer *explorer);

/* Runs it; every task is dead when it returns. -1: the program cannot be explored. */
int explorer_run(struct explorer *explorer, struct error *error);

/* No more executions: what was found and covered so far is all there is, and why. */
void explorer_stop(struct explorer *explorer, const char *why);

/* What the execution did, until the next one. */
const struct trace *explorer_trace(const struct explorer *explorer);

/* The referee's word on it, at any time before the next explorer_next(). */
void explorer_judge(struct explorer *explorer, bool failed, const char *reason);

/* Defects of these kinds (DETECT bits) are as they should be in the execution just run. */
void explorer_tolerate(struct explorer *explorer, uint32_t kinds);

/* The findings, in the order of their discovery; valid until explorer_free. Complete once next says false. */
const struct finding *explorer_findings(const struct explorer *explorer, uint32_t *count);

/* The one whose witness was made smaller and replayed; NULL if there is none. */
const struct finding *explorer_main_finding(const struct explorer *explorer);

void explorer_coverage(const struct explorer *explorer, struct coverage_report *report);

/* A replay went otherwise than the execution it repeats: "" or what is wrong with us. */
const char *explorer_divergence(const struct explorer *explorer);

/* The places in the program that are steps because they race. */
const uint64_t *explorer_racy(const struct explorer *explorer, uint32_t *count);

uint64_t explorer_load_bias(const struct explorer *explorer);

/* Words: "race", "deadlock"; "coverage" as used in JSON; sentence for people. */
const char *defect_name(enum defect_kind kind);
bool defect_kind_named(const char *name, enum defect_kind *kind);

/* What to detect, of an explore_options, if that kind of defect is; 0 if none has the name. */
uint32_t detect_named(const char *name);
const char *coverage_name(enum coverage kind);

/* Whether nothing found may be said to be a pass: false where executions were cut short. */
bool coverage_vouches(const struct coverage_report *report);

/* "not covered: NAME at FILE:LINE in FUNCTION", with as much of it as is known. */
void uncovered_sentence(const struct uncovered *uncovered, struct symbols *symbols,
	char *text, size_t size);
void coverage_sentence(const struct coverage_report *report, char *text, size_t size);

#endif
