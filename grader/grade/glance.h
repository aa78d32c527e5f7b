/* SPDX-License-Identifier: MIT */
/*
 * A first look at a submission, for somebody who waits at a terminal: the few executions of each
 * criterion that explore makes first. Most mistakes show there, long before all criteria
 * have been judged. It says what is wrong sooner and changes nothing in the result.
 *
 *	int told = glance_at_all(&judge, 2);
 */
#ifndef INTERLOCK_GRADE_GLANCE_H
#define INTERLOCK_GRADE_GLANCE_H

#include "grade/judge.h"

/* Looks at one criterion after another, in as many processes at once as there are seats, and
 * tells standard error of the first that fails. Its number, or -1. */
int glance_at_all(const struct judge *judge, size_t seats);

/* Tells standard error that the criterion is not passed. */
void glance_tell(const struct lab_criterion *criterion);

#endif
