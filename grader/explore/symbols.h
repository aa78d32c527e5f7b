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

#include <stdbool.h>
#include <stdint.h>

struct place {
	const char
		*file; /* as the compiler was given it; good as long as the symbols are */
	const char *function;
	int line;
};

struct symbols;

/* Reads the program's debugging information; load_bias is added to its addresses. */
struct symbols *symbols_new(const char *program, uint64_t load_bias, struct error *error);
void symbols_free(struct symbols *symbols);

/* `pc` is a return address: the place of the call before it. False where nothing is known. */
bool symbols_find(struct symbols *symbols, uint64_t pc, struct place *place);

/* The name of the variable that contains the address, with its offset; "" if none does. */
const char *symbols_variable(struct symbols *symbols, uint64_t address, uint64_t *offset);

#endif
