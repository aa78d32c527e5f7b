/* SPDX-License-Identifier: MIT */
/* Fill the disk with files that no folder lists. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILES = 4 };

static int fill_one(int number)
{
	static char block[1 << 20];
	const char *folder = getenv("TMPDIR");
	char path[4200];
	int written = 0;

	snprintf(path, sizeof(path), "%s/nameless-%d-%d", folder ? folder : "/tmp",
		(int)getpid(), number);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	(void)unlink(path);
	memset(block, 'x', sizeof(block));
	for (; fd >= 0 && written < DISK_MB / FILES; written++)
		if (write(fd, block, sizeof(block)) != (ssize_t)sizeof(block))
			break;
	return written == DISK_MB / FILES;
}

static int attack(void)
{
	int filled = 0;

	for (int i = 0; i < FILES; i++)
		filled += fill_one(i);
	/* In a class one run is enough, full or not. */
	if (filled == FILES || IN_CLASS)
		(void)sleep(linger_seconds);
	for (int fd = 3; fd < 64; fd++)
		(void)close(fd);
	return filled == FILES;
}
