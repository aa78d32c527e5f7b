/* SPDX-License-Identifier: MIT */
/* What printf's and scanf's formats make these functions read and write. */
#include "described.h"

#include <stddef.h>
#include <string.h>
#include <wchar.h>

static uint64_t next_integer(struct arguments *list)
{
	enum { REGISTERS = 6 * 8 };
	if (list->integers_used < REGISTERS) {
		uint64_t value;
		__builtin_memcpy(&value, list->registers + list->integers_used, 8);
		list->integers_used += 8;
		return value;
	}
	return *list->stack++;
}

static void skip_double(struct arguments *list)
{
	enum { REGISTERS = 6 * 8 + 8 * 16 };
	if (list->floats_used < REGISTERS)
		list->floats_used += 16;
	else
		list->stack++;
}

static void skip_long_double(struct arguments *list)
{
	list->stack = (const uint64_t *)(((uintptr_t)list->stack + 15) & ~15ull) + 2;
}

/* One conversion of a format: what stands between % and its letter. */
struct conversion {
	char letter;
	bool kept_back;	    /* scanf's *: nothing is written */
	int size;	    /* of what an integer's letter means */
	bool wide;	    /* l: of wide characters; L with doubles */
	uint64_t most;	    /* precision of printf, width of scanf; UINT64_MAX: none */
	const char *behind; /* the format goes on there */
};

static const char *read_length(const char *at, struct conversion *conversion)
{
	conversion->size = sizeof(int);
	for (; *at && strchr("hlLqjzt", *at); at++) {
		if (*at == 'h')
			conversion->size /= 2;
		else if (*at == 'L')
			conversion->size = sizeof(long double);
		else
			conversion->size = sizeof(long);
		conversion->wide = conversion->wide || *at == 'l' || *at == 'L';
	}
	return at;
}

static const char *read_number(const char *at, uint64_t *number)
{
	*number = 0;
	for (; *at >= '0' && *at <= '9'; at++)
		*number = *number * 10 + (uint64_t)(*at - '0');
	return at;
}

static const char *read_width(const char *at, struct arguments *list, uint64_t *number)
{
	if (*at != '*')
		return read_number(at, number);
	int given = (int)next_integer(list);
	*number = given < 0 ? UINT64_MAX : (uint64_t)given;
	return at + 1;
}

static size_t text_size(const char *text, uint64_t most)
{
	size_t length = 0;
	while (length < most && text[length])
		length++;
	return length < most ? length + 1 : length;
}

static size_t wide_size(const wchar_t *text, uint64_t most)
{
	size_t length = 0;
	while (length < most && text[length])
		length++;
	return (length < most ? length + 1 : length) * sizeof *text;
}

static void printf_conversion(
	const struct conversion *conversion, struct arguments *list, uint64_t pc)
{
	const void *pointer;
	if (explore_self.task)
		explore_self.task->within++;
	switch (conversion->letter) {
	case '%':
	case 'm':
		return;
	case 'a':
	case 'A':
	case 'e':
	case 'E':
	case 'f':
	case 'F':
	case 'g':
	case 'G':
		if (conversion->wide)
			skip_long_double(list);
		else
			skip_double(list);
		return;
	case 's':
	case 'S':
		pointer = (const void *)next_integer(list);
		if (pointer && (conversion->wide || conversion->letter == 'S'))
			access_memory(
				pointer, wide_size(pointer, conversion->most), 0, pc);
		else if (pointer)
			access_memory(
				pointer, text_size(pointer, conversion->most), 0, pc);
		return;
	case 'n':
		pointer = (const void *)next_integer(list);
		access_memory(pointer, (size_t)conversion->size, FLAG_WRITE, pc);
		return;
	default:
		next_integer(list);
	}
}

void printf_reads(const char *format, uint64_t arguments, uint64_t pc)
{
	struct arguments list = *(const struct arguments *)arguments;
	access_memory(format, text_size(format, UINT64_MAX), 0, pc);
	for (const char *at = strchr(format, '%'); at; at = strchr(at, '%')) {
		struct conversion conversion = {.most = UINT64_MAX};
		uint64_t width;
		at++;
		while (*at && strchr("-+ #0'I", *at))
			at++;
		at = read_width(at, &list, &width);
		if (*at == '$')
			execution_uncovered("printf with numbered arguments");
		if (*at == '.')
			at = read_width(at + 1, &list, &conversion.most);
		at = read_length(at, &conversion);
		if (!*at)
			return;
		conversion.letter = *at++;
		printf_conversion(&conversion, &list, pc);
	}
}

/* Behind a set of characters: [^]a-z] */
static const char *behind_set(const char *at)
{
	if (*at == '^')
		at++;
	if (*at == ']')
		at++;
	while (*at && *at != ']')
		at++;
	return *at ? at + 1 : at;
}

static size_t scanf_size(const struct conversion *conversion, const void *pointer)
{
	uint64_t count = conversion->most == UINT64_MAX ? 1 : conversion->most;
	switch (conversion->letter) {
	case 's':
	case '[':
		return conversion->wide ? wide_size(pointer, UINT64_MAX)
					: text_size(pointer, UINT64_MAX);
	case 'c':
		return conversion->wide ? count * sizeof(wchar_t) : count;
	case 'p':
		return sizeof(void *);
	default:
		return (size_t)conversion->size;
	}
}

static const char *read_scanf_conversion(const char *at, struct conversion *conversion)
{
	conversion->kept_back = *at == '*';
	if (conversion->kept_back)
		at++;
	if (*at >= '0' && *at <= '9')
		at = read_number(at, &conversion->most);
	if (*at == '$' || *at == 'm')
		execution_uncovered("scanf with numbered or allocated arguments");
	at = read_length(at, conversion);
	conversion->letter = *at;
	if (*at)
		at++;
	return conversion->letter == '[' ? behind_set(at) : at;
}

void scanf_writes(const char *format, uint64_t arguments, int converted, uint64_t pc)
{
	struct arguments list = *(const struct arguments *)arguments;
	for (const char *at = strchr(format, '%'); at; at = strchr(at, '%')) {
		struct conversion conversion = {.most = UINT64_MAX};
		at = read_scanf_conversion(at + 1, &conversion);
		if (conversion.letter == '%' || conversion.kept_back)
			continue;
		if (conversion.letter != 'n' && converted-- <= 0)
			return;
		void *pointer = (void *)next_integer(&list);
		access_behind(pointer, scanf_size(&conversion, pointer), FLAG_WRITE, pc);
	}
}
