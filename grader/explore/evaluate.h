/* SPDX-License-Identifier: MIT */
/*
 * Follows what the registers and the stack's slots hold through straight code, as sums of
 * unknowns, so that two addresses can be told to be the same.
 *
 *	evaluation_function(&evaluation);
 *	for each instruction: evaluation_step(&evaluation, decoded)
 *	address = evaluation_address(&evaluation, &operand);
 *
 * Compiled without optimisation, an announcement and its access compute their address each
 * for itself, from the same slots of the stack and in the same way.
 */
#ifndef INTERLOCK_EXPLORE_EVALUATE_H
#define INTERLOCK_EXPLORE_EVALUATE_H

#include "explore/instruction.h"

enum { TERMS_MAX = 3, SLOTS_MAX = 512 };

/* constant + sum of factor * unknown; the terms in the order of their unknowns */
struct value {
	int64_t constant;
	unsigned count;
	struct {
		uint64_t unknown;
		int64_t factor;
	} terms[TERMS_MAX];
};

/* Unknowns that mean something: the stack's pointer when the function began, and the thread's
 * own block. */
enum { UNKNOWN_STACK = 1, UNKNOWN_THREAD = 2 };

struct evaluation {
	csh decoder;
	uint64_t unknowns; /* made so far */
	struct value registers[16];
	/* What their low four bytes hold, where these were written for themselves. */
	struct value halves[16];
	bool half_known[16];
	unsigned slots_count;
	struct slot {
		int64_t offset; /* from the stack's pointer when the function began */
		uint32_t size;
		struct value value;
	} slots[SLOTS_MAX];
	bool frame_pointer; /* rbp is that of this function */
	int64_t frame_offset;
};

void evaluation_function(struct evaluation *evaluation, csh decoder);
/* Something jumps here: all is forgotten that is not true in the whole function. */
void evaluation_block(struct evaluation *evaluation);
void evaluation_step(
	struct evaluation *evaluation, const struct instruction *instruction);

struct value evaluation_address(
	const struct evaluation *evaluation, const struct operand *operand);

/* How far one lies behind the other, if that is known. */
bool value_distance(const struct value *from, const struct value *to, int64_t *distance);
/* Whether it is somewhere in the function's own frame, and if it is known where. */
bool value_in_frame(const struct value *value);
bool value_frame_offset(const struct value *value, int64_t *offset);
bool value_constant(const struct value *value, uint64_t *constant);

#endif
