/* SPDX-License-Identifier: MIT */
/*
 * The functions of the C library that the runtime's own code calls, REAL(name) each. real.c
 * fills the slots; it finds them by explore_real_names.
 */
#define REAL(name)                                                                       \
	.text;                                                                           \
	.globl real_##name;                                                              \
	.type real_##name, @function;                                                    \
real_##name:                                                                             \
	endbr64;                                                                         \
	jmp *slot_##name(%rip);                                                          \
	.size real_##name, . - real_##name;                                              \
	.local slot_##name;                                                              \
	.comm slot_##name, 8, 8;                                                         \
	.section .rodata.str, "a";                                                       \
name_##name:                                                                             \
	.asciz #name;                                                                    \
	.data;                                                                           \
	.quad name_##name, slot_##name;

	.data
	.globl explore_real_names
	.balign 8
explore_real_names:
#include "reals.def"
	.data
	.quad 0, 0

	.section .note.GNU-stack, "", @progbits
