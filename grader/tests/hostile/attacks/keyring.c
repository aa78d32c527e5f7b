/* SPDX-License-Identifier: MIT */
/* Leave a key in the kernel. */
#include <sys/syscall.h>
#include <unistd.h>

/* -2 is this process's own keyring, which goes with it. */
static int attack(void)
{
	return syscall(SYS_add_key, "user", "interlock-hostile", "x", 1, -2) >= 0;
}
