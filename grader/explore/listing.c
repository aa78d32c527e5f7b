/* SPDX-License-Identifier: MIT */
#include "explore/listing.h"

#include "base/memory.h"
#include "build/instrument.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int trouble(struct error *error, const char *path)
{
	return error_set(error, "reading the code of %s: %s", path, elf_errmsg(-1));
}

/* What a linker makes of the C library's start files, of ours and of tables of addresses. */
static bool is_known_code(const char *name)
{
	static const char *const known[] = {".init", ".fini", ".text", ".plt", ".plt.got",
		".plt.sec", ".iplt", RUNTIME_TEXT};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (!strcmp(name, known[i]))
			return true;
	return false;
}

static bool is_relocated_once(const char *name)
{
	return !strcmp(name, ".got") || !strcmp(name, ".data.rel.ro");
}

static int add_section(struct listing *listing, Elf_Scn *section, const GElf_Shdr *header,
	const char *name, struct error *error)
{
	struct section found = {
		.start = header->sh_addr, .end = header->sh_addr + header->sh_size};
	if (!(header->sh_flags & SHF_ALLOC) || !header->sh_size)
		return 0;
	if (!(header->sh_flags & SHF_WRITE) || is_relocated_once(name)) {
		listing->constant = memory_grow(listing->constant,
			listing->constant_count + 1, sizeof *listing->constant);
		listing->constant[listing->constant_count++] = found;
	}
	if (!(header->sh_flags & SHF_EXECINSTR))
		return 0;
	bool foreign = !strcmp(name, FOREIGN_TEXT);
	if (!foreign && strcmp(name, PROGRAM_TEXT) != 0)
		return is_known_code(name)
			       ? 0
			       : error_set(error,
					 "not covered: the program has code in a section "
					 "of its own, %s",
					 name);
	const Elf_Data *data = elf_getdata(section, NULL);
	if (!data || data->d_size != header->sh_size)
		return error_set(error, "section %s cannot be read", name);
	found.bytes = data->d_buf;
	*(foreign ? &listing->foreign : &listing->program) = found;
	return 0;
}

static int add_functions(
	struct listing *listing, Elf_Scn *section, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t count = data && header->sh_entsize ? data->d_size / header->sh_entsize : 0;
	if (!data)
		return -1;
	listing->functions = memory_grow(listing->functions,
		listing->functions_count + count + 1, sizeof *listing->functions);
	for (size_t i = 0; i < count; i++) {
		GElf_Sym symbol;
		if (!gelf_getsym(data, (int)i, &symbol) || symbol.st_shndx == SHN_UNDEF ||
			GELF_ST_TYPE(symbol.st_info) != STT_FUNC)
			continue;
		const char *name =
			elf_strptr(listing->elf, header->sh_link, symbol.st_name);
		listing->functions[listing->functions_count++] =
			(struct function){symbol.st_value, name ? name : ""};
	}
	return 0;
}

static int by_address(const void *a, const void *b)
{
	const struct function *first = a, *second = b;
	return (first->start > second->start) - (first->start < second->start);
}

static int read_sections(struct listing *listing, const char *path, struct error *error)
{
	size_t names;
	if (elf_getshdrstrndx(listing->elf, &names))
		return trouble(error, path);
	for (Elf_Scn *section = NULL; (section = elf_nextscn(listing->elf, section));) {
		GElf_Shdr header;
		const char *name =
			gelf_getshdr(section, &header)
				? elf_strptr(listing->elf, names, header.sh_name)
				: NULL;
		if (!name)
			return trouble(error, path);
		if (add_section(listing, section, &header, name, error))
			return -1;
		if (header.sh_type == SHT_SYMTAB &&
			add_functions(listing, section, &header))
			return trouble(error, path);
	}
	if (listing->functions_count)
		qsort(listing->functions, listing->functions_count,
			sizeof *listing->functions, by_address);
	return 0;
}

int listing_open(struct listing *listing, const char *path, struct error *error)
{
	*listing = (struct listing){.fd = open(path, O_RDONLY | O_CLOEXEC)};
	if (listing->fd < 0)
		return error_system(error, "opening %s", path);
	elf_version(EV_CURRENT);
	listing->elf = elf_begin(listing->fd, ELF_C_READ, NULL);
	if (listing->elf && elf_kind(listing->elf) == ELF_K_ELF) {
		if (read_sections(listing, path, error) == 0)
			return 0;
	} else {
		trouble(error, path);
	}
	listing_close(listing);
	return -1;
}

void listing_close(struct listing *listing)
{
	free(listing->functions);
	free(listing->constant);
	elf_end(listing->elf);
	if (listing->fd >= 0)
		close(listing->fd);
	*listing = (struct listing){.fd = -1};
}

const char *listing_function(const struct listing *listing, uint64_t address)
{
	struct function wanted = {.start = address};
	const struct function *found =
		listing->functions_count
			? bsearch(&wanted, listing->functions, listing->functions_count,
				  sizeof wanted, by_address)
			: NULL;
	return found ? found->name : NULL;
}

bool listing_is_constant(const struct listing *listing, uint64_t address)
{
	for (size_t i = 0; i < listing->constant_count; i++)
		if (address >= listing->constant[i].start &&
			address < listing->constant[i].end)
			return true;
	return false;
}
