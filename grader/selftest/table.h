/* SPDX-License-Identifier: MIT */
/*
 * What a selftest found, for people: a table, then everything that is not as it should be.
 *
 *	char *page = table_text(&test);
 *	fputs(page, stdout);
 */
#ifndef INTERLOCK_SELFTEST_TABLE_H
#define INTERLOCK_SELFTEST_TABLE_H

#include "selftest/selftest.h"

/* For a terminal. The caller frees it. */
char *table_text(const struct selftest *test);

/* For the lab's README: the same counts as Markdown, what fails which criterion, and how
 * many mutants of each kind were caught. It is the same in every run. */
char *table_markdown(const struct selftest *test);

/* The mutants that survive, as entries for equivalent-mutants.yaml whose reason is to be
 * written. */
char *table_survivors(const struct selftest *test);

#endif
