/* SPDX-License-Identifier: MIT */
#include "explore/variables.h"

#include "base/memory.h"

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MOST = 16, POINTER_SIZE = 8 };

static bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attribute;
	return dwarf_attr_integrate(die, DW_AT_type, &attribute) &&
	       dwarf_formref_die(&attribute, type);
}

bool type_bare(Dwarf_Die *type)
{
	for (int i = 0; i < DEPTH_MOST; i++) {
		switch (dwarf_tag(type)) {
		case DW_TAG_typedef:
		case DW_TAG_const_type:
		case DW_TAG_volatile_type:
		case DW_TAG_restrict_type:
		case DW_TAG_atomic_type:
			if (!type_of(type, type))
				return false;
			break;
		default:
			return true;
		}
	}
	return false;
}

bool type_is_struct(Dwarf_Die *type)
{
	Dwarf_Die bare = *type;
	return type_bare(&bare) && dwarf_tag(&bare) == DW_TAG_structure_type;
}

/* The only operation of an expression. */
static bool simple_location(Dwarf_Die *die, unsigned name, Dwarf_Op *op)
{
	Dwarf_Attribute attribute;
	Dwarf_Op *ops;
	size_t count;
	if (!dwarf_attr_integrate(die, name, &attribute) ||
		dwarf_getlocation(&attribute, &ops, &count) || count != 1)
		return false;
	*op = ops[0];
	return true;
}

static bool is_variable(Dwarf_Die *die)
{
	return dwarf_tag(die) == DW_TAG_variable ||
	       dwarf_tag(die) == DW_TAG_formal_parameter;
}

static bool fill(struct variable *variable, Dwarf_Die *die, uint64_t within)
{
	Dwarf_Word size;
	const char *name = dwarf_diename(die);
	if (!name || !type_of(die, &variable->type) ||
		dwarf_aggregate_size(&variable->type, &size) || within >= size)
		return false;
	variable->name = name;
	variable->size = size;
	variable->within = within;
	return true;
}

/* What has to be added to a local's offset for it to count from the frame's pointer. */
static bool frame_base(Dwarf_Die *function, int64_t *base)
{
	enum { FRAME_POINTER = 6, LINK_AND_RETURN = 16 };
	Dwarf_Op op;
	if (!simple_location(function, DW_AT_frame_base, &op))
		return false;
	*base = op.atom == DW_OP_call_frame_cfa ? LINK_AND_RETURN : (int64_t)op.number;
	return op.atom == DW_OP_call_frame_cfa || op.atom == DW_OP_reg0 + FRAME_POINTER ||
	       op.atom == DW_OP_breg0 + FRAME_POINTER;
}

static bool local_of(
	Dwarf_Die *scope, int64_t base, int64_t offset, struct variable *variable)
{
	Dwarf_Die die;
	Dwarf_Op op;
	if (dwarf_child(scope, &die))
		return false;
	do
		if (is_variable(&die) && simple_location(&die, DW_AT_location, &op) &&
			op.atom == DW_OP_fbreg && offset >= base + (int64_t)op.number &&
			fill(variable, &die,
				(uint64_t)(offset - base - (int64_t)op.number)))
			return true;
	while (dwarf_siblingof(&die, &die) == 0);
	return false;
}

bool variable_in_frame(
	struct symbols *symbols, uint64_t pc, int64_t offset, struct variable *variable)
{
	Dwarf_Die unit, *scopes = NULL;
	Dwarf_Addr address;
	int64_t base = 0;
	bool found = false;
	if (!symbols_unit(symbols, pc - 1, &unit, &address))
		return false;
	int count = dwarf_getscopes(&unit, address, &scopes);
	int function = 0;
	while (function < count && dwarf_tag(&scopes[function]) != DW_TAG_subprogram)
		function++;
	if (function < count && frame_base(&scopes[function], &base))
		for (int i = 0; i <= function && !found; i++)
			found = local_of(&scopes[i], base, offset, variable);
	free(scopes);
	return found;
}

/* Where a static variable lies: an address, or its number in the unit's table of them. */
static bool static_address(Dwarf_Die *die, uint64_t *address)
{
	Dwarf_Op op;
	Dwarf_Attribute location, listed;
	Dwarf_Addr found;
	if (!simple_location(die, DW_AT_location, &op))
		return false;
	*address = op.number;
	if (op.atom == DW_OP_addr)
		return true;
	if (op.atom != DW_OP_addrx || !dwarf_attr(die, DW_AT_location, &location) ||
		dwarf_getlocation_attr(&location, &op, &listed) ||
		dwarf_formaddr(&listed, &found))
		return false;
	*address = found;
	return true;
}

/* Static variables of functions are among those of their blocks. */
static void read_statics(Dwarf_Die *parent, int depth, struct statics *statics)
{
	Dwarf_Die die;
	if (depth > DEPTH_MOST || dwarf_child(parent, &die))
		return;
	do {
		int tag = dwarf_tag(&die);
		struct static_variable found;
		if (tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block)
			read_statics(&die, depth + 1, statics);
		if (tag != DW_TAG_variable || !static_address(&die, &found.address) ||
			!fill(&found.variable, &die, 0))
			continue;
		statics->list = memory_grow(
			statics->list, statics->count + 1, sizeof *statics->list);
		statics->list[statics->count++] = found;
	} while (dwarf_siblingof(&die, &die) == 0);
}

bool variable_at(struct symbols *symbols, uint64_t address, struct variable *variable)
{
	struct statics *statics = symbols_statics(symbols);
	Dwarf_Die unit;
	for (void *last = NULL;
		!statics->read && (last = symbols_next_unit(symbols, last, &unit));)
		read_statics(&unit, 0, statics);
	statics->read = true;
	uint64_t shifted = symbols_shifted(symbols, address);
	for (size_t i = 0; i < statics->count; i++) {
		const struct static_variable *found = &statics->list[i];
		if (shifted < found->address ||
			shifted - found->address >= found->variable.size)
			continue;
		*variable = found->variable;
		variable->within = shifted - found->address;
		return true;
	}
	return false;
}

bool variable_pointee(const struct variable *pointer, Dwarf_Die *type, uint64_t *size)
{
	Dwarf_Word bytes;
	*type = pointer->type;
	if (pointer->within || pointer->size != POINTER_SIZE || !type_bare(type) ||
		dwarf_tag(type) != DW_TAG_pointer_type || !type_of(type, type) ||
		dwarf_aggregate_size(type, &bytes) || !bytes)
		return false;
	*size = bytes;
	return true;
}

static void append(char *text, size_t room, const char *more)
{
	size_t length = strlen(text);
	snprintf(text + length, room - length, "%s", more);
}

/* Objects of libraries, whose members say nothing to who only uses them. */
static bool is_opaque(Dwarf_Die *type)
{
	static const char *const prefixes[] = {"pthread_", "sem_t", "mp_"};
	const char *name = dwarf_diename(type);
	for (size_t i = 0; name && i < sizeof prefixes / sizeof *prefixes; i++)
		if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
			return true;
	return false;
}

/* The member that contains the offset, which then counts from its start. A part of fewer than
 * `least` bytes is none of what was accessed. */
static bool enter_member(
	Dwarf_Die *type, uint64_t *offset, unsigned least, char *text, size_t room)
{
	Dwarf_Die member;
	Dwarf_Attribute attribute;
	Dwarf_Word size, start;
	if (dwarf_child(type, &member))
		return false;
	do {
		Dwarf_Die inner;
		if (dwarf_tag(&member) != DW_TAG_member || !type_of(&member, &inner) ||
			dwarf_aggregate_size(&inner, &size) ||
			!dwarf_attr(&member, DW_AT_data_member_location, &attribute) ||
			dwarf_formudata(&attribute, &start) || *offset < start ||
			*offset - start >= size || size < least)
			continue;
		const char *name = dwarf_diename(&member);
		if (name && strncmp(name, "__", 2) != 0) {
			append(text, room, ".");
			append(text, room, name);
		}
		*offset -= start;
		*type = inner;
		return true;
	} while (dwarf_siblingof(&member, &member) == 0);
	return false;
}

static uint64_t dimension(Dwarf_Die *range)
{
	Dwarf_Attribute attribute;
	Dwarf_Word count = 0;
	if (dwarf_attr(range, DW_AT_count, &attribute) &&
		!dwarf_formudata(&attribute, &count))
		return count;
	if (dwarf_attr(range, DW_AT_upper_bound, &attribute) &&
		!dwarf_formudata(&attribute, &count))
		return count + 1;
	return 0;
}

static bool enter_element(
	Dwarf_Die *type, uint64_t *offset, unsigned least, char *text, size_t room)
{
	Dwarf_Die range, inner;
	Dwarf_Word size;
	uint64_t counts[4], inside = 1;
	int used = 0;
	if (!type_of(type, &inner) || dwarf_aggregate_size(&inner, &size) || !size ||
		size < least || dwarf_child(type, &range))
		return false;
	do
		if (dwarf_tag(&range) == DW_TAG_subrange_type && used < 4)
			counts[used++] = dimension(&range);
	while (dwarf_siblingof(&range, &range) == 0);
	for (int i = 1; i < used; i++)
		inside *= counts[i] ? counts[i] : 1;
	uint64_t index = *offset / size;
	for (int i = 0; i < used; i++) {
		char number[24];
		snprintf(number, sizeof number, "[%" PRIu64 "]", index / inside);
		append(text, room, number);
		index %= inside;
		if (i + 1 < used && counts[i + 1])
			inside /= counts[i + 1];
	}
	*offset %= size;
	*type = inner;
	return true;
}

void type_path(Dwarf_Die *type, uint64_t offset, unsigned size, char *text, size_t room,
	Dwarf_Die *part)
{
	*part = *type;
	for (int i = 0; i < DEPTH_MOST; i++) {
		if (!size && !offset && is_opaque(part))
			return;
		int tag = dwarf_tag(part);
		bool inside = tag == DW_TAG_structure_type
				      ? enter_member(part, &offset, size, text, room)
			      : tag == DW_TAG_array_type
				      ? enter_element(part, &offset, size, text, room)
			      : tag == DW_TAG_typedef || tag == DW_TAG_const_type ||
					      tag == DW_TAG_volatile_type ||
					      tag == DW_TAG_atomic_type
				      ? type_of(part, part)
				      : false;
		if (!inside)
			break;
	}
	type_bare(part);
}
