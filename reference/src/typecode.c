/* SPDX-License-Identifier: MIT */
#include "typecode.h"

#include <wchar.h>

/* X(typecode, C type): every integer typecode of Python's array and multiprocessing
 * modules */
#define INTEGER_TYPES(X)                                                                 \
	X('c', char)                                                                     \
	X('u', wchar_t)                                                                  \
	X('b', signed char)                                                              \
	X('B', unsigned char)                                                            \
	X('h', short)                                                                    \
	X('H', unsigned short)                                                           \
	X('i', int)                                                                      \
	X('I', unsigned)                                                                 \
	X('l', long)                                                                     \
	X('L', unsigned long)                                                            \
	X('q', long long)                                                                \
	X('Q', unsigned long long)

size_t mp_typecode_size(char typecode)
{
	switch (typecode) {
#define SIZE(code, type)                                                                 \
	case code:                                                                       \
		return sizeof(type);
		INTEGER_TYPES(SIZE)
		SIZE('f', float)
		SIZE('d', double)
#undef SIZE
	default:
		return 0;
	}
}

bool mp_typecode_is_real(char typecode)
{
	return typecode == 'f' || typecode == 'd';
}

void mp_typecode_store(char typecode, void *cell, long long number)
{
	switch (typecode) {
		/* Conversion to a narrower signed type wraps around with gcc and clang.
		 */
#define STORE(code, type)                                                                \
	case code:                                                                       \
		*(type *)cell = (type)number;                                            \
		break;
		INTEGER_TYPES(STORE)
		STORE('f', float)
		STORE('d', double)
#undef STORE
	default:
		break;
	}
}

long long mp_typecode_load(char typecode, const void *cell)
{
	switch (typecode) {
#define LOAD(code, type)                                                                 \
	case code:                                                                       \
		return (long long)*(const type *)cell;
		INTEGER_TYPES(LOAD)
#undef LOAD
	default:
		return 0;
	}
}

void mp_typecode_store_real(char typecode, void *cell, double number)
{
	if (typecode == 'f')
		*(float *)cell = (float)number;
	else
		*(double *)cell = number;
}

double mp_typecode_load_real(char typecode, const void *cell)
{
	return typecode == 'f' ? (double)*(const float *)cell : *(const double *)cell;
}
