/* SPDX-License-Identifier: MIT */
/*
 * Several programs at once, as a server and its clients: linked as one, whose main() forks a
 * process for each and waits for all.
 *
 *	together_write(&sources, "/tmp/x/together.c", &error);
 */
#ifndef INTERLOCK_EXPLORE_TOGETHER_H
#define INTERLOCK_EXPLORE_TOGETHER_H

#include "explore/program.h"

/* What the main() of a program is called then, before its number from 0. */
#define TOGETHER_MAIN "interlock_main_"

/* Writes the source of that main(). */
int together_write(
	const struct program_sources *sources, const char *path, struct error *error);

#endif
