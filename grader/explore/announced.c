/* SPDX-License-Identifier: MIT */
#include "explore/announced.h"

#include <stdlib.h>
#include <string.h>

enum { RSI = 6, RDI = 7 };

void announced_forget(struct announced *announced)
{
	announced->count = 0;
}

static void add(struct announced *announced, const struct value *address, uint64_t size,
	bool is_write)
{
	if (announced->count == ANNOUNCED_MAX)
		memmove(announced->list, announced->list + 1,
			--announced->count * sizeof *announced->list);
	struct announcement *new = &announced->list[announced->count++];
	memset(new, 0, sizeof *new);
	new->address = *address;
	new->size = size;
	new->is_write = is_write;
}

static bool skip(const char **name, const char *part)
{
	size_t length = strlen(part);
	if (strncmp(*name, part, length) != 0)
		return false;
	*name += length;
	return true;
}

void announced_call(struct announced *announced, const char *function,
	const struct evaluation *evaluation)
{
	const struct value *address = &evaluation->registers[RDI];
	uint64_t size = 0;
	if (!skip(&function, "__tsan_"))
		return;
	/* clang leaves the load in the code behind the call that does it, as dead code. */
	if (skip(&function, "atomic")) {
		char *rest;
		size = strtoul(function, &rest, 10) / 8;
		if (size && !strcmp(rest, "_load"))
			add(announced, address, size, false);
		return;
	}
	skip(&function, "unaligned_");
	skip(&function, "volatile_");
	bool both = skip(&function, "read_write");
	bool reads = both || skip(&function, "read");
	bool writes = both || (!reads && skip(&function, "write"));
	if (!strcmp(function, "_range")) {
		if (!value_constant(&evaluation->registers[RSI], &size))
			return;
	} else {
		size = strtoul(function, NULL, 10);
	}
	if (reads && size)
		add(announced, address, size, false);
	if (writes && size)
		add(announced, address, size, true);
}

static bool use(struct announcement *announcement, uint64_t from, uint64_t size)
{
	bool unused = announcement->size > ANNOUNCED_BYTES;
	for (uint64_t i = from; i < from + size && i < ANNOUNCED_BYTES; i++) {
		unused |= !announcement->used[i];
		announcement->used[i] = true;
	}
	return unused;
}

bool announced_covers(struct announced *announced, const struct value *address,
	uint64_t size, bool is_write)
{
	for (unsigned i = announced->count; i-- > 0;) {
		struct announcement *announcement = &announced->list[i];
		int64_t distance;
		if (announcement->is_write == is_write &&
			value_distance(&announcement->address, address, &distance) &&
			distance >= 0 &&
			(uint64_t)distance + size <= announcement->size &&
			use(announcement, (uint64_t)distance, size))
			return true;
	}
	return false;
}

void announced_withdraw(
	struct announced *announced, const struct value *address, uint64_t size)
{
	unsigned kept = 0;
	for (unsigned i = 0; i < announced->count; i++) {
		const struct announcement *announcement = &announced->list[i];
		int64_t distance;
		if (announcement->is_write &&
			value_distance(&announcement->address, address, &distance) &&
			distance < (int64_t)announcement->size &&
			distance + (int64_t)size > 0)
			continue;
		announced->list[kept++] = *announcement;
	}
	announced->count = kept;
}
