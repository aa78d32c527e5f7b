/* SPDX-License-Identifier: MIT */
/*
 * A count that two tasks add to, in many shapes. Which of its accesses a compiler announces
 * differs from shape to shape and from compiler to compiler; an update is lost in all of them
 * where the lock is not taken.
 */
#include "../tasks.h"

#include <complex.h>
#include <string.h>

#define ASSIGNED 0 /* a struct through a pointer */
#define ARRAY 1	   /* an array in a struct */
#define LITERAL 2  /* a compound literal */
#define UNION 3
#define COMPLEX 4
#define LONG_DOUBLE 5
#define VECTOR 6
#define VOLATILE 7 /* a volatile struct */
#define BUILTIN 8  /* __builtin_memcpy of a few bytes */
#define BIT_FIELD 9
#define CONDITIONAL 10 /* one of two structs */
#define NESTED 11      /* a struct in a struct, by value */
#define LARGE 12       /* 200 bytes */
#define ASSEMBLY 13    /* an addition in memory, without a lock's prefix */
#define STRING 14      /* rep movsb in assembly */

#if SHAPE == ARRAY || SHAPE == NESTED
struct value {
	struct {
		int number[5];
	} part;
};
#define NUMBER(value) (value).part.number[2]
#elif SHAPE == UNION
union value {
	long number;
	char bytes[8];
	double other;
};
#define value_t union value
#define NUMBER(value) (value).number
#elif SHAPE == COMPLEX
#define value_t double complex
#define NUMBER(value) creal(value)
#elif SHAPE == LONG_DOUBLE
#define value_t long double
#define NUMBER(value) (value)
#elif SHAPE == VECTOR
typedef int value_t __attribute__((vector_size(16)));
#define value_t value_t
#define NUMBER(value) (value)[3]
#elif SHAPE == BIT_FIELD
struct value {
	unsigned before : 3;
	unsigned number : 7;
	unsigned behind : 11;
};
#define NUMBER(value) (value).number
#elif SHAPE == LARGE
struct value {
	char before[100];
	int number;
	char behind[96];
};
#define NUMBER(value) (value).number
#else
struct value {
	int before;
	int number;
	long behind;
};
#define NUMBER(value) (value).number
#endif
#ifndef value_t
#define value_t struct value
#endif

struct state {
	pthread_mutex_t lock;
	value_t value;
};

#if SHAPE == BIT_FIELD || SHAPE == ARRAY || SHAPE == LITERAL || SHAPE == CONDITIONAL ||  \
	SHAPE == NESTED || SHAPE == LARGE || SHAPE == ASSIGNED || SHAPE == UNION
static value_t one_more(value_t value)
{
	NUMBER(value) = NUMBER(value) + 1;
	return value;
}
#endif

static void add(struct state *s)
{
	value_t *value = &s->value;
#if SHAPE == ASSIGNED
	value_t next = *value;
	next = one_more(next);
	*value = next;
#elif SHAPE == LITERAL
	*value = one_more((value_t){.number = value->number});
#elif SHAPE == CONDITIONAL
	value_t other = {0};
	*value = one_more(s ? *value : other);
#elif SHAPE == COMPLEX || SHAPE == LONG_DOUBLE
	*value = *value + 1;
#elif SHAPE == VECTOR
	*value += (value_t){0, 0, 0, 1};
#elif SHAPE == VOLATILE
	volatile value_t *here = value;
	value_t next = *here;
	next.number++;
	*here = next;
#elif SHAPE == BUILTIN
	value_t next;
	__builtin_memcpy(&next, value, sizeof(next));
	next.number++;
	__builtin_memcpy(value, &next, sizeof(next));
#elif SHAPE == ASSEMBLY
	__asm__ volatile("addl $1, %0" : "+m"(value->number) : : "cc");
#elif SHAPE == STRING
	value_t next;
	void *to = &next;
	const void *from = value;
	size_t count = sizeof(next);
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
	next.number++;
	to = value;
	from = &next;
	count = sizeof(next);
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
#else
	*value = one_more(*value);
#endif
}

static void update(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
#ifdef CORRECT
	pthread_mutex_lock(&s->lock);
#endif
	add(s);
#ifdef CORRECT
	pthread_mutex_unlock(&s->lock);
#endif
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	tasks_start(update, s, 0);
	tasks_start(update, s, 1);
	tasks_join();
	assert(NUMBER(s->value) == 2);
	tasks_free(s, sizeof(*s));
	return 0;
}
