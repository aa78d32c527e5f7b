/* SPDX-License-Identifier: MIT */
/* Change the name of the machine: to what it is already, should it work. */
#include <string.h>
#include <unistd.h>

static int attack(void)
{
	char name[256] = "";

	return gethostname(name, sizeof(name) - 1) == 0 &&
	       sethostname(name, strlen(name)) == 0;
}
