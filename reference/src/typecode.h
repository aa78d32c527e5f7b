/* SPDX-License-Identifier: MIT */
#ifndef MP_SRC_TYPECODE_H
#define MP_SRC_TYPECODE_H

/*
 * Python's typecodes: which C type each stands for, and how a number is kept in it.
 * Integers wrap around to the type's width, as Python's shared values do.
 *
 *	size_t size = mp_typecode_size('h');             2, or 0 for an unknown typecode
 *	mp_typecode_store('h', cell, 70000);             4464
 */

#include <stdbool.h>
#include <stddef.h>

size_t mp_typecode_size(char typecode);
bool mp_typecode_is_real(char typecode);

/* The typecode must be a known one; load only for an integer type. */
void mp_typecode_store(char typecode, void *cell, long long number);
long long mp_typecode_load(char typecode, const void *cell);

/* Only for f and d. */
void mp_typecode_store_real(char typecode, void *cell, double number);
double mp_typecode_load_real(char typecode, const void *cell);

#endif
