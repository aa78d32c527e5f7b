/* SPDX-License-Identifier: MIT */
#include "class/moment.h"

#include "base/memory.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* What follows a date and a time: how far its zone is ahead of UTC, in seconds. */
static bool read_zone(const char *text, long long *ahead)
{
	int hours = 0, minutes = 0, end = 0;
	char sign = '+';

	text += strspn(text, " ");
	*ahead = 0;
	if (strcmp(text, "Z") == 0 || strcmp(text, "z") == 0 || strcmp(text, "UTC") == 0)
		return true;
	if (sscanf(text, "%1[+-]%2d:%2d%n", &sign, &hours, &minutes, &end) < 3 ||
		end == 0)
		end = 0;
	if (end == 0 &&
		(sscanf(text, "%1[+-]%2d%2d%n", &sign, &hours, &minutes, &end) < 3 ||
			end == 0))
		return false;
	if (text[end] || hours < 0 || hours > 14 || minutes < 0 || minutes > 59)
		return false;
	*ahead = (sign == '-' ? -1 : 1) * (hours * 3600LL + minutes * 60LL);
	return true;
}

bool moment_read(const char *text, long long *seconds)
{
	struct tm tm = {0};
	int end = 0;
	long long ahead = 0;

	if (sscanf(text, "%4d-%2d-%2d%*1[ T]%2d:%2d%n", &tm.tm_year, &tm.tm_mon,
		    &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &end) < 5 ||
		end == 0)
		return false;
	text += end;
	if (sscanf(text, ":%2d%n", &tm.tm_sec, &end) == 1)
		text += end;
	if (*text == '.')
		text += 1 + strspn(text + 1, "0123456789");
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	struct tm given = tm;
	long long moment = timegm(&tm);
	/* timegm makes the 1st of March of a 29th of February that is none. */
	if (tm.tm_mday != given.tm_mday || tm.tm_mon != given.tm_mon ||
		tm.tm_hour != given.tm_hour || tm.tm_min != given.tm_min ||
		!read_zone(text, &ahead))
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
