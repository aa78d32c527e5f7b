/* SPDX-License-Identifier: MIT */
#ifndef MP_LANGUAGE_H
#define MP_LANGUAGE_H

/*
 * The words in which C and C++ differ. The library is C11; its headers can be included from C++
 * (11 and later), where fields that are atomic in C are plain numbers of the same size: they are
 * the library's, and no program touches them.
 *
 *	int mp_lock_try_acquire(struct mp_lock *lock) MP_MUST_USE;
 */

#include <stddef.h>

#ifdef __cplusplus
#define MP_ATOMIC(type) type
#define MP_ALIGNAS(bytes) alignas(bytes)
#else
#define MP_ATOMIC(type) _Atomic(type)
#define MP_ALIGNAS(bytes) _Alignas(bytes)
#endif

/* The compiler warns of a caller that ignores the answer. */
#define MP_MUST_USE __attribute__((warn_unused_result))

#define MP_NO_RETURN __attribute__((noreturn))

#endif
