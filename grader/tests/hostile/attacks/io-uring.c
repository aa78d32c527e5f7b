/* SPDX-License-Identifier: MIT */
/* Get a ring that does what the filter forbids. */
#include <sys/syscall.h>
#include <unistd.h>

static int attack(void)
{
	char parameters[120] = {0};

	return syscall(SYS_io_uring_setup, 1, parameters) >= 0;
}
