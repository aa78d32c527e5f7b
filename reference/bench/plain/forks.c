/* SPDX-License-Identifier: MIT */
/* What two forks, exits and waits cost a program that does nothing else; prints nanoseconds. */
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TIMES = 20 };

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

int main(void)
{
	double begin = now_ns();

	for (int i = 0; i < TIMES; i++) {
		pid_t children[2];

		for (int j = 0; j < 2; j++) {
			children[j] = fork();
			if (children[j] == 0)
				_exit(0);
		}
		for (int j = 0; j < 2; j++)
			waitpid(children[j], NULL, 0);
	}
	printf("%.0f\n", (now_ns() - begin) / TIMES);
	return 0;
}
