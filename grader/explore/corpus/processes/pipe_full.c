/* SPDX-License-Identifier: MIT */
/*
 * Two processes that each write more than a pipe holds before they read: both block in
 * write. The correct one reads before it answers.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIZE (256 * 1024)

static char block[SIZE];

static void send_all(int fd)
{
	for (size_t done = 0; done < SIZE;) {
		ssize_t n = write(fd, block + done, SIZE - done);
		if (n <= 0)
			exit(2);
		done += (size_t)n;
	}
}

static void receive_all(int fd)
{
	char piece[4096];

	for (size_t done = 0; done < SIZE;) {
		ssize_t n = read(fd, piece, sizeof(piece));
		if (n <= 0)
			exit(2);
		done += (size_t)n;
	}
}

int main(void)
{
	int there[2];
	int back[2];

	if (pipe(there) || pipe(back))
		return 2;
	pid_t pid = fork();
	if (pid < 0)
		return 2;
	if (pid == 0) {
#ifdef CORRECT
		receive_all(there[0]);
		send_all(back[1]);
#else
		send_all(back[1]);
		receive_all(there[0]);
#endif
		exit(0);
	}
	send_all(there[1]);
	receive_all(back[0]);
	waitpid(pid, NULL, 0);
	return 0;
}
