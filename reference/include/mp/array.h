/* SPDX-License-Identifier: MIT */
#ifndef MP_ARRAY_H
#define MP_ARRAY_H

/*
 * Numbers of one type in shared memory, with one lock for all of them. As with
 * mp_value, each get and each set is locked by itself, and every index is checked.
 *
 *	struct mp_array *squares = mp_array_new('i', 5, NULL);
 *	mp_array_set(squares, -1, 25);          the last one, as in Python
 *	if (mp_array_set(squares, 5, 36) == MP_OUT_OF_RANGE)
 *		puts("0 to 4, or -5 to -1");
 *
 * Any process or thread that shares it may make these calls; not for signal handlers.
 */

#include <mp/language.h>
#include <mp/rlock.h>
#include <stddef.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

struct mp_array {
	MP_ALIGNAS(16) struct mp_rlock lock; /* guards the numbers, unless raw */
	char typecode;
	bool raw;
	size_t length; /* the numbers follow the struct */
};

/*
 * length zeroed numbers in shared memory; raw: without a lock. Free with mp_shared_free.
 * NULL if the typecode is unknown (MP_WRONG_TYPE), the length negative (MP_INVALID) or
 * there is no memory; the reason goes to *status unless that is NULL.
 */
struct mp_array *mp_array_new(char typecode, ptrdiff_t length, int *status) MP_MUST_USE;
struct mp_array *mp_array_new_raw(
	char typecode, ptrdiff_t length, int *status) MP_MUST_USE;

/* The same, and set to those that lie at numbers: a C array of the typecode's type. */
struct mp_array *mp_array_new_from(
	char typecode, const void *numbers, ptrdiff_t length, int *status) MP_MUST_USE;

size_t mp_array_length(const struct mp_array *array);

/* As mp_value_get and so on, for one element: -length <= index < length, else
 * MP_OUT_OF_RANGE. */
int mp_array_get(struct mp_array *array, ptrdiff_t index, long long *number);
int mp_array_set(struct mp_array *array, ptrdiff_t index, long long number);
int mp_array_get_real(struct mp_array *array, ptrdiff_t index, double *number);
int mp_array_set_real(struct mp_array *array, ptrdiff_t index, double number);

/* The lock that get and set take; NULL for a raw array. */
struct mp_rlock *mp_array_lock(struct mp_array *array);

/* The first element; they lie side by side, as in a C array. Nothing is locked or
 * checked. */
void *mp_array_address(struct mp_array *array);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
