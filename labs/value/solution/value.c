/* SPDX-License-Identifier: MIT */
#include "value.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

/* For mmap, whose memory comes from no file. */
enum { NO_FILE = -1 };

/* The number as one of the type. long, long long and the unsigned ones have all bits. */
long value_wrapped(char typecode, long number);

long value_wrapped(char typecode, long number)
{
	/* BEGIN SOLUTION */
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
	/* END SOLUTION */
	(void)typecode;
	return number;
}

struct value *value_new(char typecode)
{
	struct value *value = NULL;
	/* BEGIN SOLUTION */
	if (typecode == 0 || !strchr("bBhHiIlLqQ", typecode))
		return NULL;
	value = mmap(NULL, sizeof(*value), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, NO_FILE, 0);
	if (value == MAP_FAILED)
		return NULL;
	value->typecode = typecode;
	/* END SOLUTION */
	(void)typecode;
	return value;
}

void value_set(struct value *value, long number)
{
	/* BEGIN SOLUTION */
	mp_lock_acquire(&value->lock);
	value->number = value_wrapped(value->typecode, number);
	mp_lock_release(&value->lock);
	/* END SOLUTION */
	(void)value;
	(void)number;
}

long value_get(struct value *value)
{
	long number = 0;
	/* BEGIN SOLUTION */
	mp_lock_acquire(&value->lock);
	number = value->number;
	mp_lock_release(&value->lock);
	/* END SOLUTION */
	(void)value;
	return number;
}

void value_add(struct value *value, long number)
{
	/* BEGIN SOLUTION */
	mp_lock_acquire(&value->lock);
	value->number = value_wrapped(value->typecode,
		(long)((unsigned long)value->number + (unsigned long)number));
	mp_lock_release(&value->lock);
	/* END SOLUTION */
	(void)value;
	(void)number;
}

void value_free(struct value *value)
{
	/* BEGIN SOLUTION */
	munmap(value, sizeof(*value));
	/* END SOLUTION */
	(void)value;
}
