/* SPDX-License-Identifier: MIT */
/* Stop the kernel in the middle of a page fault. */
#include <sys/syscall.h>
#include <unistd.h>

/* 1: faults of user mode only, which is all that an ordinary user may ask for. */
static int attack(void)
{
	return syscall(SYS_userfaultfd, 1) >= 0;
}
