/* SPDX-License-Identifier: MIT */
/*
 * Compiles C files for the explorer and starts the result as a fork server.
 *
 *	struct program *program = program_build(&sources, &error);
 *	server_start(&server, program_spawn, program, &error);
 *	program_free(program);
 */
#ifndef INTERLOCK_EXPLORE_PROGRAM_H
#define INTERLOCK_EXPLORE_PROGRAM_H

#include "base/error.h"
#include "explore/census.h"

#include <sys/types.h>

struct program_sources {
	const char *compiler; /* NULL: cc */
	char **files; /* .c is compiled where it lies, others are linked as they are */
	int files_count;
	char **flags; /* passed on to the compiler */
	int flags_count;
	char **arguments; /* of the program */
	int arguments_count;
};

struct program {
	char *folder; /* temporary */
	char *path;
	char **argv;
	struct census census;
};

/* NULL with the error set: the compiler's own words went to stderr. */
struct program *program_build(const struct program_sources *sources, struct error *error);
void program_free(struct program *program);

/* A server_spawn for a struct program. */
pid_t program_spawn(void *program, int memory_fd, int command_fd, struct error *error);

#endif
