/* fails lock_is_free_afterwards: value_add releases the lock only if the number has become large */
#include "value.h"

#include <string.h>
#include <sys/mman.h>

/* The number as one of the type. long, long long and the unsigned ones have all bits. */
static long wrapped(char typecode, long number)
{
	static const char codes[] = "bBhHiI";
	static const int widths[] = {8, 8, 16, 16, 32, 32};
	const char *code = strchr(codes, typecode);
	if (!code)
		return number;
	int width = widths[code - codes];
	unsigned long mask = (1UL << width) - 1;
	unsigned long bits = (unsigned long)number & mask;
	if (typecode >= 'a' && (bits >> (width - 1)) != 0)
		bits |= ~mask;
	return (long)bits;
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
	if (value->number > 100)
		mp_lock_release(&value->lock);
}

void value_free(struct value *value)
{
	munmap(value, sizeof(*value));
}
