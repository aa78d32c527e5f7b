/* fails wraps_like_its_type: wraps by %, which keeps the sign: -1 as an unsigned char stays -1 */
#include "value.h"

#include <string.h>
#include <sys/mman.h>

/* The number as one of the type. long, long long and the unsigned ones have all bits. */
static long wrapped(char typecode, long number)
{
	long range = 1;
	switch (typecode) {
	case 'b':
	case 'B':
		range <<= 8;
		break;
	case 'h':
	case 'H':
		range <<= 16;
		break;
	case 'i':
	case 'I':
		range <<= 32;
		break;
	default:
		return number;
	}
	number %= range;
	if (typecode >= 'a' && number >= range / 2)
		number -= range;
	return number;
}

struct value *value_new(char typecode)
{
	if (typecode == 0 || !strchr("bBhHiIlLqQ", typecode))
		return NULL;
	struct value *value = mmap(NULL, sizeof(*value), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (value == MAP_FAILED)
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
