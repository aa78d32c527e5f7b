/* SPDX-License-Identifier: MIT */
/*
 * The seed of a grading's inputs: the same files in the same lab get the same inputs, and so
 * the same verdict, as often as they are graded.
 *
 *	char *lab_hash = seed_of_lab(lab, &error);
 *	uint64_t seed = seed_of(result, lab_hash, options->secret);
 */
#ifndef INTERLOCK_GRADE_SEED_H
#define INTERLOCK_GRADE_SEED_H

#include "base/error.h"
#include "lab/lab.h"
#include "score/result.h"

#include <stdint.h>

/* A hash of lab.yaml and the checks; the caller frees it. NULL with the error set. */
char *seed_of_lab(const struct lab *lab, struct error *error);

/* From the submitted files in the result. It tells nothing of the secret. */
uint64_t seed_of(const struct result *result, const char *lab_hash, uint64_t secret);

#endif
