/* SPDX-License-Identifier: MIT */
#include "base/columns.h"

#include <stdlib.h>
#include <sys/ioctl.h>

static size_t within(size_t columns)
{
	if (columns < COLUMNS_LEAST)
		return COLUMNS_LEAST;
	return columns > COLUMNS_MOST_READ ? COLUMNS_MOST_READ : columns;
}

size_t columns_of(FILE *stream)
{
	const char *wanted = getenv("COLUMNS");
	char *end = NULL;
	unsigned long columns = wanted ? strtoul(wanted, &end, 10) : 0;
	struct winsize size;

	if (columns > 0 && !*end)
		return within(columns);
	if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return within(size.ws_col);
	return COLUMNS_USUAL;
}
