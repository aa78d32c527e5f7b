/* SPDX-License-Identifier: MIT */
/*
 * The compiler's flags that make every access of the source a step of the explorer.
 *
 *	for (const char *const *flag = instrument_flags("gcc"); *flag; flag++)
 *		arguments_add(&arguments, *flag);
 */
#ifndef INTERLOCK_BUILD_INSTRUMENT_H
#define INTERLOCK_BUILD_INSTRUMENT_H

/* For compiling, with gcc or clang as the compiler's name says. Static, ended by NULL. */
const char *const *instrument_flags(const char *compiler);

/* For linking, after the objects and the runtime. Static, ended by NULL. */
const char *const *instrument_link_flags(void);

#endif
