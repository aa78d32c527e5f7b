/* SPDX-License-Identifier: MIT */
/* realloc() ends the old block, even where the new one (of SIZE bytes) lies at its place. */
#include "../tasks.h"

static int *block;

static void *use(void *argument)
{
	block[0] = 1;
	return argument;
}

int main(void)
{
	pthread_t thread;

	block = malloc(sizeof(*block));
	pthread_create(&thread, NULL, use, NULL);
#ifdef CORRECT
	pthread_join(thread, NULL);
#endif
	int *moved = realloc(block, SIZE);
#ifndef CORRECT
	pthread_join(thread, NULL);
#endif
	free(moved);
	return 0;
}
