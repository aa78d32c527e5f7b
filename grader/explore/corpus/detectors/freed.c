/* SPDX-License-Identifier: MIT */
/*
 * A shared block that goes away while somebody still uses it. MODE 0: it is freed, 1: it
 * is unmapped. The correct main joins first.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

#ifndef MODE
#define MODE 0
#endif
#define SIZE 4096

static void *use(void *argument)
{
	int *block = argument;

	block[0] = 1;
	block[1] = 2;
	return NULL;
}

static void let_go(int *block)
{
	if (MODE == 0)
		free(block);
	else
		munmap(block, SIZE);
}

int main(void)
{
	pthread_t thread;
	int *block = MODE == 0 ? malloc(SIZE)
			       : mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
					 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (!block || block == MAP_FAILED)
		return 2;
	if (pthread_create(&thread, NULL, use, block))
		return 2;
#ifdef CORRECT
	pthread_join(thread, NULL);
	let_go(block);
#else
	let_go(block);
	pthread_join(thread, NULL);
#endif
	return 0;
}
