/* SPDX-License-Identifier: MIT */
/*
 * Where in the source an address of the program lies, from its debugging information.
 *
 *	struct place place;
 *	if (symbols_find(symbols, pc, &place))
 *		printf("%s:%d in %s", place.file, place.line, place.function);
 */
#ifndef INTERLOCK_EXPLORE_SYMBOLS_H
#define INTERLOCK_EXPLORE_SYMBOLS_H

#include "base/error.h"

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct place {
	const char
		*file; /* as the compiler was given it; good as long as the symbols are */
	const char *function;
	int line;
};

struct variable {
	const char *name;
	Dwarf_Die type;
	uint64_t size;
	uint64_t within; /* how far behind its start the place lies that was asked for */
};

/* The program's static variables, where the debugging information has them. */
struct statics {
	bool read; /* by variables.c, when first asked for */
	struct static_variable {
		uint64_t address;
		struct variable variable;
	} * list;
	size_t count;
};

struct symbols;

/* Reads the program's debugging information; load_bias is added to its addresses. */
struct symbols *symbols_new(const char *program, uint64_t load_bias, struct error *error);
void symbols_free(struct symbols *symbols);

/* `pc` is a return address: the place of the call before it. False where nothing is known. */
bool symbols_find(struct symbols *symbols, uint64_t pc, struct place *place);

/* Whether it lies in a lab's driver, which has the submission work. */
bool place_is_drivers(const struct place *place);

/* The compilation unit of the running program's address, which is `within` there. */
bool symbols_unit(
	struct symbols *symbols, uint64_t pc, Dwarf_Die *unit, Dwarf_Addr *within);

/* One unit after another, from last NULL; NULL: no more. */
void *symbols_next_unit(struct symbols *symbols, void *last, Dwarf_Die *unit);

/* The running program's address as the debugging information has it. */
uint64_t symbols_shifted(const struct symbols *symbols, uint64_t address);

/* As far as they have been read; freed with the symbols. */
struct statics *symbols_statics(struct symbols *symbols);

#endif
