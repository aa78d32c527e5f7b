/* SPDX-License-Identifier: MIT */
/* Open the memory of the process that starts the runs. */
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

		snprintf(path, sizeof(path), "/proc/%d/mem", pid);
		fd = open(path, O_RDWR);
		if (fd >= 0 && i > 0)
			return 1;
		(void)close(fd);
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
