/* SPDX-License-Identifier: MIT */
#include "build/symbols.h"

#include "base/memory.h"
#include "build/functions.h"
#include "build/instrument.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Names that the checkers call and that are never a student's to define, not even
 * statically: the instrumented code would call the student's in place of ours. */
static const char *const owned_prefixes[] = {"__tsan_", "__asan_", "__ubsan_", "__lsan_",
	"__sanitizer_", "__interceptor_", "mp_checker_", "interlock_", "__sanitizer",
	"__x86_"};

static bool is_owned(const char *name)
{
	for (size_t i = 0; i < sizeof(owned_prefixes) / sizeof(*owned_prefixes); i++)
		if (strncmp(name, owned_prefixes[i], strlen(owned_prefixes[i])) == 0)
			return true;
	return false;
}

static bool is_forbidden(const struct lab *lab, const char *name)
{
	for (unsigned i = 0; i < lab->forbidden_count; i++)
		if (strcmp(lab->forbidden[i], name) == 0)
			return true;
	return false;
}

/* A name of the list, or what goes on behind one that ends with a star. */
static bool is_listed(const struct lab *lab, const char *name)
{
	for (unsigned i = 0; i < lab->uses_count; i++) {
		size_t length = strlen(lab->uses[i]);
		if (strcmp(lab->uses[i], name) == 0 ||
			(lab->uses[i][length - 1] == '*' &&
				strncmp(lab->uses[i], name, length - 1) == 0))
			return true;
	}
	return false;
}

static bool is_library(const char *name)
{
	return strncmp(name, "mp_", 3) == 0;
}

/* A line of nm: name, value, class, type, size, line and section. */
enum { NAME, VALUE, CLASS, TYPE, SIZE, LINE, SECTION, FIELDS };
struct symbol {
	char *fields[FIELDS];
};

/* nm's letters for what is used but not defined; w and v where it may also be missing. */
static bool is_use(const struct symbol *symbol)
{
	char kind = symbol->fields[CLASS][0];

	return kind == 'U' || kind == 'w' || kind == 'v';
}

/* Instructions are what compilers made of functions; all else is data, and not run. */
static bool is_misplaced(const struct symbol *symbol)
{
	const char *section = symbol->fields[SECTION];
	bool code = strncmp(section, ".text", 5) == 0 || !strcmp(section, PROGRAM_TEXT);

	return !is_use(symbol) && code != (strcmp(symbol->fields[TYPE], "FUNC") == 0);
}

/* The library's functions are the lab's to allow; those of C are known, or the lab's as
 * well; and a lab's own, which its headers declare and its player.c defines. */
static char *complain_of_use(
	const struct lab *lab, symbols_follows *follows, const char *name)
{
	if (is_forbidden(lab, name))
		return text_format(
			"%s is used, which is what this lab asks you to build", name);
	if (is_listed(lab, name))
		return NULL;
	if (!is_library(name) && (!follows || follows(name) || functions_know(name)))
		return NULL;
	return text_format(
		"%s is called: it is not defined in what was handed in, and not among "
		"the functions that an answer may call here (lab.yaml: uses)",
		name);
}

/* What the compiler puts into instrumented code: accesses, and basic blocks; and into other
 * code for its computed branches. */
static bool is_compilers(const char *name, bool instrumented)
{
	if (instrumented)
		return strncmp(name, "__tsan_", 7) == 0 ||
		       strcmp(name, "__sanitizer_cov_trace_pc") == 0;
	return strncmp(name, "__x86_", 6) == 0;
}

static char *complain(const struct lab *lab, symbols_follows *follows, bool instrumented,
	const struct symbol *symbol)
{
	const char *name = symbol->fields[NAME];
	bool called = is_use(symbol) && is_compilers(name, instrumented);

	if (is_owned(name) && !called)
		return text_format("%s is %s; names that start so belong to the checkers",
			name, is_use(symbol) ? "used" : "defined");
	if (symbol->fields[CLASS][0] == 'i')
		return text_format(
			"%s is an indirect function (ifunc), which this lab does not "
			"allow",
			name);
	if (is_misplaced(symbol))
		return text_format("%s lies where instructions lie and is no function, "
				   "or the other way round",
			name);
	return is_use(symbol) && !called ? complain_of_use(lab, follows, name) : NULL;
}

static char *trim(char *text)
{
	text += strspn(text, " ");
	for (size_t end = strlen(text); end > 0 && text[end - 1] == ' '; end--)
		text[end - 1] = '\0';
	return text;
}

/* "NAME |VALUE| CLASS |...|SECTION". An assembler can put any character into a name, to hide
 * what comes after it. */
static char *complain_of_line(
	const struct lab *lab, symbols_follows *follows, bool instrumented, char *line)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789_.$";
	struct symbol symbol = {{NULL}};
	size_t count = 0;
	char *rest = line;

	for (char *field; (field = strsep(&rest, "|")); count++)
		if (count < FIELDS)
			symbol.fields[count] = trim(field);
	if (count != FIELDS || !*symbol.fields[NAME] ||
		symbol.fields[NAME][strspn(symbol.fields[NAME], allowed)] ||
		strlen(symbol.fields[CLASS]) != 1)
		return text_format(
			"a symbol has a name that C does not allow: %.80s", line);
	return complain(lab, follows, instrumented, &symbol);
}

/* What nm says before its table. */
static bool is_title(const char *line)
{
	return !*line || strncmp(line, "Symbols from student.o:", 23) == 0 ||
	       strncmp(line, "Name  ", 6) == 0;
}

char *symbols_complaint(const struct lab *lab, symbols_follows *follows,
	bool instrumented, const char *nm_output)
{
	char *text = text_copy(nm_output);
	char *complaint = NULL;
	char *rest = text;

	for (char *line; !complaint && (line = strsep(&rest, "\n"));)
		if (!is_title(line))
			complaint = complain_of_line(lab, follows, instrumented, line);
	free(text);
	return complaint;
}

/* Whether the section is of a kind that the linker's script has its own plans for. */
static bool runs_early(const char *name)
{
	static const char *const early[] = {
		".init", ".preinit_array", ".ctors", ".fini", ".dtors"};

	for (size_t i = 0; i < sizeof(early) / sizeof(*early); i++)
		if (strncmp(name, early[i], strlen(early[i])) == 0)
			return true;
	return false;
}

/* What compilers make of C: one of these names, or one that goes on with a dot. */
static bool is_ordinary(const char *name)
{
	static const char *const ordinary[] = {".text", ".data", ".rodata", ".bss",
		".tdata", ".tbss", ".eh_frame", ".comment", ".note.GNU-stack",
		".note.gnu.property", ".gcc_except_table", ".llvm_addrsig"};

	for (size_t i = 0; i < sizeof(ordinary) / sizeof(*ordinary); i++) {
		size_t length = strlen(ordinary[i]);
		if (strncmp(name, ordinary[i], length) == 0 &&
			(!name[length] || name[length] == '.'))
			return true;
	}
	return strncmp(name, ".debug_", 7) == 0;
}

/* "  3 .text  000000f0  0000000000000000 ...  2**4  CONTENTS, ALLOC, ..." */
static char *complain_of_section(
	const struct lab *lab, bool instrumented, char *line, unsigned long long *size)
{
	char *rest = NULL;

	(void)strtok_r(line, " ", &rest);
	const char *name = strtok_r(NULL, " ", &rest);
	const char *digits = strtok_r(NULL, " ", &rest);
	if (name && instrumented && !strcmp(name, PROGRAM_TEXT))
		name = ".text"; /* the code, joined by program.ld */
	if (name && runs_early(name) && !instrumented)
		return text_format("code would run before or after main (section %s); "
				   "constructors and destructors are not allowed",
			name);
	if (!name || !digits || !(is_ordinary(name) || runs_early(name)))
		return text_format("a section of its own is made (%.60s), which no lab "
				   "asks for",
			name ? name : "without a name");
	if (strstr(rest, "CODE") && strncmp(name, ".text", 5) != 0)
		return text_format("code lies in a section for data (%.60s)", name);
	unsigned long long most = (unsigned long long)lab->limits.memory_mb << 20;
	unsigned long long own = strtoull(digits, NULL, 16);
	if (strcmp(name, ".note.GNU-stack") == 0 && strstr(rest, "CODE"))
		return text_copy("a function within a function is called by its address, "
				 "which takes code that is made at run time");
	if (strstr(rest, "ALLOC"))
		*size += own <= most ? own : most + 1;
	if (*size > most)
		return text_format("its variables take more memory than the %ld MB that "
				   "its programs may have",
			lab->limits.memory_mb);
	return NULL;
}

/* What objdump says before its table. */
static bool is_heading(const char *line)
{
	return !*line || strncmp(line, "student.o: ", 11) == 0 ||
	       strcmp(line, "Sections:") == 0 || strncmp(line, "Idx Name ", 9) == 0;
}

char *sections_complaint(
	const struct lab *lab, bool instrumented, const char *objdump_output)
{
	unsigned long long size = 0;
	char *complaint = NULL;

	for (const char *at = objdump_output; !complaint && *at;) {
		size_t length = strcspn(at, "\n");
		char *line = text_format("%.*s", (int)length, at);
		if (!is_heading(line))
			complaint = complain_of_section(lab, instrumented, line, &size);
		free(line);
		at += length + (at[length] == '\n');
	}
	return complaint;
}

/* What VALGRIND_DO_CLIENT_REQUEST begins with: rotations that together change nothing. */
char *requests_complaint(const char *object, size_t size)
{
	static const struct {
		unsigned char bytes[16];
	} preambles[] = {
		/* x86-64: rol $3, $13, $61 and $51 of rdi */
		{{0x48, 0xc1, 0xc7, 0x03, 0x48, 0xc1, 0xc7, 0x0d, 0x48, 0xc1, 0xc7, 0x3d,
			0x48, 0xc1, 0xc7, 0x33}},
		/* arm64: ror $3, $13, $51 and $61 of x12 */
		{{0x8c, 0x0d, 0xcc, 0x93, 0x8c, 0x35, 0xcc, 0x93, 0x8c, 0xcd, 0xcc, 0x93,
			0x8c, 0xf5, 0xcc, 0x93}},
	};

	for (size_t i = 0; i < sizeof(preambles) / sizeof(*preambles); i++)
		if (memmem(object, size, preambles[i].bytes, sizeof(preambles[i].bytes)))
			return text_copy(
				"a request to valgrind is made; what the checkers "
				"see is not yours to change");
	return NULL;
}
