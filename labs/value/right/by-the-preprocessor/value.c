/* As the solution, with names put together, lines spliced and a pragma in a macro. */
#include "value.h"

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#define JOIN(a, b) a##b
#define WITHOUT(warning) _Pragma(#warning)

WITHOUT(GCC diagnostic push)
WITHOUT(GCC diagnostic ignored "-Wmissing-prototypes")

/* For mmap, whose memory comes from no file. */
enum { NO_FILE = -1 };

/* The number as one of the type. long, long long and the unsigned ones have all bits. */
long value_wrapped(char typecode, long number);

long value_wrapped(char typecode, long number)
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
	(void)typecode;
	return number;
}

struct value *JOIN(value_, \
	new)(char typecode)
{
	struct value *value = NULL;
	if (typecode == 0 || !strchr("bBhHiIlLqQ", typecode))
		return NULL;
	value = mmap(NULL, sizeof(*value), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, NO_FILE, 0);
	if (value == MAP_FAILED)
		return NULL;
	value->typecode = typecode;
	(void)typecode;
	return value;
}

void JOIN(value_, \
	set)(struct value *value, long number)
{
	mp_lock_acquire(&value->lock);
	value->number = value_wrapped(value->typecode, number);
	mp_lock_release(&value->lock);
	(void)value;
	(void)number;
}

long JOIN(value_, \
	get)(struct value *value)
{
	long number = 0;
	mp_lock_acquire(&value->lock);
	number = value->number;
	mp_lock_release(&value->lock);
	(void)value;
	return number;
}

void JOIN(value_, \
	add)(struct value *value, long number)
{
	mp_lock_acquire(&value->lock);
	value->number = value_wrapped(value->typecode,
		(long)((unsigned long)value->number + (unsigned long)number));
	mp_lock_release(&value->lock);
	(void)value;
	(void)number;
}

void JOIN(value_, \
	free)(struct value *value)
{
	munmap(value, sizeof(*value));
	(void)value;
}

WITHOUT(GCC diagnostic pop)
