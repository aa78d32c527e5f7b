/* SPDX-License-Identifier: MIT */
/*
 * Fills in the gradebook that an instructor downloaded from a course site, so that it can be
 * uploaded there again: Canvas' gradebook, or the grading worksheet of a Moodle assignment.
 *
 *	struct gradebook gradebook = {.column = "Lab 1 (4711)"};
 *	if (gradebook_fill(&gradebook, "downloaded.csv", &roll, &error) == 0)
 *		fputs(gradebook.text, stdout);
 *	gradebook_release(&gradebook);
 *
 * Of Canvas' file only the columns that say whose a row is, and the one that is filled in, are
 * written: the grades of other assignments may have changed there since. Cells that are not
 * filled in stay as they are, and each is told: a site leaves out without a word what it does
 * not take.
 */
#ifndef INTERLOCK_CLASS_GRADEBOOK_H
#define INTERLOCK_CLASS_GRADEBOOK_H

#include "class/roll.h"

#include <stddef.h>

/* The columns of a Moodle worksheet, which are called as its language calls them. */
enum worksheet_column {
	WORKSHEET_IDENTIFIER,
	WORKSHEET_GRADE,
	WORKSHEET_MAXIMUM,
	WORKSHEET_EDITABLE,
	WORKSHEET_MODIFIED,
	WORKSHEET_FEEDBACK,
	WORKSHEET_NAME,
	WORKSHEET_COLUMNS
};

struct gradebook {
	const char
		*column; /* Canvas' assignment, with its id; NULL: as the lab is called */
	const char *names[WORKSHEET_COLUMNS]; /* Moodle's; NULL: as in English */
	char *text;			      /* the file to upload */
	char *notes;	/* what was not filled in, and why: a line each */
	size_t filled;	/* rows that got a grade */
	size_t missing; /* members with work whose grade is in no row */
};

/* 0, or -1 with the error set; call gradebook_release() in both cases. */
int gradebook_fill(struct gradebook *gradebook, const char *path, const struct roll *roll,
	struct error *error);
void gradebook_release(struct gradebook *gradebook);

/* What a student reads beside the points: a sentence a criterion that was not passed. The
 * caller frees it. */
char *gradebook_comment(const struct member *member);

#endif
