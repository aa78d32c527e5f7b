/* SPDX-License-Identifier: MIT */
#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The one exit outside main.c: nothing could be reported without memory. */
void memory_exhausted(void)
{
	fputs("interlock: out of memory\n", stderr);
	exit(2);
}

static void *check(void *memory)
{
	if (!memory)
		memory_exhausted();
	return memory;
}

void *memory_new(size_t count, size_t size)
{
	return check(calloc(count ? count : 1, size ? size : 1));
}

void *memory_grow(void *block, size_t count, size_t size)
{
	return check(reallocarray(block, count ? count : 1, size ? size : 1));
}

char *text_copy(const char *text)
{
	return text ? check(strdup(text)) : NULL;
}

__attribute__((format(printf, 1, 0))) static char *format_list(
	const char *format, va_list arguments)
{
	char *text = NULL;

	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	return check(text);
}

char *text_format(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	char *text = format_list(format, arguments);
	va_end(arguments);
	return text;
}

void text_replace(char **text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	char *fresh = format_list(format, arguments);
	va_end(arguments);
	free(*text);
	*text = fresh;
}
