/* SPDX-License-Identifier: MIT */
/*
 * Witness files: a schedule that breaks a program, with all that is needed to run the
 * program by it again.
 *
 *	witness_save(path, explorer, finding, &sources, symbols, &error);
 *	...
 *	struct witness_file *file = witness_load(path, &error);
 *	explorer = explorer_replaying(&file->witness, program_spawn, program, &error);
 *	...
 *	witness_file_free(file);
 */
#ifndef INTERLOCK_EXPLORE_REPLAY_H
#define INTERLOCK_EXPLORE_REPLAY_H

#include "explore/explore.h"
#include "explore/program.h"
#include "explore/search.h"
#include "explore/symbols.h"

struct json_t;

/* Where the program comes from: files and how to compile them, or a submission of a lab. */
struct witness_file {
	struct program_sources sources;
	char *lab; /* its folder; NULL if the program is no submission */
	char *submission;
	char *criterion;
	uint64_t seed; /* of the inputs */
	struct witness witness;
};

/* What a witness file says of the schedule; whoever writes the file adds where the program
 * comes from. The caller owns the reference. */
struct json_t *witness_file_json(const struct explorer *explorer,
	const struct finding *finding, struct symbols *symbols);

/* Writes the finding's witness to the file. */
int witness_save(const char *path, const struct explorer *explorer,
	const struct finding *finding, const struct program_sources *sources,
	struct symbols *symbols, struct error *error);

/* NULL with the error set if it cannot be read or is no witness. */
struct witness_file *witness_load(const char *path, struct error *error);
void witness_file_free(struct witness_file *file);

#endif
