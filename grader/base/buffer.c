/* SPDX-License-Identifier: MIT */
#include "base/buffer.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void make_room(struct buffer *buffer, size_t length)
{
	size_t wanted = buffer->length + length + 1;

	if (wanted <= buffer->room)
		return;
	buffer->room = wanted < 64 ? 64 : wanted * 2;
	buffer->bytes = memory_grow(buffer->bytes, buffer->room, 1);
}

void buffer_add(struct buffer *buffer, const void *bytes, size_t length)
{
	make_room(buffer, length);
	if (length)
		memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length += length;
	buffer->bytes[buffer->length] = '\0';
}

void buffer_text(struct buffer *buffer, const char *text)
{
	buffer_add(buffer, text, strlen(text));
}

void buffer_print(struct buffer *buffer, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0)
		return;
	make_room(buffer, (size_t)length);
	va_start(arguments, format);
	vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format, arguments);
	va_end(arguments);
	buffer->length += (size_t)length;
}

void buffer_repeat(struct buffer *buffer, char character, size_t count)
{
	make_room(buffer, count);
	memset(buffer->bytes + buffer->length, character, count);
	buffer->length += count;
	buffer->bytes[buffer->length] = '\0';
}

void buffer_own(struct buffer *buffer, char *text)
{
	buffer_text(buffer, text);
	free(text);
}

char *buffer_take(struct buffer *buffer)
{
	make_room(buffer, 0);
	buffer->bytes[buffer->length] = '\0';
	char *text = buffer->bytes;

	*buffer = (struct buffer){0};
	return text;
}

void buffer_release(struct buffer *buffer)
{
	free(buffer->bytes);
	*buffer = (struct buffer){0};
}
