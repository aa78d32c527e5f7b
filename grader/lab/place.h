/* SPDX-License-Identifier: MIT */
/*
 * Where in a YAML file something stands, for messages about what it says: libcyaml knows
 * this only while it reads, and of an unknown key not even then.
 *
 *	long line = place_find(text, "limits.processes");
 *	if (line)
 *		printf("lab.yaml:%ld: too many processes\n", line);
 */
#ifndef INTERLOCK_LAB_PLACE_H
#define INTERLOCK_LAB_PLACE_H

/* The line, from 1, of a key's value: the keys on the way to it and the numbers, from 0,
 * of entries of lists, with dots in between ("criteria.2.points"). 0 if it is not there
 * or the text is no YAML. */
long place_find(const char *text, const char *way);

/* The line of the first key with this name, in whatever mapping; 0 if there is none. */
long place_find_key(const char *text, const char *key);

#endif
