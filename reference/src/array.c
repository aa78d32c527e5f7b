/* SPDX-License-Identifier: MIT */
#include "checker.h"
#include "typecode.h"

#include <mp/array.h>
#include <mp/shared.h>
#include <stdint.h>
#include <string.h>

static unsigned char *cells(struct mp_array *array)
{
	return (unsigned char *)(array + 1);
}

static struct mp_array *new_array(char typecode, ptrdiff_t length, bool raw, int *status)
{
	struct mp_array *array = NULL;
	size_t size = mp_typecode_size(typecode);
	int result = MP_OK;

	if (size == 0)
		result = MP_WRONG_TYPE;
	else if (length < 0)
		result = MP_INVALID;
	else if ((size_t)length > (PTRDIFF_MAX - sizeof(*array)) / size ||
		 !(array = mp_shared_new(sizeof(*array) + (size_t)length * size)))
		result = MP_NO_MEMORY;
	if (status)
		*status = result;
	if (array) {
		array->typecode = typecode;
		array->raw = raw;
		array->length = (size_t)length;
		checker_init(MP_CHECKER_KIND_VALUE, array);
	}
	return array;
}

struct mp_array *mp_array_new(char typecode, ptrdiff_t length, int *status)
{
	return new_array(typecode, length, false, status);
}

struct mp_array *mp_array_new_raw(char typecode, ptrdiff_t length, int *status)
{
	return new_array(typecode, length, true, status);
}

struct mp_array *mp_array_new_from(
	char typecode, const void *numbers, ptrdiff_t length, int *status)
{
	struct mp_array *array = new_array(typecode, length, false, status);

	if (array && length > 0)
		memcpy(cells(array), numbers, array->length * mp_typecode_size(typecode));
	return array;
}

size_t mp_array_length(const struct mp_array *array)
{
	return array->length;
}

/* Finds the element and takes the lock. MP_OK or MP_OWNER_DIED: the caller may go on. */
static int begin(
	struct mp_array *array, ptrdiff_t index, int operation, unsigned char **cell)
{
	ptrdiff_t length = (ptrdiff_t)array->length;
	int status;

	if (index < -length || index >= length)
		return MP_OUT_OF_RANGE;
	if (index < 0)
		index += length;
	*cell = cells(array) + (size_t)index * mp_typecode_size(array->typecode);
	status = array->raw ? MP_OK : mp_rlock_acquire(&array->lock);
	if (status == MP_OK || status == MP_OWNER_DIED)
		checker_before(operation, *cell);
	return status;
}

static int end(
	struct mp_array *array, int operation, const unsigned char *cell, int status)
{
	checker_after(operation, cell, MP_OK);
	if (!array->raw)
		mp_rlock_release(&array->lock);
	return status;
}

int mp_array_get(struct mp_array *array, ptrdiff_t index, long long *number)
{
	unsigned char *cell;
	int status;

	if (mp_typecode_is_real(array->typecode))
		return MP_WRONG_TYPE;
	status = begin(array, index, MP_CHECKER_VALUE_READ, &cell);
	if (status != MP_OK && status != MP_OWNER_DIED)
		return status;
	*number = mp_typecode_load(array->typecode, cell);
	return end(array, MP_CHECKER_VALUE_READ, cell, status);
}

int mp_array_set(struct mp_array *array, ptrdiff_t index, long long number)
{
	unsigned char *cell;
	int status = begin(array, index, MP_CHECKER_VALUE_WRITE, &cell);

	if (status != MP_OK && status != MP_OWNER_DIED)
		return status;
	mp_typecode_store(array->typecode, cell, number);
	return end(array, MP_CHECKER_VALUE_WRITE, cell, status);
}

int mp_array_get_real(struct mp_array *array, ptrdiff_t index, double *number)
{
	unsigned char *cell;
	int status;

	if (!mp_typecode_is_real(array->typecode))
		return MP_WRONG_TYPE;
	status = begin(array, index, MP_CHECKER_VALUE_READ, &cell);
	if (status != MP_OK && status != MP_OWNER_DIED)
		return status;
	*number = mp_typecode_load_real(array->typecode, cell);
	return end(array, MP_CHECKER_VALUE_READ, cell, status);
}

int mp_array_set_real(struct mp_array *array, ptrdiff_t index, double number)
{
	unsigned char *cell;
	int status;

	if (!mp_typecode_is_real(array->typecode))
		return MP_WRONG_TYPE;
	status = begin(array, index, MP_CHECKER_VALUE_WRITE, &cell);
	if (status != MP_OK && status != MP_OWNER_DIED)
		return status;
	mp_typecode_store_real(array->typecode, cell, number);
	return end(array, MP_CHECKER_VALUE_WRITE, cell, status);
}

struct mp_rlock *mp_array_lock(struct mp_array *array)
{
	return array->raw ? NULL : &array->lock;
}

void *mp_array_address(struct mp_array *array)
{
	return cells(array);
}
