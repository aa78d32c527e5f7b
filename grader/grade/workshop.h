/* SPDX-License-Identifier: MIT */
/* What the files of grade/ share: see grade.h. */
#ifndef INTERLOCK_GRADE_WORKSHOP_H
#define INTERLOCK_GRADE_WORKSHOP_H

#include "build/build.h"
#include "grade/grade.h"

struct workshop {
	const struct lab *lab;
	const struct grade_options *options;
	char *folder;	 /* temporary, holds the lab's compiled checks */
	char *toolchain; /* what compiled them */
	char *lab_hash;	 /* of what decides the lab's inputs */
};

/* How a submission in that folder is built; valid as long as both are. */
struct build workshop_build(const struct workshop *workshop, const char *folder);

#endif
