/* SPDX-License-Identifier: MIT */
#ifndef MP_VALUE_H
#define MP_VALUE_H

/*
 * One number in shared memory, of any of Python's types, with a lock of its own. Each
 * get and each set takes the lock, but a get followed by a set is two steps: others
 * come in between.
 *
 *	struct mp_value *balance = mp_value_new('i', 100, NULL);
 *	long long amount;
 *	mp_rlock_acquire(mp_value_lock(balance));
 *	mp_value_get(balance, &amount);
 *	mp_value_set(balance, amount - 1);
 *	mp_rlock_release(mp_value_lock(balance));
 *
 * Any process or thread that shares it may make these calls; not for signal handlers.
 *
 * Typecodes: c char, u wchar_t, b B signed and unsigned char, h H short, i I int, l L
 * long, q Q long long, f float, d double. Integers wrap around to the type's width.
 */

#include <mp/language.h>
#include <mp/rlock.h>

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

struct mp_value {
	struct mp_rlock lock;	/* its own */
	struct mp_rlock *guard; /* guards cell: its own lock, a given one, or NULL: raw */
	char typecode;
	union {
		char bytes[8];
		long long alignment;
	} cell;
};

/*
 * A value in shared memory of its own, with a lock; raw: without one. Free it with
 * mp_shared_free. NULL if the typecode is unknown (MP_WRONG_TYPE) or there is no memory;
 * the reason goes to *status unless that is NULL.
 */
struct mp_value *mp_value_new(char typecode, long long number, int *status) MP_MUST_USE;
struct mp_value *mp_value_new_raw(
	char typecode, long long number, int *status) MP_MUST_USE;

/* With a lock that the caller gives, which several values may share, and which must live as long. */
struct mp_value *mp_value_new_locked(
	char typecode, long long number, struct mp_rlock *lock, int *status) MP_MUST_USE;

/* The same in shared memory that the caller has. */
int mp_value_init(struct mp_value *value, char typecode, long long number);
int mp_value_init_raw(struct mp_value *value, char typecode, long long number);
int mp_value_init_locked(
	struct mp_value *value, char typecode, long long number, struct mp_rlock *lock);

/*
 * Integer typecodes; set also works for f and d. MP_WRONG_TYPE otherwise. MP_OWNER_DIED:
 * it was done, but somebody died holding the lock, and mp_rlock_recover was not called
 * since.
 */
int mp_value_get(struct mp_value *value, long long *number);
int mp_value_set(struct mp_value *value, long long number);

/* Typecodes f and d, else MP_WRONG_TYPE. */
int mp_value_get_real(struct mp_value *value, double *number);
int mp_value_set_real(struct mp_value *value, double number);

/* The lock that get and set take; NULL for a raw value, which has none. */
struct mp_rlock *mp_value_lock(struct mp_value *value);

/* Where the number lies, as an object of the typecode's C type. Nothing is locked. */
void *mp_value_address(struct mp_value *value);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
