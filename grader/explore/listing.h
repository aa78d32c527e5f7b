/* SPDX-License-Identifier: MIT */
/*
 * A linked program as the census reads it: its sections of code, and where functions begin.
 *
 *	struct listing listing;
 *	listing_open(&listing, "program", &error);
 *	listing_function(&listing, 0x401136)	"main"
 *	listing_close(&listing);
 */
#ifndef INTERLOCK_EXPLORE_LISTING_H
#define INTERLOCK_EXPLORE_LISTING_H

#include "base/error.h"

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct section {
	uint64_t start, end;
	const unsigned char *bytes;
};

struct function {
	uint64_t start;
	const char *name;
};

struct listing {
	int fd;
	Elf *elf;
	struct section program; /* compiled for the explorer */
	struct section foreign; /* not compiled by us */
	struct section *constant;
	size_t constant_count;
	struct function *functions; /* of the whole program, by address */
	size_t functions_count;
};

int listing_open(struct listing *listing, const char *path, struct error *error);
void listing_close(struct listing *listing);

/* The function that begins there, or NULL. */
const char *listing_function(const struct listing *listing, uint64_t address);

/* Nobody can write there. */
bool listing_is_constant(const struct listing *listing, uint64_t address);

#endif
