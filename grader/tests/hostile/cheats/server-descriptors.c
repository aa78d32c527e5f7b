/* SPDX-License-Identifier: MIT */
/* Reopen the descriptors of the process that starts the runs. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int attack(void)
{
	int pid = (int)getppid();

	for (int i = 0; i < 8 && pid > 1; i++) {
		char path[64], text[512] = "", *end;
		int fd;

		for (int number = 3; number < 16; number++) {
			snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, number);
			if (open(path, O_RDWR) >= 0)
				return 1;
		}
		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		fd = open(path, O_RDONLY);
		if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
			return 0;
		(void)close(fd);
		end = strrchr(text, ')');
		pid = end ? atoi(end + 4) : 0;
	}
	return 0;
}
