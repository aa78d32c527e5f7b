/* SPDX-License-Identifier: MIT */
/*
 * The page of a class, for its instructor: how it did, which criteria fail most and why, and all
 * submissions in a table to sort, filter and search. It shows hidden criteria, and says that they
 * are.
 *
 *	char *page = class_page(results, count, absent);
 */
#ifndef INTERLOCK_CLASS_PAGE_H
#define INTERLOCK_CLASS_PAGE_H

#include "score/result.h"

/* The last `absent` of the results are of those that handed in nothing. The caller frees it. */
char *class_page(const struct result *const *results, size_t count, size_t absent);

#endif
