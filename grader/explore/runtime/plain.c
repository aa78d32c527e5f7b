/* SPDX-License-Identifier: MIT */
/*
 * What the compiler may call on its own. The build renames such calls in the runtime's
 * objects to these, since memcpy and the like are the program's entries into the runtime.
 */
#include <stddef.h>

void *plain_memcpy(void *restrict to, const void *restrict from, size_t size);
void *plain_memmove(void *to, const void *from, size_t size);
void *plain_memset(void *to, int byte, size_t size);
size_t plain_strlen(const char *text);
int plain_strcmp(const char *a, const char *b);
char *plain_strncpy(char *to, const char *from, size_t size);

void *plain_memcpy(void *restrict to, const void *restrict from, size_t size)
{
	unsigned char *out = to;
	const unsigned char *in = from;
	while (size--)
		*out++ = *in++;
	return to;
}

void *plain_memmove(void *to, const void *from, size_t size)
{
	unsigned char *out = to;
	const unsigned char *in = from;
	if (out <= in)
		return plain_memcpy(to, from, size);
	while (size--)
		out[size] = in[size];
	return to;
}

void *plain_memset(void *to, int byte, size_t size)
{
	unsigned char *out = to;
	while (size--)
		*out++ = (unsigned char)byte;
	return to;
}

size_t plain_strlen(const char *text)
{
	size_t length = 0;
	while (text[length])
		length++;
	return length;
}

int plain_strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (unsigned char)*a - (unsigned char)*b;
}

char *plain_strncpy(char *to, const char *from, size_t size)
{
	size_t i = 0;
	for (; i < size && from[i]; i++)
		to[i] = from[i];
	for (; i < size; i++)
		to[i] = '\0';
	return to;
}
