/* SPDX-License-Identifier: MIT */
/*
 * Compiles C files for the explorer and starts the result as a fork server. Of several programs
 * that are to run at once, each is joined to one object whose names are its own; what forks a
 * process for each is linked with them (together.h).
 *
 *	struct program *program = program_build(&sources, &error);
 *	server_start(&server, program_spawn, program, &error);
 *	program_free(program);
 */
#ifndef INTERLOCK_EXPLORE_PROGRAM_H
#define INTERLOCK_EXPLORE_PROGRAM_H

#include "base/error.h"
#include "explore/census.h"
#include "explore/control.h"

#include <sys/types.h>

struct program_sources {
	const char *compiler; /* NULL: cc */
	char **files; /* .c is compiled where it lies, others are linked as they are */
	int files_count;
	char **flags; /* passed on to the compiler */
	int flags_count;
	char **arguments; /* of the program */
	int arguments_count;
	/* Another one that runs at once, compiled in the same way; NULL: none. */
	struct program_sources *beside;
};

struct program {
	char *folder; /* temporary */
	char *path;
	char **argv;
	struct census census;
	uint32_t count; /* of several that run at once; 0: it is one */
	char names[PROGRAMS_MAX][FILE_SHOWN];
};

/* NULL with the error set: the compiler's own words went to stderr. */
struct program *program_build(const struct program_sources *sources, struct error *error);
void program_free(struct program *program);

/* A server_spawn for a struct program. */
pid_t program_spawn(void *program, int memory_fd, int command_fd, struct error *error);

#endif
