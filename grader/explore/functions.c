/* SPDX-License-Identifier: MIT */
#include "explore/functions.h"

#include <stddef.h>
#include <string.h>

/* Whether a lab's program may call it. */
enum place {
	box, /* it may: it branches nowhere but back */
	calls, /* it may: it calls what it is given, which is looked at (play/player/callbacks.c) */
	strays, /* not where notes are kept: code goes on at a place that it is told */
	desk,	/* not in the box */
};

static const struct {
	const char *name;
	enum place where;
	bool modelled; /* what answers may call of the others, build/functions.c lists */
} table[] = {
#define MODELLED(name, where) {#name, where, true},
#define QUICK(name, where) {#name, where, true},
#define PLAIN(name, where, ...) {#name, where, false},
#define VARIADIC(name, where, ...) {#name, where, false},
#define PURE(name, where) {#name, where, false},
#define MATH(name, where) {#name, where, false},
#define DATA(name, where) {#name, where, false},
#include "explore/runtime/functions.def"
};

enum { COUNT = sizeof(table) / sizeof(*table) };

/* COUNT if the table lacks it. */
static size_t find(const char *name)
{
	size_t i = 0;

	while (i < COUNT && strcmp(table[i].name, name) != 0)
		i++;
	return i;
}

bool functions_are_followed(const char *name)
{
	size_t i = find(name);

	return i < COUNT && table[i].modelled && table[i].where != desk &&
	       strcmp(name, "syscall") != 0;
}

bool functions_stray(const char *name)
{
	size_t i = find(name);

	return i < COUNT && (table[i].where == strays || table[i].where == desk);
}

const char *functions_that_call(size_t number)
{
	for (size_t i = 0; i < COUNT; i++)
		if (table[i].where == calls && number-- == 0)
			return table[i].name;
	return NULL;
}
