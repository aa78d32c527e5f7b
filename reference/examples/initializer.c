/* SPDX-License-Identifier: MIT */
/*
 * Workers that prepare themselves: each runs the initializer once, before its first item,
 * and after two chunks (maxtasksperchild) a fresh worker takes its place and runs it
 * again.
 */
#include <mp/mp.h>
#include <stdio.h>

/* Each worker has its own copy: as a process anyway, and also should it be a thread. */
static _Thread_local int base;

static int remember_base(void *initargs)
{
	base = *(const int *)initargs;
	printf("Worker process id %d starts from %d\n", mp_current_id(), base);
	fflush(stdout);
	return 0;
}

static int add_base(const void *item, void *result)
{
	*(int *)result = *(const int *)item + base;
	return 0;
}

int main(void)
{
	int numbers[] = {1, 2, 3, 4, 5, 6, 7, 8};
	int results[8] = {0};
	int start = 100;
	struct mp_pool_options options = {
		.processes = 2,
		.maxtasksperchild = 2,
		.initializer = remember_base,
		.initargs = &start,
	};
	int status;
	struct mp_pool *pool = mp_pool_new(&options, &status);

	if (pool != NULL)
		status = mp_pool_map(
			pool, add_base, numbers, sizeof(int), results, sizeof(int), 8, 1);
	mp_pool_free(pool);
	if (status != MP_OK) {
		fprintf(stderr, "initializer: %s\n", mp_status_text(status));
		return 1;
	}
	printf("[");
	for (int i = 0; i < 8; i++)
		printf("%s%d", i ? ", " : "", results[i]);
	printf("]\n");
	return 0;
}
