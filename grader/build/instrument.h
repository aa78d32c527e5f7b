/* SPDX-License-Identifier: MIT */
/*
 * The compiler's flags that make every access of the source a step of the explorer.
 *
 *	for (const char *const *flag = instrument_flags("gcc"); *flag; flag++)
 *		arguments_add(&arguments, *flag);
 */
#ifndef INTERLOCK_BUILD_INSTRUMENT_H
#define INTERLOCK_BUILD_INSTRUMENT_H

/*
 * The sections that hold the code of a program under test in the linked file, so that it can
 * be told from ours and the C library's: what was compiled with these flags, and what was not.
 * program.ld and foreign.ld in lib/interlock put it there, by ld -r -T.
 */
#define PROGRAM_TEXT "interlock_program"
#define FOREIGN_TEXT "interlock_foreign"
#define RUNTIME_TEXT "interlock_text" /* the explorer's own */

/* For compiling, with gcc or clang as the compiler's name says. Static, ended by NULL. */
const char *const *instrument_flags(const char *compiler);

/* For linking, after the objects and the runtime. Static, ended by NULL. */
const char *const *instrument_link_flags(void);

#endif
