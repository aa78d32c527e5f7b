/* SPDX-License-Identifier: MIT */
/*
 * A child prints into a pipe in place of its output, and the parent reads until the end. The
 * buggy parent keeps the writing end open itself, so that there is none.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	char line[32];
	int ends[2], lines = 0;

	assert(pipe(ends) == 0);
	if (fork() == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		printf("%d bottles\n", 7);
		exit(0);
	}
#ifdef CORRECT
	close(ends[1]);
#endif
	FILE *stream = fdopen(ends[0], "r");
	while (fgets(line, sizeof(line), stream))
		lines += strcmp(line, "7 bottles\n") == 0;
	assert(lines == 1);
	fclose(stream);
	wait(NULL);
	return 0;
}
