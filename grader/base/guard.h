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
	GUARD_INTAKE =
		1 << 0, /* regular files of one link, beneath the folder, of a size */
	GUARD_SYMBOLS = 1 << 1,	 /* what the object may define, use and consist of */
	GUARD_SOURCE = 1 << 2,	 /* what the source may hide from the checkers */
	GUARD_NAMES = 1 << 3,	 /* only the lab's interface is seen by the linker */
	GUARD_MACROS = 1 << 4,	 /* the preprocessor cannot tell the builds apart */
	GUARD_COMPILER = 1 << 5, /* the compiler's box */
	GUARD_PLAYER = 1 << 6,	 /* the box of the submission's programs */
	GUARD_ENDINGS = 1 << 7,	 /* a run that did not end as it should fails */
	GUARD_STANDARD = 1 << 8, /* what cannot be judged is held against who causes it */
	GUARD_BRANCHES = 1 << 9, /* computed branches lead where functions begin */
};

#endif
