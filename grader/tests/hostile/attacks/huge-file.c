/* SPDX-License-Identifier: MIT */
/* Write a file of 96 MB, most of it a hole. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int attack(void)
{
	const char *folder = getenv("TMPDIR");
	char path[4200];
	int fd, written;

	(void)signal(SIGXFSZ, SIG_IGN);
	snprintf(path, sizeof(path), "%s/huge", folder ? folder : ".");
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	written = fd >= 0 && pwrite(fd, "x", 1, 96L << 20) == 1;
	(void)unlink(path);
	if (fd >= 0)
		(void)close(fd);
	return written;
}
