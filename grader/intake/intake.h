/* SPDX-License-Identifier: MIT */
/*
 * Takes from a submission just the files that the lab asks for, and copies them to a
 * folder of our own. The submission is a folder, or the file itself where the lab asks for
 * one.
 *
 *	struct intake intake;
 *	int status = intake_take(&intake, lab, "class/alice", folder, &error);
 *	if (status == 0 && intake.complaint)
 *		printf("not accepted: %s\n", intake.complaint);
 *	intake_release(&intake);
 *
 * What a file is, is decided on the open descriptor, never on its name: a regular file
 * with one link and no symbolic link on its way, not larger than the lab allows.
 */
#ifndef INTERLOCK_INTAKE_INTAKE_H
#define INTERLOCK_INTAKE_INTAKE_H

#include "base/error.h"
#include "base/guard.h"
#include "lab/lab.h"

struct intake_file {
	char *name;
	char sha256[65];
	long long bytes;
};

struct intake {
	struct intake_file *files; /* in the order of lab.yaml */
	size_t file_count;
	unsigned without; /* as given to intake_take */
	char *complaint;  /* why it was not accepted, for the student; NULL if it was */
};

/* Copies the lab's files from path to folder, which exists: all of them or none. 0 if the submission could be
 * judged (then look at complaint), -1 with the error set if we failed. Call
 * intake_release in both cases. Tests can leave out GUARD_INTAKE. */
int intake_take(struct intake *intake, const struct lab *lab, const char *path,
	const char *folder, unsigned without, struct error *error);
void intake_release(struct intake *intake);

#endif
