/* SPDX-License-Identifier: MIT */
/*
 * A number in memory that a process shares with all processes it starts later.
 *
 *	struct value *counter = value_new('i');
 *	mp_process_start(&child, count, counter);
 *	mp_process_join(&child);
 *	printf("%ld\n", value_get(counter));
 *	value_free(counter);
 */
#ifndef VALUE_H
#define VALUE_H

#include <mp/lock.h>

struct value {
	struct mp_lock lock; /* guards number; who holds it has this value to itself */
	long number;	     /* wrapped when it is stored, or when it is read */
	char typecode;	     /* fixed */
};

/* A new value, 0 at first. The typecodes are those of Python's multiprocessing: b and B
 * for signed and unsigned char, h and H for short, i and I for int, l and L for long, q and
 * Q for long long. NULL for any other, also for those of Python's real numbers, or if there
 * is no memory. The memory comes from mmap(2). */
struct value *value_new(char typecode);

/* Sets the value, as one update. A number that does not fit the type wraps, as a conversion
 * to that type does in C. */
void value_set(struct value *value, long number);

/* The value, a number of its type converted to long. */
long value_get(struct value *value);

/* Adds to the value, as one update: no other process's set or add gets in between. It
 * wraps as value_set does, a sum that no long can hold included. */
void value_add(struct value *value, long number);

/* Gives the calling process's mapping back, all of it. Other processes keep theirs, and the
 * value that is in it. */
void value_free(struct value *value);

#endif
