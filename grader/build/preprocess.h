/* SPDX-License-Identifier: MIT */
/*
 * A student's files through the gate and the preprocessor, once for all builds, so that no
 * directive tells them apart: in folder/unit, each .c file becomes a .i file in which all
 * that is not a header's has been looked at.
 *
 *	if (preprocess(build, variant, outcome, error))
 *		return -1;
 *	if (outcome->complaint)
 *		return 0;	(refused, or it cannot be read: then the complaint is "")
 *	char *path = preprocess_path(build, "account.i");
 */
#ifndef INTERLOCK_BUILD_PREPROCESS_H
#define INTERLOCK_BUILD_PREPROCESS_H

#include "build/build.h"

/* Does nothing if it was done before. */
int preprocess(const struct build *build, enum build_variant variant,
	struct build_outcome *outcome, struct error *error);

/* Where it leaves a file of that name; the caller frees it. */
char *preprocess_path(const struct build *build, const char *name);

#endif
