/* SPDX-License-Identifier: MIT */
/* A message in two parts comes whole only if it is written by one writev(). */
#include "../tasks.h"

#include <string.h>
#include <sys/uio.h>

static int ends[2];

static void send(void *shared, int number)
{
	struct iovec parts[2] = {{"head", 4}, {"body", 4}};

	(void)shared;
	(void)number;
#ifdef CORRECT
	assert(writev(ends[1], parts, 2) == 8);
#else
	assert(writev(ends[1], parts, 1) == 4);
	assert(writev(ends[1], parts + 1, 1) == 4);
#endif
}

int main(void)
{
	char head[4], body[4];
	struct iovec parts[2] = {{head, 4}, {body, 4}};

	assert(pipe(ends) == 0);
	tasks_start(send, NULL, 1);
	assert(readv(ends[0], parts, 2) == 8);
	assert(memcmp(head, "head", 4) == 0 && memcmp(body, "body", 4) == 0);
	tasks_join();
	return 0;
}
