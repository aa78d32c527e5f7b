/* SPDX-License-Identifier: MIT */
/*
 * One object has one name in all of a witness, whichever of the program's pointers a task
 * used: of all that lead to it, the one whose type spans most of the memory around, so that a
 * member is named as a part of its structure. Names of a lab's driver, which students have
 * not written, are for what theirs do not reach.
 */
#include "explore/names.h"

#include "base/memory.h"
#include "explore/variables.h"

#include <dwarf.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CACHED = 4096 };

/* What a pointer that was noted turned out to be. */
struct lead {
	uint64_t target; /* where the variable, or what it points to, begins */
	uint64_t size;
	const char *name; /* NULL: nothing of use */
	Dwarf_Die type;
	bool is_struct;
	bool is_drivers;
};

struct cached {
	uint64_t address;
	unsigned size;
	bool used;
	struct name name;
};

struct names {
	const struct trace *trace;
	struct symbols *symbols;
	struct lead leads[POINTERS_MAX];
	struct cached cache[CACHED];
};

static const uint64_t shared_flag = 1ull << 63, pipe_flag = 1ull << 62;
static const uint64_t own_address = 0xffffffffffffull; /* without the process's number */
static const uint64_t region_offset = 0xffffffffffull;

static void follow(struct names *names, const struct pointer *pointer, struct lead *lead)
{
	struct variable variable;
	bool found = pointer->pc ? variable_in_frame(names->symbols, pointer->pc,
					   pointer->offset, &variable)
				 : variable_at(names->symbols, (uint64_t)pointer->offset,
					   &variable);
	if (!found || !variable_pointee(&variable, &lead->type, &lead->size))
		return;
	lead->name = variable.name;
	lead->target = pointer->target;
	lead->is_struct = type_is_struct(&lead->type);
	struct place place;
	lead->is_drivers = pointer->pc &&
			   symbols_find(names->symbols, pointer->pc, &place) &&
			   place_is_drivers(&place);
}

struct names *names_new(const struct trace *trace, struct symbols *symbols)
{
	struct names *names = memory_new(1, sizeof *names);
	names->trace = trace;
	names->symbols = symbols;
	for (uint32_t i = 0; i < trace->result.pointers; i++)
		if (!trace->pointers[i].is_frame)
			follow(names, &trace->pointers[i], &names->leads[i]);
	return names;
}

void names_free(struct names *names)
{
	free(names);
}

const struct trace *names_trace(const struct names *names)
{
	return names->trace;
}

static enum value_kind kind_of(Dwarf_Die *type)
{
	Dwarf_Attribute attribute;
	Dwarf_Word encoding = 0;
	if (dwarf_tag(type) == DW_TAG_pointer_type)
		return VALUE_ADDRESS;
	if (dwarf_attr(type, DW_AT_encoding, &attribute))
		dwarf_formudata(&attribute, &encoding);
	switch (encoding) {
	case DW_ATE_boolean:
		return VALUE_BOOL;
	case DW_ATE_float:
		return VALUE_FLOAT;
	case DW_ATE_unsigned:
	case DW_ATE_unsigned_char:
		return VALUE_UNSIGNED;
	default:
		return VALUE_SIGNED;
	}
}

static void describe(Dwarf_Die *type, const char *start, uint64_t offset, unsigned size,
	struct name *name)
{
	Dwarf_Die part;
	snprintf(name->text, sizeof name->text, "%s", start);
	type_path(type, offset, size, name->text, sizeof name->text, &part);
	name->kind = kind_of(&part);
}

/* A member of what a pointer to a structure leads to comes first, of the largest; then what a
 * pointer leads to itself; then what lies behind it, as in an array. */
static unsigned rank(const struct lead *lead, uint64_t offset)
{
	if (lead->is_struct && offset < lead->size)
		return lead->is_drivers ? 4 : 5;
	if (offset < lead->size)
		return lead->is_drivers ? 2 : 3;
	return 1;
}

static const struct lead *best_lead(const struct names *names, uint64_t address)
{
	const struct lead *best = NULL;
	unsigned best_rank = 0;
	for (uint32_t i = 0; i < names->trace->result.pointers; i++) {
		const struct lead *lead = &names->leads[i];
		if (!lead->name || lead->target > address ||
			address - lead->target >= 1u << 16)
			continue;
		unsigned this = rank(lead, address - lead->target);
		if (!best || this > best_rank ||
			(this == best_rank && lead->size > best->size)) {
			best = lead;
			best_rank = this;
		}
	}
	return best;
}

static bool through_pointer(
	const struct names *names, uint64_t address, unsigned size, struct name *name)
{
	const struct lead *lead = best_lead(names, address);
	char start[64];
	if (!lead)
		return false;
	uint64_t offset = address - lead->target, index = offset / lead->size;
	Dwarf_Die type = lead->type;
	if (index) {
		snprintf(start, sizeof start, "%s[%" PRIu64 "]", lead->name, index);
		describe(&type, start, offset % lead->size, size, name);
		return true;
	}
	struct name way = {0};
	describe(&type, "", offset, size, &way);
	const char *path = way.text;
	name->kind = way.kind;
	if (path[0] == '.')
		snprintf(
			name->text, sizeof name->text, "%s->%.40s", lead->name, path + 1);
	else
		snprintf(name->text, sizeof name->text, path[0] ? "(*%s)%.40s" : "*%s%s",
			lead->name, path);
	return true;
}

static bool as_variable(
	const struct names *names, uint64_t address, unsigned size, struct name *name)
{
	struct variable variable;
	if (address & (shared_flag | pipe_flag))
		return false;
	bool found = variable_at(names->symbols, address & own_address, &variable);
	for (uint32_t i = 0; !found && i < names->trace->result.pointers; i++) {
		const struct pointer *frame = &names->trace->pointers[i];
		found = frame->is_frame && address - frame->target + 4096 < 8192 &&
			variable_in_frame(names->symbols, frame->pc,
				(int64_t)(address - frame->target), &variable);
	}
	if (found)
		describe(&variable.type, variable.name, variable.within, size, name);
	return found;
}

static bool as_named_semaphore(
	const struct names *names, uint64_t address, struct name *name)
{
	uint64_t first = CONTROL_ADDRESS + offsetof(struct control_memory, names);
	uint64_t index = (address - first) / sizeof(struct named_semaphore);
	if (address < first || index >= NAMES_MAX || !names->trace->names[index][0])
		return false;
	snprintf(name->text, sizeof name->text, "%s", names->trace->names[index]);
	return true;
}

static bool as_file(const struct names *names, uint64_t address, struct name *name)
{
	uint64_t file = (address & ~FILE_KEYS) >> 40, at = address & region_offset;
	if (address >> 59 != FILE_KEYS >> 59 || file >= FILES_MAX)
		return false;
	const char *shown = names->trace->files[file];
	if (!*shown)
		shown = "without a name";
	if (at)
		snprintf(name->text, sizeof name->text, "%s at %" PRIu64, shown, at);
	else
		snprintf(name->text, sizeof name->text, "%s", shown);
	return true;
}

static bool as_path(const struct names *names, uint64_t address, struct name *name)
{
	if (address >> 59 != NAME_KEYS >> 59)
		return false;
	snprintf(name->text, sizeof name->text, "of a path");
	for (int i = 0; i < FILE_NAMES_MAX; i++)
		if (names->trace->file_names[i].key == address)
			snprintf(name->text, sizeof name->text, "%s",
				names->trace->file_names[i].shown);
	return true;
}

static void find(
	const struct names *names, uint64_t address, unsigned size, struct name *name)
{
	*name = (struct name){0};
	if (as_named_semaphore(names, address, name) ||
		as_variable(names, address, size, name) ||
		through_pointer(names, address, size, name))
		return;
	if (as_file(names, address, name) || as_path(names, address, name))
		return;
	if (address & shared_flag)
		snprintf(name->text, sizeof name->text, "shared+%" PRIu64,
			address & region_offset);
	else if (address & pipe_flag)
		snprintf(name->text, sizeof name->text, "%" PRIu64,
			(address & 0xffff) + 1);
	else
		snprintf(name->text, sizeof name->text, "0x%" PRIx64,
			address & own_address);
}

void names_find(struct names *names, uint64_t address, unsigned size, struct name *name)
{
	uint64_t hash = control_mix(address + size);
	struct cached *slot = &names->cache[hash % CACHED];
	if (!slot->used || slot->address != address || slot->size != size) {
		slot->used = true;
		slot->address = address;
		slot->size = size;
		find(names, address, size, &slot->name);
	}
	*name = slot->name;
}

void value_words(
	const struct name *name, uint64_t value, unsigned size, char *text, size_t room)
{
	unsigned unused = size && size < 8 ? 64 - 8 * size : 0;
	int64_t number = (int64_t)(value << unused) >> unused;
	float single;
	double full;
	memcpy(&single, &value, sizeof single);
	memcpy(&full, &value, sizeof full);
	if (name->kind == VALUE_FLOAT && (size == sizeof single || size == sizeof full))
		snprintf(text, room, "%g", size == sizeof full ? full : (double)single);
	else if (name->kind == VALUE_ADDRESS && value)
		snprintf(text, room, "0x%" PRIx64, value);
	else if (name->kind == VALUE_BOOL && value < 2)
		snprintf(text, room, "%s", value ? "true" : "false");
	else if (name->kind == VALUE_UNSIGNED)
		snprintf(text, room, "%" PRIu64, value);
	else
		snprintf(text, room, "%" PRId64, number);
}
