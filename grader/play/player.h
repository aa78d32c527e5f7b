/* SPDX-License-Identifier: MIT */
/*
 * The player as its referee sees it: a boxed program that shares an arena, runs what it
 * is asked to, and is ended and started anew whenever a run does not end by itself.
 *
 *	struct player *player = player_new(&options, &error);
 *	player_reset(player);
 *	plan_runs_in(player_arena(player));
 *	if (player_run(player, &run, &error) == 0 && run.end == PLAY_STUCK)
 *		puts("deadlock");
 *	player_free(player);
 */
#ifndef INTERLOCK_PLAY_PLAYER_H
#define INTERLOCK_PLAY_PLAYER_H

#include "base/error.h"
#include "base/guard.h"
#include "lab/lab.h"
#include "play/arena.h"
#include "play/hearing.h"
#include "sandbox/box.h"
#include <stdatomic.h>
#include <stdbool.h>

#include <interlock/checks.h>

/* The processor time that all programs of one submission have together. */
struct spending {
	atomic_long ms; /* used; added to by each judge */
	long most_ms;	/* written before the judges start */
};

struct player_options {
	const char *folder;  /* that holds the program; the box's work folder */
	const char *program; /* its name in the folder */
	enum arena_mode mode;
	bool helgrind; /* run it under valgrind, whose XML player_xml returns */
	const struct lab_limits *limits;
	enum box_tier tier;
	bool trusted;	  /* no box: a person's own desk */
	int others;	  /* players that may run at the same time as the same user */
	unsigned without; /* guards to leave out; only tests do (base/guard.h) */
	struct spending *spending; /* what is used is added there; or NULL */
};

/* The program starts with the first run. NULL with the error set. */
struct player *player_new(const struct player_options *options, struct error *error);
void player_free(struct player *player);

/* The arena, mapped at ARENA_ADDRESS. One player at a time can have it. */
struct arena *player_arena(struct player *player);

/* Puts zeros where the last run used the arena. */
void player_reset(struct player *player);

/* Runs what the arena plans. -1 with the error set if the player could not be started, its
 * box failed, or the user asked to stop. */
int player_run(struct player *player, struct player_run *run, struct error *error);

/* For runs that player_run does not make: notes how many processes the arena plans, before
 * any of them can write there, and says afterwards how they ended (see hearing.h). */
void player_keep_plan(struct player *player);
void player_judge_processes(struct player *player, struct player_run *run);

/* How the run ended, in a sentence without its full stop; the caller frees it. */
char *player_explain(const struct player *player, const struct player_run *run);

/* Starts the program for the explorer, with the arena and the explorer's two descriptors, in
 * place of one that was started so before. Returns the pid of its box, or -1. */
pid_t player_start_explored(
	struct player *player, int memory_fd, int command_fd, struct error *error);

/* Adds to the spending what the program has used in runs that player_run does not make. */
void player_count_time(struct player *player);

/* Whether the submission has used up its time. */
bool player_is_spent(const struct player *player);

/* The path of the program; the caller frees it. */
char *player_program_path(const struct player *player);

/* What runs printed since the last call, at most the lab's output_kb: *size raw bytes, a
 * NUL after them. The caller frees it. */
char *player_output(struct player *player, size_t *size);

/* Ends the program properly and returns the XML that helgrind wrote, which may be cut
 * off. The caller frees it. */
char *player_xml(struct player *player, size_t *size);

#endif
