/* SPDX-License-Identifier: MIT */
/*
 * What a grading depends on, as one number: the submitted files, the lab, interlock itself, the
 * compiler and how inputs are drawn. Two gradings with one key have one verdict.
 *
 *	struct key_maker maker;
 *	struct key key;
 *	if (key_maker_init(&maker, lab, &options, &error) == 0 &&
 *	    key_of(&maker, "class/alice", &key, &error) == 0)
 *		puts(key.text);
 */
#ifndef INTERLOCK_CLASS_KEY_H
#define INTERLOCK_CLASS_KEY_H

#include "base/error.h"
#include "grade/grade.h"
#include "lab/lab.h"

struct key {
	char text[65]; /* SHA-256, in hexadecimal */
};

struct key_maker {
	const struct lab *lab;
	struct key common; /* of all but the submission */
};

/* `policy` says how inputs are drawn and which criteria are judged. */
int key_maker_init(struct key_maker *maker, const struct lab *lab,
	const struct grade_options *options, const char *policy, struct error *error);

/* The key of the submission at path; a submission that is refused has one, too. */
int key_of(const struct key_maker *maker, const char *path, struct key *key,
	struct error *error);

#endif
