/* SPDX-License-Identifier: MIT */
/*
 * Where the files are that an execution sees under their names. See paths.c.
 *
 *	fd = open(path_for(path, path_use_of_flags(flags), 0), flags, mode);
 */
#ifndef INTERLOCK_EXPLORE_PATHS_H
#define INTERLOCK_EXPLORE_PATHS_H

#include "runtime.h"

enum path_use {
	PATH_LOOK, /* whether it is there, and as what */
	PATH_LINK, /* likewise of a link itself */
	PATH_LIST,
	PATH_READ,
	PATH_WRITE,
	PATH_REMOVE,
	PATH_MOVE,    /* to another name */
	PATH_CREATE,  /* or write, if it is there */
	PATH_NEW,     /* fails if it is there */
	PATH_REPLACE, /* what is there goes */
};

/* The path that the kernel has to be given. It is good until the next call with that room. */
const char *path_for(const char *path, enum path_use use, int room);

/* The same for all ways to write a path, from any working directory. */
uint64_t path_hash(const char *path);

enum path_use path_use_of_flags(int flags);	  /* of open() */
enum path_use path_use_of_mode(const char *mode); /* of fopen() */

/* What the program is told of such a path: a part of it. */
const char *path_seen(const char *path);

#endif
