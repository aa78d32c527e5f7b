/* fails gives_its_memory_back: maps first and refuses then, and what it has mapped stays */
#include "value.h"

#include <string.h>
#include <sys/mman.h>

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

struct value *value_new(char typecode)
{
	struct value *value = mmap(NULL, sizeof(*value), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (value == MAP_FAILED)
		return NULL;
	if (typecode == 0 || !strchr("bBhHiIlLqQ", typecode))
		return NULL;
	value->typecode = typecode;
	return value;
}

void value_set(struct value *value, long number)
{
	mp_lock_acquire(&value->lock);
	value->number = wrapped(value->typecode, number);
	mp_lock_release(&value->lock);
}

long value_get(struct value *value)
{
	mp_lock_acquire(&value->lock);
	long number = value->number;
	mp_lock_release(&value->lock);
	return number;
}

void value_add(struct value *value, long number)
{
	mp_lock_acquire(&value->lock);
	value->number = wrapped(value->typecode,
		(long)((unsigned long)value->number + (unsigned long)number));
	mp_lock_release(&value->lock);
}

void value_free(struct value *value)
{
	munmap(value, sizeof(*value));
}
