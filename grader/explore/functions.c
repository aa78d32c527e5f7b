/* SPDX-License-Identifier: MIT */
#include "explore/functions.h"

#include <stddef.h>
#include <string.h>

enum place { box, desk };

static const struct {
	const char *name;
	enum place where;
} table[] = {
#define MODELLED(name, where) {#name, where},
#define QUICK(name, where) {#name, where},
#define PLAIN(name, where, ...) /* what answers may call of these, build/functions.c lists */
#define VARIADIC(name, where, ...)
#define PURE(name, where)
#define MATH(name, where)
#define DATA(name, where)
#include "explore/runtime/functions.def"
};

bool functions_are_followed(const char *name)
{
	if (strcmp(name, "syscall") == 0)
		return false;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (strcmp(table[i].name, name) == 0)
			return table[i].where == box;
	return false;
}
