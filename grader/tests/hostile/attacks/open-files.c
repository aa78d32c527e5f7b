/* SPDX-License-Identifier: MIT */
/* Hold 600 open files. */
#include <unistd.h>

static int attack(void)
{
	int made = 0;

	while (made < 600 && dup(1) >= 0)
		made++;
	for (int fd = 5; fd < 620; fd++)
		(void)close(fd);
	return made == 600;
}
