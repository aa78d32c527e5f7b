/* SPDX-License-Identifier: MIT */
/*
 * Who is in a class: a CSV with a row a person, as an instructor or a host writes it.
 *
 *	id,login,email,name,section,group,due,extension
 *	1001,jane,jane@example.edu,Jane Doe,A,,2026-01-31T23:59:00Z,2 days
 *
 * Columns may be in any order, and all but one of id, login, email and name may be missing. Canvas'
 * and Gradescope's names of them are known, too. "due LAB" and "extension LAB" are of that
 * lab alone. An extension is a moment, or so many days or hours.
 */
#ifndef INTERLOCK_CLASS_ROSTER_H
#define INTERLOCK_CLASS_ROSTER_H

#include "base/error.h"
#include "class/database.h"

#include <stddef.h>

struct person {
	char *id, *login, *email, *name; /* "" for what the roster does not say */
	char *section, *group;
	char *due; /* with the extension: 2026-01-31T12:00:00Z, or "" */
};

struct roster {
	struct person *persons; /* in the file's order */
	size_t count;
	char *unknown; /* columns that mean nothing to us, parted by commas; "" if none */
};

/* Reads the file for the lab. `due` is of those who have none of their own, and may be "". 0, or
 * -1 with the error set, naming the line; call roster_release() in both cases. */
int roster_read(struct roster *roster, const char *path, const char *lab, const char *due,
	struct error *error);
void roster_release(struct roster *roster);

/* Keeps it in the class's database instead of the one that is there; and reads it back. */
int roster_keep(const struct roster *roster, struct database *database, const char *lab,
	struct error *error);
int roster_load(struct roster *roster, struct database *database, const char *lab,
	struct error *error);

/* What people call somebody: the name, or else one of the ids. The person's. */
const char *person_name(const struct person *person);

#endif
