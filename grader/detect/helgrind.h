/* SPDX-License-Identifier: MIT */
/*
 * Reads the XML that valgrind's helgrind writes (protocol version 4) with libxml2.
 *
 *	struct helgrind_report report;
 *	if (helgrind_read(&report, xml, size, lab, &error) == 0)
 *		for (size_t i = 0; i < report.count; i++)
 *			puts(report.errors[i].what);
 *	helgrind_release(&report);
 */
#ifndef INTERLOCK_DETECT_HELGRIND_H
#define INTERLOCK_DETECT_HELGRIND_H

#include "base/error.h"
#include "lab/lab.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One error that names a line of the student. Strings are owned and come from a program
 * that nobody trusts. */
struct helgrind_error {
	char *kind; /* Race, UnlockUnlocked, LockOrder, ... */
	char *what; /* helgrind's sentence */
	char *file; /* the first place that is in one of the lab's files */
	long line;
	char *function;
	char *stacks;	   /* both accesses, a line a frame */
	uintptr_t address; /* of a race, else 0 */
};

struct helgrind_report {
	struct helgrind_error *errors; /* in the order in which helgrind saw them */
	size_t count;
	bool complete; /* the program ended properly and helgrind finished its file */
};

/* -1 with the error set if there is no helgrind report in the bytes at all. A file that
 * was cut off is read as far as it goes. Errors without a frame in one of the lab's files
 * are left out: they are not the student's. */
int helgrind_read(struct helgrind_report *report, const char *xml, size_t size,
	const struct lab *lab, struct error *error);
void helgrind_release(struct helgrind_report *report);

#endif
