/* SPDX-License-Identifier: MIT */
#include "build/branches.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool branches_are_guarded(const char *compiler)
{
#ifdef __x86_64__
	const char *slash = strrchr(compiler, '/');

	return strstr(slash ? slash : compiler, "clang") == NULL;
#else
	(void)compiler;
	return false;
#endif
}

/* Functions stay whole, and a caller assumes no more of a return than the convention says, since
 * our code uses registers on the way. */
static const char *const flags[] = {"-mindirect-branch=thunk-extern",
	"-mindirect-branch-register", "-mfunction-return=thunk-extern",
	"-fcf-protection=none", "-fno-jump-tables", "-fno-ipa-ra",
	"-fno-reorder-blocks-and-partition", NULL};

static const char *const return_flags[] = {"-mfunction-return=thunk-extern",
	"-fcf-protection=none", "-fno-jump-tables", "-fno-ipa-ra",
	"-fno-reorder-blocks-and-partition", NULL};

const char *const *branches_flags(void)
{
	return flags;
}

const char *const *branches_return_flags(void)
{
	return return_flags;
}

const char branches_script[] = "SECTIONS { .text : { *(.text .text.*) } }\n";

#define CHECKED(name) "--redefine-sym", #name "=interlock_" #name

static const char *const renames[] = {"--add-symbol", "interlock_student=.text:0,global",
	CHECKED(atexit), CHECKED(at_quick_exit), CHECKED(bsearch), CHECKED(call_once),
	CHECKED(mp_process_start), CHECKED(mp_process_start_daemon),
	CHECKED(pthread_atfork), CHECKED(pthread_create), CHECKED(pthread_key_create),
	CHECKED(pthread_once), CHECKED(qsort), CHECKED(qsort_r), CHECKED(syscall),
	CHECKED(thrd_create), CHECKED(tss_create), NULL};

const char *const *branches_renames(void)
{
	return renames;
}

/* What a byte of the instructions is; play/player/branches.c reads them. */
enum { MARK_FUNCTION = 1, MARK_RETURN = 2 };

struct marks {
	unsigned char *bytes;
	size_t count;
};

static void mark(struct marks *marks, unsigned long long at, unsigned char what)
{
	enum { MOST = 64 << 20 };

	if (at >= MOST)
		return;
	if (at >= marks->count) {
		marks->bytes = memory_grow(marks->bytes, at + 1, 1);
		memset(marks->bytes + marks->count, 0, at + 1 - marks->count);
		marks->count = at + 1;
	}
	marks->bytes[at] |= what;
}

static bool begins(const char *text, const char *word)
{
	return strncmp(text, word, strlen(word)) == 0;
}

/* The words of a line of the listing, "  2f:\tcall   34 <f+0x34>", and where that is; NULL for
 * a heading. */
static const char *read_instruction(const char *line, unsigned long long *at)
{
	char *end = NULL;

	*at = strtoull(line, &end, 16);
	return end != line && end[0] == ':' && end[1] == '\t' ? end + 2 : NULL;
}

static bool has_word(const char *words, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = words; (at = strstr(at, word)); at += length)
		if (at == words || at[-1] == ' ')
			return true;
	return false;
}

static void mark_returns(struct marks *marks, const char *listing)
{
	char *text = text_copy(listing);
	char *rest = text;
	bool called = false;

	for (char *line; (line = strsep(&rest, "\n"));) {
		unsigned long long at = 0;
		const char *words = read_instruction(line, &at);
		if (!words)
			continue;
		mark(marks, at, called ? MARK_RETURN : 0);
		called = has_word(words, "call");
	}
	free(text);
}

/* Whether no instruction branches past our code. */
static bool is_guarded(const char *listing)
{
	static const char section[] = "Disassembly of section ";
	char *text = text_copy(listing);
	char *rest = text;
	bool guarded = true;

	for (char *line; guarded && (line = strsep(&rest, "\n"));) {
		unsigned long long at = 0;
		const char *words = read_instruction(line, &at);
		if (words)
			guarded =
				!has_word(words, "ret") &&
				!(strchr(words, '*') && (has_word(words, "call") ||
								has_word(words, "jmp")));
		else if (begins(line, section))
			guarded = strcmp(line + strlen(section), ".text:") == 0;
	}
	free(text);
	return guarded;
}

/* A line of nm: name, value, class, type. */
static void read_symbol(struct marks *marks, struct buffer *known, char *line)
{
	char *fields[4] = {NULL};
	char *rest = line;

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		fields[i] = strsep(&rest, "|");
	if (!fields[3])
		return;
	fields[0][strcspn(fields[0], " ")] = '\0';
	if (strstr(fields[3], "NOTYPE") &&
		(strchr(fields[2], 'U') || strchr(fields[2], 'w')))
		buffer_print(known, "\t.weak %s\n\t.quad %s\n", fields[0], fields[0]);
	else if (strstr(fields[3], "FUNC"))
		mark(marks, strtoull(fields[1], NULL, 16), MARK_FUNCTION);
}

/* Names that stand for no function, or only for what our own code is reached by. */
static bool is_no_target(const char *line)
{
	return begins(line, "_GLOBAL_OFFSET_TABLE_") || begins(line, "__x86_") ||
	       begins(line, "interlock_note");
}

static void read_symbols(struct marks *marks, struct buffer *known, const char *symbols)
{
	char *text = text_copy(symbols);
	char *rest = text;

	for (char *line; (line = strsep(&rest, "\n"));)
		if (!is_no_target(line))
			read_symbol(marks, known, line);
	free(text);
}

static void write_marks(struct buffer *table, const struct marks *marks)
{
	size_t from = 0;

	for (size_t at = 0; at < marks->count; at++) {
		if (!marks->bytes[at])
			continue;
		if (at > from)
			buffer_print(table, "\t.zero %zu\n", at - from);
		buffer_print(table, "\t.byte %d\n", marks->bytes[at]);
		from = at + 1;
	}
	if (marks->count > from)
		buffer_print(table, "\t.zero %zu\n", marks->count - from);
}

char *branches_table(
	const char *name, const char *listing, const char *symbols, bool handlers)
{
	struct marks marks = {NULL, 0};
	struct buffer known = {0};
	struct buffer table = {0};

	mark_returns(&marks, listing);
	read_symbols(&marks, &known, symbols);
	buffer_print(&table,
		"\t.globl interlock_%s_marks, interlock_%s_bytes, interlock_%s_known, "
		"interlock_%s_handlers\n"
		"\t.section .rodata\n\t.balign 8\n"
		"interlock_%s_bytes:\n\t.quad %zu\n"
		"interlock_%s_handlers:\n\t.quad %d\n"
		"interlock_%s_marks:\n",
		name, name, name, name, name, marks.count, name, handlers, name);
	write_marks(&table, &marks);
	buffer_print(&table,
		"\t.section .data.rel.ro,\"aw\"\n\t.balign 8\n"
		"interlock_%s_known:\n%s\t.quad 0\n"
		"\t.section .note.GNU-stack,\"\"\n",
		name, known.bytes ? known.bytes : "");
	free(marks.bytes);
	buffer_release(&known);
	return buffer_take(&table);
}

/* The first that a line of nm names, or NULL. */
static char *find_stray(const char *symbols, bool (*strays)(const char *function))
{
	char *text = text_copy(symbols);
	char *rest = text;
	char *stray = NULL;

	for (char *line; strays && !stray && (line = strsep(&rest, "\n"));) {
		line[strcspn(line, " |")] = '\0';
		if (strays(line))
			stray = text_copy(line);
	}
	free(text);
	return stray;
}

char *branches_complaint(
	const char *listing, const char *symbols, bool (*strays)(const char *function))
{
	char *name = find_stray(symbols, strays);
	char *complaint = NULL;

	if (name)
		complaint = text_format(
			"%s is called, by which code goes on at places that the "
			"checkers do not see; this lab keeps notes, so it does "
			"without",
			name);
	else if (!is_guarded(listing))
		complaint = text_copy("its instructions branch in a way that the "
				      "checkers do not see");
	free(name);
	return complaint;
}
