/* fails wraps_like_its_type: all values wrap as the last one that was made */
#include "value.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

enum { NO_FILE = -1 };

static char code; /* the type of the value */

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
	switch (typecode) {
	case 'b':
	case 'B':
	case 'h':
	case 'H':
	case 'i':
	case 'I':
	case 'l':
	case 'L':
	case 'q':
	case 'Q':
		break;
	default:
		return NULL;
	}
	struct value *value = mmap(NULL, sizeof(*value), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, NO_FILE, 0);
	if (value == MAP_FAILED)
		return NULL;
	mp_lock_init(&value->lock);
	code = value->typecode = typecode;
	value->number = 0;
	return value;
}

void value_set(struct value *value, long number)
{
	mp_lock_acquire(&value->lock);
	value->number = wrapped(code, number);
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
	value->number = wrapped(
		code, (long)((unsigned long)value->number + (unsigned long)number));
	mp_lock_release(&value->lock);
}

void value_free(struct value *value)
{
	munmap(value, sizeof(*value));
}
