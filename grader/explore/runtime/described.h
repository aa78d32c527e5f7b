/* SPDX-License-Identifier: MIT */
/*
 * How functions of the C library are called that are not ours: with the registers that the
 * program left, and what varies among their arguments.
 */
#ifndef INTERLOCK_EXPLORE_DESCRIBED_H
#define INTERLOCK_EXPLORE_DESCRIBED_H

#include "runtime.h"

/* What entries.S leaves on the stack; begins as the area that a va_list refers to. */
struct call {
	uint64_t integers[6];
	struct {
		uint64_t halves[2];
	} floats[8];
	uint64_t stack; /* where further arguments lie */
	uint64_t returned, returned_too;
	uint64_t entered; /* streams whose locks are held meanwhile */
};

/* A va_list. */
struct arguments {
	uint32_t integers_used, floats_used; /* offsets into registers */
	const uint64_t *stack;
	const unsigned char *registers;
};

/* entries.S: calls the function with these registers, and keeps what it returns. */
void call_real(void *function, struct call *call);

/* format.c: what a format has them read, or write when so many were converted. */
void printf_reads(const char *format, uint64_t list, uint64_t pc);
void scanf_writes(const char *format, uint64_t list, int converted, uint64_t pc);

#endif
