/* SPDX-License-Identifier: MIT */
/*
 * What guards a grade, layer by layer, so that a test can leave some out and see that it was
 * they that held. No command sets them.
 *
 *	struct grade_options options = {.without = GUARD_SYMBOLS | GUARD_SOURCE};
 */
#ifndef INTERLOCK_BASE_GUARD_H
#define INTERLOCK_BASE_GUARD_H

enum guard {
	GUARD_INTAKE = 1,  /* regular files of one link, beneath the folder, of a size */
	GUARD_SYMBOLS = 2, /* what the object may define, use and consist of */
	GUARD_SOURCE = 4,  /* what the source may hide from the checkers */
	GUARD_NAMES = 8,   /* only the lab's interface is seen by the linker */
	GUARD_MACROS = 16, /* the preprocessor cannot tell the builds apart */
	GUARD_COMPILER = 32, /* the compiler's box */
	GUARD_ENDINGS = 64,  /* a run that did not end as it should fails */
	GUARD_STANDARD = 128 /* what cannot be judged is held against who causes it */
};

#endif
