/* SPDX-License-Identifier: MIT */
/*
 * The same squares by a pool: each item goes to whichever worker is free, and the results
 * come in the order of the items. Which worker does which item differs from run to run.
 */
#include <mp/mp.h>
#include <stdio.h>
#include <time.h>

static int square(const void *item, void *result)
{
	int number = *(const int *)item;

	/* Some work, so that the next item goes to another worker. */
	nanosleep(&(struct timespec){0, 10000000}, NULL);
	printf("Worker process id for %d: %d\n", number, mp_current_id());
	fflush(stdout);
	*(int *)result = number * number;
	return 0;
}

int main(void)
{
	int numbers[] = {1, 2, 3, 4, 5};
	int results[5];
	int status;
	struct mp_pool *pool = mp_pool_new(NULL, &status);

	if (pool == NULL) {
		fprintf(stderr, "pool: %s\n", mp_status_text(status));
		return 1;
	}
	status = mp_pool_map(pool, square, numbers, sizeof(int), results, sizeof(int), 5,
		MP_CHUNK_AUTO);
	mp_pool_close(pool);
	mp_pool_join(pool);
	mp_pool_free(pool);
	if (status != MP_OK) {
		fprintf(stderr, "pool: %s\n", mp_status_text(status));
		return 1;
	}
	printf("[");
	for (int i = 0; i < 5; i++)
		printf("%s%d", i ? ", " : "", results[i]);
	printf("]\n");
	return 0;
}
