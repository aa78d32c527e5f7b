/* SPDX-License-Identifier: MIT */
/* A child that becomes another program, or a shell's command. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
#ifdef SHELL
	return system("true");
#else
	if (fork() == 0) {
		execl("/bin/true", "true", (char *)0);
		_exit(1);
	}
	wait(NULL);
	return 0;
#endif
}
