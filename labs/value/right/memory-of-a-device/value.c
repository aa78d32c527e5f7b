/* Maps /dev/zero, of which each mapping is memory of its own. */
#include "value.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

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

struct value *value_new(char typecode)
{
	if (typecode == 0 || !strchr("bBhHiIlLqQ", typecode))
		return NULL;
	int zeros = open("/dev/zero", O_RDWR);
	if (zeros < 0)
		return NULL;
	struct value *value =
		mmap(NULL, sizeof(*value), PROT_READ | PROT_WRITE, MAP_SHARED, zeros, 0);
	close(zeros);
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

void value_add(struct value *value, long number)
{
	mp_lock_acquire(&value->lock);
	unsigned long sum = (unsigned long)value->number + (unsigned long)number;
	value->number = wrapped(value->typecode, (long)sum);
	mp_lock_release(&value->lock);
}

long value_get(struct value *value)
{
	long number = 0;
	mp_lock_acquire(&value->lock);
	number = value->number;
	mp_lock_release(&value->lock);
	return number;
}

void value_free(struct value *value)
{
	munmap(value, sizeof(*value));
}
