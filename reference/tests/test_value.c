/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <limits.h>
#include <mp/array.h>
#include <mp/process.h>
#include <mp/shared.h>
#include <mp/value.h>
#include <stdint.h>
#include <wchar.h>

struct wrap {
	char typecode;
	long long in;
	long long out;
};

static const struct wrap wraps[] = {
	{'c', 'x', 'x'},
	{'u', 0x20ac, 0x20ac},
	{'b', 200, -56},
	{'B', -1, UCHAR_MAX},
	{'h', 70000, 4464},
	{'H', -1, USHRT_MAX},
	{'i', (long long)INT_MAX + 1, INT_MIN},
	{'I', -1, UINT_MAX},
	{'l', LONG_MIN, LONG_MIN},
	{'L', -1, -1},
	{'q', LLONG_MAX, LLONG_MAX},
	{'Q', -1, -1},
};

START_TEST(integers_wrap_to_their_types_width)
{
	for (size_t i = 0; i < sizeof(wraps) / sizeof(wraps[0]); i++) {
		struct mp_value *value = mp_value_new(wraps[i].typecode, 0, NULL);
		struct mp_array *array = mp_array_new(wraps[i].typecode, 3, NULL);
		long long number = 1;

		ck_assert_int_eq(mp_value_get(value, &number), MP_OK);
		ck_assert_int_eq(number, 0);
		ck_assert_int_eq(mp_value_set(value, wraps[i].in), MP_OK);
		ck_assert_int_eq(mp_value_get(value, &number), MP_OK);
		ck_assert_int_eq(number, wraps[i].out);
		ck_assert_int_eq(mp_array_set(array, 1, wraps[i].in), MP_OK);
		ck_assert_int_eq(mp_array_get(array, -2, &number), MP_OK);
		ck_assert_int_eq(number, wraps[i].out);
		ck_assert_int_eq(mp_array_get(array, 0, &number), MP_OK);
		ck_assert_int_eq(number, 0);
		ck_assert_int_eq(mp_array_get(array, 2, &number), MP_OK);
		ck_assert_int_eq(number, 0);
		ck_assert_int_eq(mp_value_set_real(value, 1.5), MP_WRONG_TYPE);
		mp_shared_free(value);
		mp_shared_free(array);
	}
}
END_TEST

START_TEST(reals_are_kept_and_take_integers)
{
	struct mp_value *value = mp_value_new('d', 3, NULL);
	struct mp_array *array = mp_array_new('f', 2, NULL);
	double number;
	long long integer;

	ck_assert_int_eq(mp_value_get_real(value, &number), MP_OK);
	ck_assert(number == 3.0);
	ck_assert_int_eq(mp_value_set_real(value, 0.1), MP_OK);
	ck_assert_int_eq(mp_value_get_real(value, &number), MP_OK);
	ck_assert(number == 0.1);
	ck_assert_int_eq(mp_value_get(value, &integer), MP_WRONG_TYPE);
	ck_assert_int_eq(mp_array_set_real(array, 1, 0.5), MP_OK);
	ck_assert_int_eq(mp_array_get_real(array, 1, &number), MP_OK);
	ck_assert(number == 0.5);
	ck_assert_int_eq(mp_array_set(array, 0, 2), MP_OK);
	ck_assert_int_eq(mp_array_get_real(array, 0, &number), MP_OK);
	ck_assert(number == 2.0);
	ck_assert_int_eq(mp_array_get(array, 0, &integer), MP_WRONG_TYPE);
	mp_shared_free(value);
	mp_shared_free(array);
}
END_TEST

START_TEST(misuse_is_answered)
{
	int status = MP_OK;
	struct mp_array *array;
	long long number;

	ck_assert_ptr_null(mp_value_new('x', 0, &status));
	ck_assert_int_eq(status, MP_WRONG_TYPE);
	ck_assert_ptr_null(mp_array_new('x', 1, &status));
	ck_assert_int_eq(status, MP_WRONG_TYPE);
	ck_assert_ptr_null(mp_array_new('i', -1, &status));
	ck_assert_int_eq(status, MP_INVALID);
	ck_assert_ptr_null(mp_array_new('q', PTRDIFF_MAX, &status));
	ck_assert_int_eq(status, MP_NO_MEMORY);
	array = mp_array_new('i', 0, &status);
	ck_assert_ptr_nonnull(array);
	ck_assert_int_eq(mp_array_get(array, 0, &number), MP_OUT_OF_RANGE);
	mp_shared_free(array);
	array = mp_array_new('i', 5, &status);
	ck_assert_int_eq(status, MP_OK);
	ck_assert_uint_eq(mp_array_length(array), 5);
	ck_assert_int_eq(mp_array_get(array, 5, &number), MP_OUT_OF_RANGE);
	ck_assert_int_eq(mp_array_set(array, -6, 1), MP_OUT_OF_RANGE);
	ck_assert_int_eq(mp_array_set(array, PTRDIFF_MIN, 1), MP_OUT_OF_RANGE);
	ck_assert_int_eq(mp_array_set(array, -5, 1), MP_OK);
	mp_shared_free(array);
	ck_assert_ptr_null(mp_shared_new(0));
	mp_shared_free(NULL);
	ck_assert_str_eq(mp_status_text(MP_OK), "success");
	ck_assert_str_eq(mp_status_text(-1), "unknown status");
	ck_assert_str_eq(mp_status_text(1000), "unknown status");
	/* Every status has words, and no two the same. */
	for (status = MP_OK; status <= MP_SYSTEM; status++)
		for (int other = MP_OK; other < status; other++)
			ck_assert_str_ne(mp_status_text(status), mp_status_text(other));
	ck_assert_str_ne(mp_status_text(MP_SYSTEM), "unknown status");
}
END_TEST

enum { UPDATES = 2000 };

static int withdraw_locked(void *argument)
{
	struct mp_value *balance = argument;

	for (int i = 0; i < UPDATES; i++) {
		long long amount;

		mp_rlock_acquire(mp_value_lock(balance));
		mp_value_get(balance, &amount);
		mp_value_set(balance, amount - 1);
		mp_rlock_release(mp_value_lock(balance));
	}
	return 0;
}

START_TEST(the_lock_makes_two_steps_one)
{
	struct mp_value *balance = mp_value_new('i', 2 * UPDATES, NULL);
	struct mp_process processes[2] = {0};
	long long amount;

	for (int i = 0; i < 2; i++)
		mp_process_start(&processes[i], withdraw_locked, balance);
	for (int i = 0; i < 2; i++)
		mp_process_join(&processes[i]);
	ck_assert_int_eq(mp_value_get(balance, &amount), MP_OK);
	ck_assert_int_eq(amount, 0);
	mp_shared_free(balance);
}
END_TEST

START_TEST(a_raw_value_has_no_lock)
{
	struct mp_value *value = mp_value_new_raw('q', 5, NULL);
	struct mp_array *array = mp_array_new_raw('B', 4, NULL);
	long long number;

	ck_assert_ptr_null(mp_value_lock(value));
	ck_assert_ptr_null(mp_array_lock(array));
	*(long long *)mp_value_address(value) += 2;
	((unsigned char *)mp_array_address(array))[3] = 9;
	ck_assert_int_eq(mp_value_get(value, &number), MP_OK);
	ck_assert_int_eq(number, 7);
	ck_assert_int_eq(mp_array_get(array, 3, &number), MP_OK);
	ck_assert_int_eq(number, 9);
	mp_shared_free(value);
	mp_shared_free(array);
}
END_TEST

static int die_holding(void *argument)
{
	mp_rlock_acquire(mp_value_lock(argument));
	return 0;
}

START_TEST(a_death_in_the_middle_is_told_by_get_and_set)
{
	struct mp_value *value = mp_value_new('i', 5, NULL);
	struct mp_process process = {0};
	long long number = 0;

	mp_process_start(&process, die_holding, value);
	mp_process_join(&process);
	ck_assert_int_eq(mp_value_get(value, &number), MP_OWNER_DIED);
	ck_assert_int_eq(number, 5);
	ck_assert_int_eq(mp_value_set(value, 6), MP_OWNER_DIED);
	ck_assert_int_eq(mp_rlock_acquire(mp_value_lock(value)), MP_OWNER_DIED);
	ck_assert_int_eq(mp_rlock_recover(mp_value_lock(value)), MP_OK);
	ck_assert_int_eq(mp_rlock_release(mp_value_lock(value)), MP_OK);
	ck_assert_int_eq(mp_value_get(value, &number), MP_OK);
	ck_assert_int_eq(number, 6);
	mp_shared_free(value);
}
END_TEST

static const TTest *const *const tests[] = {
	&integers_wrap_to_their_types_width,
	&reals_are_kept_and_take_integers,
	&misuse_is_answered,
	&the_lock_makes_two_steps_one,
	&a_raw_value_has_no_lock,
};

static const TTest *const *const hard[] = {
	&a_death_in_the_middle_is_told_by_get_and_set,
};

MP_TEST_MAIN("value", tests, hard)
