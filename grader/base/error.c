/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void append(struct error *error, const char *text)
{
	size_t used = strlen(error->message);

	snprintf(error->message + used, sizeof(error->message) - used, "%s", text);
}

int error_set(struct error *error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	/* cppcheck-suppress ctuuninitvar ; the message is written here, not read */
	vsnprintf(error->message, sizeof(error->message), format, arguments);
	va_end(arguments);
	return -1;
}

int error_system(struct error *error, const char *format, ...)
{
	int reason = errno;
	va_list arguments;

	va_start(arguments, format);
	/* cppcheck-suppress ctuuninitvar ; the message is written here, not read */
	vsnprintf(error->message, sizeof(error->message), format, arguments);
	va_end(arguments);
	append(error, ": ");
	append(error, strerror(reason));
	return -1;
}

int error_context(struct error *error, const char *format, ...)
{
	struct error before = *error;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(error->message, sizeof(error->message), format, arguments);
	va_end(arguments);
	append(error, ": ");
	append(error, before.message);
	return -1;
}
