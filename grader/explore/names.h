/* SPDX-License-Identifier: MIT */
/*
 * What the memory in a witness is called, in the program's own words: a variable, or what a
 * pointer of the program leads to, down to the member.
 *
 *	struct names *names = names_new(&finding->trace, symbols);
 *	names_find(names, step->address, step->size, &name);
 *	printf("%s", name.text);			... "account->balance"
 *	names_free(names);
 */
#ifndef INTERLOCK_EXPLORE_NAMES_H
#define INTERLOCK_EXPLORE_NAMES_H

#include "explore/symbols.h"
#include "explore/trace.h"

enum value_kind { VALUE_SIGNED, VALUE_UNSIGNED, VALUE_FLOAT, VALUE_BOOL, VALUE_ADDRESS };

struct name {
	char text[64]; /* "" where there is nothing to be called */
	enum value_kind kind;
};

struct names;

/* The trace and the symbols have to outlive it. */
struct names *names_new(const struct trace *trace, struct symbols *symbols);
void names_free(struct names *names);
const struct trace *names_trace(const struct names *names);

/* Of `size` bytes; 0: of an object that is used as a whole, as a lock is. */
void names_find(struct names *names, uint64_t address, unsigned size, struct name *name);

/* The bytes of an access as the number that they stand for. */
void value_words(
	const struct name *name, uint64_t value, unsigned size, char *text, size_t room);

#endif
