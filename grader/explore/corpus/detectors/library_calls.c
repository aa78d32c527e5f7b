/* SPDX-License-Identifier: MIT */
/*
 * Functions of the C library that read or write what tasks share, one a MODE. The correct
 * program makes the same calls under a lock.
 */
#include "../tasks.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

struct state {
	pthread_mutex_t lock;
	char text[32];
	int numbers[4];
};

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void read_zeros(char *to)
{
	int fd = open("/dev/zero", O_RDONLY);

	if (fd < 0 || read(fd, to, 8) != 8)
		exit(2);
	close(fd);
}

static void read_line(char *to)
{
	FILE *file = fopen("/proc/self/comm", "r");

	if (!file || !fgets(to, 8, file))
		exit(2);
	fclose(file);
}

static void call(struct state *state, int number)
{
	char copy[64];

	switch (MODE) {
	case 0: /* written by a format */
		snprintf(state->text, sizeof(state->text), "%d", number);
		break;
	case 1: /* read by a format, and written */
		snprintf(copy, sizeof(copy), "%s %5.1f", state->text, 1.5);
		mempcpy(state->text, copy, 4);
		break;
	case 2: /* sorted */
		qsort(state->numbers, 4, sizeof(int), compare);
		break;
	case 3: /* read from a file */
		read_zeros(state->text);
		break;
	case 4: /* read by a stream */
		read_line(state->text);
		break;
	case 5: /* converted */
		if (sscanf("12 34", "%d %d", &state->numbers[0], &state->numbers[1]) != 2)
			exit(2);
		break;
	case 6: /* cut up */
		strtok(state->text, " ");
		break;
	case 7: /* a state of the library's own, of each process */
		snprintf(copy, sizeof(copy), "a b");
		strtok(copy, " ");
		break;
	}
}

static void work(void *shared, int number)
{
	struct state *state = shared;

#ifdef CORRECT
	pthread_mutex_lock(&state->lock);
#endif
	call(state, number);
#ifdef CORRECT
	pthread_mutex_unlock(&state->lock);
#endif
}

int main(void)
{
	struct state *state = tasks_share(sizeof(*state));

	tasks_mutex(&state->lock);
	strcpy(state->text, "one two three");
	for (int i = 0; i < 4; i++)
		state->numbers[i] = 4 - i;
	for (int i = 0; i < 2; i++)
		tasks_start(work, state, i);
	tasks_join();
	pthread_mutex_destroy(&state->lock);
	tasks_free(state, sizeof(*state));
	return 0;
}
