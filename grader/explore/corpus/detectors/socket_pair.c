/* SPDX-License-Identifier: MIT */
/* A byte through a pair of sockets orders what comes before it, in its direction alone. */
#include "../tasks.h"

#include <sys/socket.h>

static int ends[2];

static void tell(void *shared, int number)
{
	int *value = shared;

	(void)number;
#ifdef CORRECT
	*value = 1;
	send(ends[1], "a", 1, 0);
#else
	send(ends[1], "a", 1, 0);
	*value = 1;
#endif
}

int main(void)
{
	int *value = tasks_share(sizeof(*value));
	char byte;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		return 2;
	tasks_start(tell, value, 0);
	assert(recv(ends[0], &byte, 1, 0) == 1);
	assert(*value == 1);
	tasks_join();
	tasks_free(value, sizeof(*value));
	return 0;
}
