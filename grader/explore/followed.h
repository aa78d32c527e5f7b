/* SPDX-License-Identifier: MIT */
/*
 * The C library's functions that the explorer knows: the table of its runtime, as text beside
 * it ("NAME WHERE" a line).
 *
 *	struct followed *functions = followed_read(&error);
 *	if (followed_find(functions, "fork") == FUNCTION_UNKNOWN)
 *		puts("not followed");
 *	followed_free(functions);
 */
#ifndef INTERLOCK_EXPLORE_FOLLOWED_H
#define INTERLOCK_EXPLORE_FOLLOWED_H

#include "base/error.h"

#include <stdbool.h>

enum function_where {
	FUNCTION_UNKNOWN, /* not followed */
	FUNCTION_DESK,	  /* followed, but not allowed in the sandbox */
	FUNCTION_BOX,
};

struct followed;

/* NULL with the error set if the table cannot be read. */
struct followed *followed_read(struct error *error);
void followed_free(struct followed *functions);

/* What the compiler brings along is FUNCTION_BOX, too. */
enum function_where followed_find(const struct followed *functions, const char *name);

/* Whether the C library has a function of that name at all. */
bool followed_in_library(const char *name);

#endif
