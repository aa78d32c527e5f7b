/* SPDX-License-Identifier: MIT */
/* Print what terminals, XML, JSON and CI systems might act on. */
#include <unistd.h>

static int attack(void)
{
	static const char text[] =
		"\033]0;owned\007\033[2J]]><testcase name=\"forged\"/>\n::error::forged\n"
		"\0nul\xff\xfe\xef\xbf\xbe\xe2\x80\xae{\"score\":100}\r\n";

	(void)!write(1, text, sizeof(text) - 1);
	return 0;
}
