/* SPDX-License-Identifier: MIT */
#include "explore/symbols.h"

#include "base/memory.h"

#include <elfutils/libdwfl.h>
#include <stdlib.h>
#include <string.h>

/* Asking the debugging information takes a while, and a long witness asks the same again and
 * again. */
enum { PLACES_KEPT = 1 << 10 };

struct known_place {
	uint64_t pc; /* 0: none */
	bool found;
	struct place place;
};

struct symbols {
	Dwfl *dwfl;
	Dwfl_Module *module;
	uint64_t shift;	 /* what has to be added to a running program's address */
	Dwarf_Addr bias; /* and what to take off again for the debugging information */
	struct statics statics;
	struct known_place known[PLACES_KEPT]; /* by the lowest bits of pc */
};

static const Dwfl_Callbacks callbacks = {
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

struct symbols *symbols_new(const char *program, uint64_t load_bias, struct error *error)
{
	struct symbols *symbols = memory_new(1, sizeof *symbols);
	GElf_Addr start = 0;
	symbols->dwfl = dwfl_begin(&callbacks);
	if (symbols->dwfl) {
		dwfl_report_begin(symbols->dwfl);
		symbols->module =
			dwfl_report_offline(symbols->dwfl, program, program, -1);
		dwfl_report_end(symbols->dwfl, NULL, NULL);
	}
	if (!symbols->module) {
		error_set(error, "reading the debugging information of %s: %s", program,
			dwfl_errmsg(-1));
		symbols_free(symbols);
		return NULL;
	}
	GElf_Addr bias = 0;
	dwfl_module_getelf(symbols->module, &bias);
	dwfl_module_info(symbols->module, NULL, &start, NULL, NULL, NULL, NULL, NULL);
	symbols->shift = bias - load_bias;
	return symbols;
}

void symbols_free(struct symbols *symbols)
{
	if (!symbols)
		return;
	if (symbols->dwfl)
		dwfl_end(symbols->dwfl);
	free(symbols->statics.list);
	free(symbols);
}

static bool look_up(struct symbols *symbols, uint64_t pc, struct place *place)
{
	Dwarf_Addr address = pc + symbols->shift - 1;
	Dwfl_Line *line = dwfl_module_getsrc(symbols->module, address);
	if (!line)
		return false;
	place->function = dwfl_module_addrname(symbols->module, address);
	place->file = dwfl_lineinfo(line, NULL, &place->line, NULL, NULL, NULL);
	return place->file != NULL;
}

bool symbols_find(struct symbols *symbols, uint64_t pc, struct place *place)
{
	struct known_place *known = &symbols->known[pc % PLACES_KEPT];
	if (!pc)
		return false;
	if (known->pc != pc) {
		known->pc = pc;
		known->found = look_up(symbols, pc, &known->place);
	}
	if (known->found)
		*place = known->place;
	return known->found;
}

bool symbols_unit(
	struct symbols *symbols, uint64_t pc, Dwarf_Die *unit, Dwarf_Addr *within)
{
	Dwarf_Die *found =
		dwfl_module_addrdie(symbols->module, pc + symbols->shift, &symbols->bias);
	if (!found)
		return false;
	*unit = *found;
	*within = symbols_shifted(symbols, pc);
	return true;
}

void *symbols_next_unit(struct symbols *symbols, void *last, Dwarf_Die *unit)
{
	Dwarf_Die *found = dwfl_module_nextcu(symbols->module, last, &symbols->bias);
	if (found)
		*unit = *found;
	return found;
}

uint64_t symbols_shifted(const struct symbols *symbols, uint64_t address)
{
	return address + symbols->shift - symbols->bias;
}

struct statics *symbols_statics(struct symbols *symbols)
{
	return &symbols->statics;
}

bool place_is_drivers(const struct place *place)
{
	return strstr(place->file, "checks/player.c") ||
	       strstr(place->file, "checks/hidden_player.c");
}
