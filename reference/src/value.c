/* SPDX-License-Identifier: MIT */
#include "checker.h"
#include "typecode.h"

#include <mp/shared.h>
#include <mp/value.h>

/* guard: NULL for a raw value, &value->lock for its own. */
static int init(
	struct mp_value *value, char typecode, long long number, struct mp_rlock *guard)
{
	if (mp_typecode_size(typecode) == 0)
		return MP_WRONG_TYPE;
	*value = (struct mp_value){.typecode = typecode, .guard = guard};
	mp_typecode_store(typecode, value->cell.bytes, number);
	checker_init(MP_CHECKER_KIND_VALUE, value);
	return MP_OK;
}

static struct mp_value *new_value(
	char typecode, long long number, bool own, struct mp_rlock *guard, int *status)
{
	struct mp_value *value = mp_shared_new(sizeof(*value));
	int result = MP_NO_MEMORY;

	if (value)
		result = init(value, typecode, number, own ? &value->lock : guard);
	if (status)
		*status = result;
	if (result == MP_OK)
		return value;
	mp_shared_free(value);
	return NULL;
}

struct mp_value *mp_value_new(char typecode, long long number, int *status)
{
	return new_value(typecode, number, true, NULL, status);
}

struct mp_value *mp_value_new_raw(char typecode, long long number, int *status)
{
	return new_value(typecode, number, false, NULL, status);
}

struct mp_value *mp_value_new_locked(
	char typecode, long long number, struct mp_rlock *lock, int *status)
{
	return new_value(typecode, number, lock == NULL, lock, status);
}

int mp_value_init(struct mp_value *value, char typecode, long long number)
{
	return init(value, typecode, number, &value->lock);
}

int mp_value_init_raw(struct mp_value *value, char typecode, long long number)
{
	return init(value, typecode, number, NULL);
}

int mp_value_init_locked(
	struct mp_value *value, char typecode, long long number, struct mp_rlock *lock)
{
	return init(value, typecode, number, lock ? lock : &value->lock);
}

/* MP_OK or MP_OWNER_DIED: the caller may go on. */
static int begin(struct mp_value *value, int operation)
{
	int status = value->guard ? mp_rlock_acquire(value->guard) : MP_OK;

	if (status == MP_OK || status == MP_OWNER_DIED)
		checker_before(operation, value);
	return status;
}

static int end(struct mp_value *value, int operation, int status)
{
	checker_after(operation, value, MP_OK);
	if (value->guard)
		mp_rlock_release(value->guard);
	return status;
}

int mp_value_get(struct mp_value *value, long long *number)
{
	int status;

	if (mp_typecode_is_real(value->typecode))
		return MP_WRONG_TYPE;
	status = begin(value, MP_CHECKER_VALUE_READ);
	if (status != MP_OK && status != MP_OWNER_DIED)
		return status;
	*number = mp_typecode_load(value->typecode, value->cell.bytes);
	return end(value, MP_CHECKER_VALUE_READ, status);
}

int mp_value_set(struct mp_value *value, long long number)
{
	int status = begin(value, MP_CHECKER_VALUE_WRITE);

	if (status != MP_OK && status != MP_OWNER_DIED)
		return status;
	mp_typecode_store(value->typecode, value->cell.bytes, number);
	return end(value, MP_CHECKER_VALUE_WRITE, status);
}

int mp_value_get_real(struct mp_value *value, double *number)
{
	int status;

	if (!mp_typecode_is_real(value->typecode))
		return MP_WRONG_TYPE;
	status = begin(value, MP_CHECKER_VALUE_READ);
	if (status != MP_OK && status != MP_OWNER_DIED)
		return status;
	*number = mp_typecode_load_real(value->typecode, value->cell.bytes);
	return end(value, MP_CHECKER_VALUE_READ, status);
}

int mp_value_set_real(struct mp_value *value, double number)
{
	int status;

	if (!mp_typecode_is_real(value->typecode))
		return MP_WRONG_TYPE;
	status = begin(value, MP_CHECKER_VALUE_WRITE);
	if (status != MP_OK && status != MP_OWNER_DIED)
		return status;
	mp_typecode_store_real(value->typecode, value->cell.bytes, number);
	return end(value, MP_CHECKER_VALUE_WRITE, status);
}

struct mp_rlock *mp_value_lock(struct mp_value *value)
{
	return value->guard;
}

void *mp_value_address(struct mp_value *value)
{
	return value->cell.bytes;
}
