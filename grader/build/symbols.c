/* SPDX-License-Identifier: MIT */
#include "build/symbols.h"

#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Names that the checkers call and that are never a student's to define, not even
 * statically: the instrumented code would call the student's in place of ours. */
static const char *const owned_prefixes[] = {"__tsan_", "__asan_", "__ubsan_", "__lsan_",
	"__sanitizer_", "__interceptor_", "mp_checker_", "interlock_mark_",
	"__sanitizer"};

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

/* nm's letters for what is used but not defined; w and v where it may also be missing. */
static bool is_use(char kind)
{
	return kind == 'U' || kind == 'w' || kind == 'v';
}

static char *complain(const struct lab *lab, const char *name, char kind)
{
	if (is_owned(name))
		return text_format("%s is %s; names that start so belong to the checkers",
			name, is_use(kind) ? "used" : "defined");
	if (is_use(kind) && is_forbidden(lab, name))
		return text_format(
			"%s is used, which is what this lab asks you to build", name);
	if (kind == 'i')
		return text_format(
			"%s is an indirect function (ifunc), which this lab does not "
			"allow",
			name);
	return NULL;
}

/* "NAME KIND[ VALUE SIZE]". An assembler can put any character into a name, to hide what
 * comes after it. */
static char *complain_of_line(const struct lab *lab, const char *line, size_t length)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789_.$";
	size_t end = strspn(line, allowed);

	bool well_formed = end > 0 && end + 2 <= length && line[end] == ' ';

	/* After the kind come two hexadecimal numbers or blanks. */
	if (!well_formed ||
		strspn(line + end + 2, " 0123456789abcdef") < length - end - 2)
		return text_format("a symbol has a name that C does not allow: %.*s",
			(int)(length < 80 ? length : 80), line);
	char *name = text_format("%.*s", (int)end, line);
	char *complaint = complain(lab, name, line[end + 1]);
	free(name);
	return complaint;
}

char *symbols_complaint(const struct lab *lab, const char *nm_output)
{
	char *complaint = NULL;

	for (const char *line = nm_output; !complaint && *line;) {
		size_t length = strcspn(line, "\n");
		complaint = complain_of_line(lab, line, length);
		line += length + (line[length] == '\n');
	}
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
	if (name && runs_early(name) && !instrumented)
		return text_format("code would run before or after main (section %s); "
				   "constructors and destructors are not allowed",
			name);
	if (!name || !digits || !(is_ordinary(name) || runs_early(name)))
		return text_format("a section of its own is made (%.60s), which no lab "
				   "asks for",
			name ? name : "without a name");
	unsigned long long most = (unsigned long long)lab->limits.memory_mb << 20;
	unsigned long long own = strtoull(digits, NULL, 16);
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
