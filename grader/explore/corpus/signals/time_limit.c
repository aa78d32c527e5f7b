/* SPDX-License-Identifier: MIT */
/*
 * alarm() puts a limit to a read that nobody serves. The buggy one installs its handler with
 * SA_RESTART, and the read begins again.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <unistd.h>

static void expired(int number)
{
	(void)number;
}

int main(void)
{
	struct sigaction action = {.sa_handler = expired};
	int ends[2];
	char byte;

#ifndef CORRECT
	action.sa_flags = SA_RESTART;
#endif
	sigaction(SIGALRM, &action, NULL);
	if (pipe(ends))
		return 2;
	alarm(2);
	assert(read(ends[0], &byte, 1) == -1 && errno == EINTR);
	return 0;
}
