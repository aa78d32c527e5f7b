/* SPDX-License-Identifier: MIT */
/* Leave a named piece of shared memory. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static int attack(void)
{
	char name[64];

	snprintf(name, sizeof(name), "/interlock-left-%d", (int)getpid());
	(void)shm_open(name, O_CREAT | O_RDWR, 0600);
	return 0;
}
