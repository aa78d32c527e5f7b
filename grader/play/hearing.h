/* SPDX-License-Identifier: MIT */
/*
 * What the referee hears from a player: the answers on its socket, what it prints, helgrind's
 * XML, and what it left in the arena. All of it is taken as the words of a stranger.
 *
 *	hearing_drain(&hearing);
 *	if (hearing_answer(&hearing, &report))
 *		hearing_judge(&hearing, &report, &run);
 *	hearing_release(&hearing);
 */
#ifndef INTERLOCK_PLAY_HEARING_H
#define INTERLOCK_PLAY_HEARING_H

#include "lab/lab.h"
#include "play/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <interlock/checks.h>

/* How one run ended. */
struct player_run {
	enum play_end end;
	int process;	/* the first that did not return as it should, or -1 */
	int code;	/* its exit code, or minus the signal */
	int left_alive; /* processes that nobody waited for */
	int left_zombies;
	bool no_entry; /* nothing was run: the plan names what the player does not list */
	char flood[32]; /* PLAY_FLOODED: what there was too much of */
};

struct hearing {
	const struct lab_limits *limits;
	const struct arena *arena;
	uint32_t planned; /* processes of this run, as the arena can be written on */
	int socket;	  /* one message an answer; -1 while there is none */
	int printed;	  /* what it prints, not to be waited for; -1 */
	int xml_fd;	  /* what helgrind writes, not to be waited for; -1 */
	char *output;	  /* the first output_kb of it; owned */
	size_t output_size;
	size_t flood; /* bytes printed in this run */
	char *xml;    /* owned */
	size_t xml_size;
};

/* An answer of the right shape was there; false when the player is gone or babbles. */
bool hearing_answer(struct hearing *hearing, struct arena_report *report);

/* Says in run how it ended, by the answer and by the arena. */
void hearing_judge(const struct hearing *hearing, const struct arena_report *report,
	struct player_run *run);

/* Looks in the arena for the first process that did not return, and says in run how it ended.
 * Everything there is a claim: it can only make the run look worse, or be contradicted by
 * the lab's own check. A forged one, that a process has returned, is worth what returning at
 * once is worth: nothing where a check asks for work. */
void hearing_judge_processes(const struct hearing *hearing, struct player_run *run);

/* How the run ended, in a sentence without its full stop; the caller frees it. */
char *hearing_explain(const struct hearing *hearing, const struct player_run *run);

/* Takes off the pipes what is in them, so that nobody waits for us. */
void hearing_drain(struct hearing *hearing);

/* More was printed in this run than any lab's program has to say. */
bool hearing_flooded(const struct hearing *hearing);

/* Frees what was heard; closes nothing. */
void hearing_release(struct hearing *hearing);

#endif
