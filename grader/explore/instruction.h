/* SPDX-License-Identifier: MIT */
/*
 * One decoded instruction of x86-64, as far as memory is concerned.
 *
 *	struct instruction instruction;
 *	if (instruction_read(decoded, &instruction))
 *		... instruction.operands[0] is read, written or both ...
 *
 * What is known is listed; an instruction that is not is refused, since to guess what it does
 * would be to tell of an access that there is not, or to pass one over.
 */
#ifndef INTERLOCK_EXPLORE_INSTRUCTION_H
#define INTERLOCK_EXPLORE_INSTRUCTION_H

#include "explore/control.h"

#include <capstone/capstone.h>
#include <stdbool.h>

struct instruction {
	const cs_insn *decoded;
	enum breakpoint_kind kind; /* what it is if it has to be announced */
	unsigned operands_count;   /* in memory, but for those of push, pop and call
				       that the stack has */
	struct operand operands[OPERANDS_MAX];
};

/* False: nobody knows what it does to memory. */
bool instruction_read(const cs_insn *decoded, struct instruction *instruction);

/* 0 to 15 as the processor numbers them; NO_REGISTER for what is none of the general ones. */
uint8_t instruction_register(unsigned name);

/* Fills in what is run in its place out of line; false: it cannot be moved. */
bool instruction_copy(const struct instruction *instruction, struct breakpoint *copy);

#endif
