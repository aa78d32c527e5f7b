/* SPDX-License-Identifier: MIT */
/* Install a system-call filter that lies to the programs after it. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int attack(void)
{
	struct sock_filter allow = {0x06, 0, 0, 0x7fff0000};
	struct sock_fprog program = {1, &allow};

	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}
