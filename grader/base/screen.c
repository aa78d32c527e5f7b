/* SPDX-License-Identifier: MIT */
#include "base/screen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { USUAL_WIDTH = 80, MOST_WIDTH = 10000 };

static bool is_dumb(void)
{
	const char *kind = getenv("TERM");

	return !kind || !*kind || strcmp(kind, "dumb") == 0;
}

/* An environment without a locale says nothing: most readers of today's logs know UTF-8. */
static bool is_ascii(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *locale = getenv(names[i]);
		if (locale && *locale)
			return strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0;
	}
	return false;
}

static size_t width_of(int fd)
{
	struct winsize size = {0};
	const char *columns = getenv("COLUMNS");
	long wanted = columns ? strtol(columns, NULL, 10) : 0;

	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return wanted > 0 && wanted < MOST_WIDTH ? (size_t)wanted : USUAL_WIDTH;
}

struct screen screen_of(int fd)
{
	const char *no_colour = getenv("NO_COLOR");
	bool terminal = isatty(fd);

	return (struct screen){
		.colour = terminal && !is_dumb() && !(no_colour && *no_colour),
		.redraws = terminal && !is_dumb(),
		.ascii = is_ascii(),
		.width = terminal ? width_of(fd) : 0,
	};
}
