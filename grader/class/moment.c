/* SPDX-License-Identifier: MIT */
#include "class/moment.h"

#include "base/memory.h"

#include <string.h>
#include <time.h>

/* What follows a date and a time: how far its zone is ahead of UTC, in seconds. */
static bool read_zone(const char *text, long long *ahead)
{
	struct tm zone = {0};

	text += strspn(text, " ");
	if (strcmp(text, "z") != 0 && strcmp(text, "UTC") != 0) {
		const char *end = strptime(text, "%z", &zone);
		if (!end || *end)
			return false;
	}
	*ahead = zone.tm_gmtoff;
	return true;
}

static const char *read_time(const char *text, struct tm *tm)
{
	const char *seconds;

	text = strptime(text, "%H:%M", tm);
	if (!text)
		return NULL;
	seconds = strptime(text, ":%S", tm);
	if (seconds)
		text = seconds;
	if (*text == '.')
		text += 1 + strspn(text + 1, "0123456789");
	return text;
}

bool moment_read(const char *text, long long *seconds)
{
	struct tm tm = {0};
	long long ahead = 0;

	text = strptime(text, "%Y-%m-%d", &tm);
	if (!text || (*text != 'T' && *text != ' '))
		return false;
	text = read_time(text + 1, &tm);
	if (!text || !read_zone(text, &ahead))
		return false;
	struct tm given = tm;
	long long moment = timegm(&tm);
	/* timegm makes the 1st of March of a 29th of February that is none. */
	if (tm.tm_mday != given.tm_mday || tm.tm_mon != given.tm_mon)
		return false;
	*seconds = moment - ahead;
	return true;
}

char *moment_text(long long seconds)
{
	time_t moment = (time_t)seconds;
	struct tm tm;
	char text[32] = "";

	gmtime_r(&moment, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return text_copy(text);
}

char *moment_span(long long seconds)
{
	long long minutes = (seconds + 59) / 60;

	if (minutes < 60)
		return text_format("%lld min", minutes);
	if (minutes < 24 * 60)
		return text_format("%lld h %lld min", minutes / 60, minutes % 60);
	return text_format("%lld d %lld h", minutes / (24 * 60), minutes / 60 % 24);
}
