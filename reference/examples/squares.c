/* SPDX-License-Identifier: MIT */
/* The squares of a list by an ordinary loop: what the pool will do with many processes.
 */
#include <stdio.h>

static int square(int number)
{
	return number * number;
}

int main(void)
{
	int numbers[] = {1, 2, 3, 4, 5};
	int results[5];

	for (int i = 0; i < 5; i++)
		results[i] = square(numbers[i]);
	printf("[");
	for (int i = 0; i < 5; i++)
		printf("%s%d", i ? ", " : "", results[i]);
	printf("]\n");
	return 0;
}
