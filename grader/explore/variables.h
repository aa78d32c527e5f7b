/* SPDX-License-Identifier: MIT */
/*
 * The program's variables, by where they lie, and the parts of what they hold; from the
 * debugging information.
 *
 *	struct variable variable;
 *	if (variable_in_frame(symbols, pc, offset, &variable))
 *		... variable.name, variable.type ...
 */
#ifndef INTERLOCK_EXPLORE_VARIABLES_H
#define INTERLOCK_EXPLORE_VARIABLES_H

#include "explore/symbols.h"

/* The local variable at so many bytes from the frame's pointer, seen from a return address. */
bool variable_in_frame(
	struct symbols *symbols, uint64_t pc, int64_t offset, struct variable *variable);

/* The static variable that contains the running program's address. */
bool variable_at(struct symbols *symbols, uint64_t address, struct variable *variable);

/* What a pointer points to; false: it is none, or leads to no type. */
bool variable_pointee(const struct variable *pointer, Dwarf_Die *type, uint64_t *size);

/*
 * Appends to `text` the way from something of the type to the part of `size` bytes at
 * `offset`: ".accounts[3].balance". *part is the type of that part. With size 0 it ends at an
 * object of a library, such as a mutex.
 */
void type_path(Dwarf_Die *type, uint64_t offset, unsigned size, char *text, size_t room,
	Dwarf_Die *part);

/* Strips typedef, const and the like. */
bool type_bare(Dwarf_Die *type);
bool type_is_struct(Dwarf_Die *type);

#endif
