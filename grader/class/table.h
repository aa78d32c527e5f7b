/* SPDX-License-Identifier: MIT */
/*
 * A class as a table for other programs: class.csv, a row a member and a column a criterion, and
 * class.json with the same.
 *
 *	char *text = table_csv(&roll);
 *
 * Text in the CSV that a spreadsheet would take for a formula has an apostrophe before it.
 */
#ifndef INTERLOCK_CLASS_TABLE_H
#define INTERLOCK_CLASS_TABLE_H

#include "class/roll.h"

/* The caller frees them. */
char *table_csv(const struct roll *roll);
char *table_json(const struct roll *roll);

/* A number with two digits after its point at most, none that says nothing; the caller frees
 * it. */
char *number_text(double number);

#endif
