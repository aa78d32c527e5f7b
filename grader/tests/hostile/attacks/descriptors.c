/* SPDX-License-Identifier: MIT */
/* Use a descriptor that the grader left open. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int attack(void)
{
	for (int fd = 3; fd < 256; fd++) {
		char text[sizeof(CANARY_TEXT)] = "";

		if (pread(fd, text, sizeof(text) - 1, 0) > 0 &&
			strcmp(text, CANARY_TEXT) == 0)
			return 1;
	}
	return 0;
}
