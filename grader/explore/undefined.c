/* SPDX-License-Identifier: MIT */
#include "explore/undefined.h"

#include "base/memory.h"
#include "explore/followed.h"

#include <ctype.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct names {
	char **list;
	size_t count;
};

static void names_add(struct names *names, const char *name)
{
	names->list = memory_grow(names->list, names->count + 1, sizeof *names->list);
	names->list[names->count++] = text_copy(name);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void names_sort(struct names *names)
{
	if (names->count)
		qsort(names->list, names->count, sizeof *names->list, by_name);
}

static bool names_have(const struct names *names, char *name)
{
	return names->count &&
	       bsearch(&name, names->list, names->count, sizeof *names->list, by_name);
}

static void names_release(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->list[i]);
	free(names->list);
}

/* Weak names that nobody defines are nobody's: the program looks whether they are there. */
static void read_symbols(Elf *elf, struct names *defined, struct names *undefined)
{
	for (Elf_Scn *section = elf_nextscn(elf, NULL); section;
		section = elf_nextscn(elf, section)) {
		GElf_Shdr header;
		GElf_Sym symbol;
		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB)
			continue;
		Elf_Data *data = elf_getdata(section, NULL);
		for (int i = 1; data && gelf_getsym(data, i, &symbol); i++) {
			const char *name =
				elf_strptr(elf, header.sh_link, symbol.st_name);
			int binding = GELF_ST_BIND(symbol.st_info);
			if (!name || !*name || binding == STB_LOCAL)
				continue;
			if (symbol.st_shndx != SHN_UNDEF)
				names_add(defined, name);
			else if (binding == STB_GLOBAL)
				names_add(undefined, name);
		}
	}
}

/* Of an object, or of all that are in an archive. */
static int read_file(const char *file, struct names *defined, struct names *undefined,
	struct error *error)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_system(error, "opening %s", file);
	Elf *whole = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	Elf_Cmd command = ELF_C_READ_MMAP;
	if (whole && elf_kind(whole) == ELF_K_ELF)
		read_symbols(whole, defined, undefined);
	else if (whole && elf_kind(whole) == ELF_K_AR)
		for (Elf *part; (part = elf_begin(fd, command, whole));) {
			read_symbols(part, defined, undefined);
			command = elf_next(part);
			elf_end(part);
		}
	elf_end(whole);
	close(fd);
	return 0;
}

static bool is_identifier(const char *name)
{
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && *name != '_')
			return false;
	return true;
}

static void write_stub(FILE *out, const char *name)
{
	fprintf(out,
		"\t.globl %s\n\t.type %s, @function\n%s:\n"
		"\tleaq 1f(%%rip), %%rdi\n\tjmp explore_uncovered\n1:\t.asciz \"%s\"\n",
		name, name, name, name);
}

/* What nobody has is left for the linker to complain of. */
static int write_stubs(const struct names *defined, const struct names *undefined,
	const struct followed *functions, const char *file, bool *wanted,
	struct error *error)
{
	FILE *out = fopen(file, "w");
	if (!out)
		return error_system(error, "writing %s", file);
	fprintf(out, "\t.text\n");
	for (size_t i = 0; i < undefined->count; i++) {
		char *name = undefined->list[i];
		if ((i && !strcmp(name, undefined->list[i - 1])) ||
			names_have(defined, name) ||
			followed_find(functions, name) != FUNCTION_UNKNOWN ||
			!is_identifier(name) || !followed_in_library(name))
			continue;
		write_stub(out, name);
		*wanted = true;
	}
	fprintf(out, "\t.section .note.GNU-stack, \"\", @progbits\n");
	if (fclose(out))
		return error_system(error, "writing %s", file);
	return 0;
}

int undefined_stubs(char *const *objects, size_t count, const char *file, bool *wanted,
	struct error *error)
{
	struct names defined = {0}, undefined = {0};
	struct followed *functions = followed_read(error);
	int status = functions ? 0 : -1;
	*wanted = false;
	elf_version(EV_CURRENT);
	for (size_t i = 0; i < count && !status; i++)
		status = read_file(objects[i], &defined, &undefined, error);
	names_sort(&defined);
	names_sort(&undefined);
	if (!status)
		status =
			write_stubs(&defined, &undefined, functions, file, wanted, error);
	followed_free(functions);
	names_release(&defined);
	names_release(&undefined);
	return status;
}

int undefined_has(const char *object, const char *name, bool *has, struct error *error)
{
	struct names defined = {0}, undefined = {0};
	elf_version(EV_CURRENT);
	int status = read_file(object, &defined, &undefined, error);
	*has = false;
	for (size_t i = 0; i < defined.count; i++)
		*has |= !strcmp(defined.list[i], name);
	names_release(&defined);
	names_release(&undefined);
	return status;
}
