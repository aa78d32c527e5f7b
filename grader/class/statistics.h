/* SPDX-License-Identifier: MIT */
/*
 * What an instructor asks of a class: what could not be judged, how the points are distributed,
 * which criteria fail most, who made the same mistake, and whose answers are alike.
 *
 *	char *text = statistics_text(database, "lock", &error);
 */
#ifndef INTERLOCK_CLASS_STATISTICS_H
#define INTERLOCK_CLASS_STATISTICS_H

#include "base/error.h"
#include "class/database.h"

/* The caller frees it; NULL with the error set. */
char *statistics_text(struct database *database, const char *lab, struct error *error);

#endif
