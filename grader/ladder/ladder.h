/* SPDX-License-Identifier: MIT */
/*
 * A witness folded to what a person can read: a ladder of at most LADDER_RUNGS rungs, each a
 * step of one task, with the value read or written and the locks held. Kept are the steps at
 * which it goes wrong, those around each preemption, and each task's last; what is left out
 * says what it was. Every report draws this one structure.
 *
 *	struct ladder *ladder = ladder_of(finding, symbols);	... explore/rungs.h makes it
 *	ladder_fold(ladder);
 *	ladder_text(&page, ladder, 72);
 *	char *stored = ladder_json(ladder);
 *	ladder_free(ladder);
 */
#ifndef INTERLOCK_LADDER_LADDER_H
#define INTERLOCK_LADDER_LADDER_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_t;

enum { LADDER_RUNGS = 44 };

enum rung_kind {
	RUNG_OTHER, /* a step that is none of the following */
	RUNG_READ,
	RUNG_WRITE,
	RUNG_UPDATE, /* reads and writes at once: atomic */
	RUNG_LOCK,
	RUNG_UNLOCK,
	RUNG_WAIT, /* no step: where a task waits at the end */
	RUNG_LOOP, /* the last `period` rungs come again `count` times */
	RUNG_FOLD, /* `count` steps that are left out */
	RUNG_KINDS
};

/* What steps that are left out leave behind: an object's value, or else a task's locks. */
struct left {
	char *object;  /* or NULL */
	uint32_t task; /* without an object */
	char *value;   /* "377", "a, b"; NULL: no lock */
};

/* Texts are owned. Whoever makes the ladder writes all but the marks and the rungs of kind
 * LOOP and FOLD, which are ladder_fold's; notes are of both. */
struct rung {
	enum rung_kind kind;
	uint32_t task;	 /* index among the ladder's tasks */
	uint32_t number; /* of the step, from 1; 0: no step */
	char *deed;	 /* "write balance"; of a FOLD: what was left out */
	char *object;	 /* "balance", or NULL */
	char *value;	 /* "377": read, or left behind; or NULL */
	char *file;	 /* the name without folders, or NULL */
	char *function;
	long line;
	char *held; /* the locks that the task has afterwards: "a, b"; or NULL */
	char *note; /* what one should see here, or NULL */
	bool preempts;
	bool early;    /* its time is up although others could run */
	bool decisive; /* here it goes wrong */
	uint32_t count, period;
	struct left *left; /* of a FOLD */
	uint32_t left_count;
	/* Not stored: what tells objects and lines of the program apart. */
	uint64_t address, pc;
};

enum arrow_kind { ARROW_STALE, ARROW_RACE };

/* From a stale read to the write that overwrites by it; or between two unordered accesses. */
struct arrow {
	enum arrow_kind kind;
	uint32_t from, to; /* rungs */
};

/* A task that waits at the end, and who has what it waits for. */
struct waiting {
	uint32_t task;
	char *object; /* or NULL */
	int holder;   /* a task; -1: nobody */
};

struct ladder_task {
	char *name; /* "P2" */
	char *runs; /* the first function of the program in which it takes a step, or NULL */
};

struct ladder {
	char *kind;  /* "race", "deadlock": a defect's name */
	char **said; /* the defect in a few lines; NULL ends them */
	struct ladder_task *tasks;
	uint32_t task_count;
	struct rung *rungs;
	uint32_t rung_count;
	struct arrow *arrows;
	uint32_t arrow_count;
	struct waiting *waiting;
	uint32_t waiting_count;
	uint32_t steps; /* with those that are folded */
	uint32_t preemptions;
	bool fewest;	       /* none has fewer preemptions */
	uint32_t repeats_from; /* the rung at which the cycle begins, + 1; 0: none */
	/* Of a defect that shows at one rung, or of two that race: rungs, + 1; 0: none. */
	uint32_t defect_rung, other_rung;
};

/* Everything empty; appended to by its maker. */
struct ladder *ladder_new(void);
void ladder_free(struct ladder *ladder);
struct rung *ladder_add(struct ladder *ladder); /* valid until the next call */
void ladder_say(struct ladder *ladder, const char *text, size_t length);
void ladder_unsay(struct ladder *ladder);

/* Finds where it goes wrong, leaves out what is not needed to see it, and tasks without a
 * rung. Once only. */
void ladder_fold(struct ladder *ladder);

void rung_release(struct rung *rung); /* its texts */

/* The words of a rung: its deed and value. The caller frees them. */
char *rung_words(const struct rung *rung);

/* Lines, of at most `width` columns; each keeps the blanks before it, behind `indent` more. */
void lines_wrap(struct buffer *page, const char *text, size_t indent, size_t width);

/* The defect in words, and the ladder: no line wider than `width` columns, which is at least
 * 40 and counts from `indent`, a number of blanks before each line. */
void ladder_said_text(
	struct buffer *page, const struct ladder *ladder, size_t indent, size_t width);
void ladder_text(
	struct buffer *page, const struct ladder *ladder, size_t indent, size_t width);

/* "read", "lock": as in the stored form. */
const char *rung_kind_name(enum rung_kind kind);

/* The stored form, on one line; the caller frees it. NULL where the text is none. */
char *ladder_json(const struct ladder *ladder);
struct json_t *ladder_value(const struct ladder *ladder); /* the caller's reference */
struct ladder *ladder_parse(const char *text);

#endif
