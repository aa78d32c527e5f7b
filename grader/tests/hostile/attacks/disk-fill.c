/* SPDX-License-Identifier: MIT */
/* Fill the disk with files none of which is too large. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILES = 4 };

static void name_file(char *path, size_t size, int number)
{
	const char *folder = getenv("TMPDIR");

	snprintf(path, size, "%s/fill-%d-%d", folder ? folder : "/tmp", (int)getpid(),
		number);
}

static int fill_one(int number)
{
	static char block[1 << 20];
	char path[4200];
	int written = 0;

	name_file(path, sizeof(path), number);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	memset(block, 'x', sizeof(block));
	for (; fd >= 0 && written < DISK_MB / FILES; written++)
		if (write(fd, block, sizeof(block)) != (ssize_t)sizeof(block))
			break;
	if (fd >= 0)
		(void)close(fd);
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
	for (int i = 0; i < FILES; i++) {
		char path[4200];

		name_file(path, sizeof(path), i);
		(void)unlink(path);
	}
	return filled == FILES;
}
