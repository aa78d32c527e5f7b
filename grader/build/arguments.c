/* SPDX-License-Identifier: MIT */
#include "build/arguments.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Takes over the text. */
static void add_owned(struct arguments *arguments, char *text)
{
	arguments->list = memory_grow(
		arguments->list, arguments->count + 2, sizeof(*arguments->list));
	arguments->list[arguments->count++] = text;
	arguments->list[arguments->count] = NULL;
}

void arguments_add(struct arguments *arguments, const char *text)
{
	add_owned(arguments, text_copy(text));
}

void arguments_format(struct arguments *arguments, const char *format, ...)
{
	char text[4096];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	arguments_add(arguments, text);
}

void arguments_release(struct arguments *arguments)
{
	for (size_t i = 0; i < arguments->count; i++)
		free(arguments->list[i]);
	free(arguments->list);
	*arguments = (struct arguments){0};
}
