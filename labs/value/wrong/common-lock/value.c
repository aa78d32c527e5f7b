/* fails only_the_same_value_is_waited_for: one lock for all values */
#include "value.h"

#include <string.h>
#include <sys/mman.h>

/* The number as one of the type. long, long long and the unsigned ones have all bits. */
static long wrapped(char typecode, long number)
{
	switch (typecode) {
	case 'b':
		return (signed char)number;
	case 'B':
		return (unsigned char)number;
	case 'h':
		return (short)number;
	case 'H':
		return (unsigned short)number;
	case 'i':
		return (int)number;
	case 'I':
		return (unsigned int)number;
	default:
		return number;
	}
}

/* Mapped with the first value, before any child can be there. */
static struct mp_lock *all_values;

struct value *value_new(char typecode)
{
	if (typecode == 0 || !strchr("bBhHiIlLqQ", typecode))
		return NULL;
	struct value *value = mmap(NULL, sizeof(*value), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (value == MAP_FAILED)
		return NULL;
	if (!all_values)
		all_values = mmap(NULL, sizeof(*all_values), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (all_values == MAP_FAILED)
		return NULL;
	value->typecode = typecode;
	return value;
}

void value_set(struct value *value, long number)
{
	mp_lock_acquire(all_values);
	value->number = wrapped(value->typecode, number);
	mp_lock_release(all_values);
}

long value_get(struct value *value)
{
	mp_lock_acquire(all_values);
	long number = value->number;
	mp_lock_release(all_values);
	return number;
}

void value_add(struct value *value, long number)
{
	mp_lock_acquire(all_values);
	value->number = wrapped(value->typecode,
		(long)((unsigned long)value->number + (unsigned long)number));
	mp_lock_release(all_values);
}

void value_free(struct value *value)
{
	munmap(value, sizeof(*value));
}
