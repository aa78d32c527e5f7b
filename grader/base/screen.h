/* SPDX-License-Identifier: MIT */
/*
 * What a stream can show: whether somebody looks at it, in colour, in which width, in which
 * letters. NO_COLOR, TERM=dumb and the locale say what a person wants.
 *
 *	struct screen screen = screen_of(STDERR_FILENO);
 *	if (screen.redraws)
 *		fputs("\r\033[K3 of 7", stderr);
 */
#ifndef INTERLOCK_BASE_SCREEN_H
#define INTERLOCK_BASE_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

struct screen {
	bool colour;  /* a terminal that has it, and nobody said NO_COLOR */
	bool redraws; /* a terminal on which a line can be written again */
	bool ascii;   /* the locale is C or POSIX by name */
	size_t width; /* of a terminal's lines; 0: no terminal, so as wide as one likes */
};

struct screen screen_of(int fd);

#endif
