/* SPDX-License-Identifier: MIT */
/* A child leaves a pointer to its own memory in shared memory; the correct one, the text. */
#include "../tasks.h"

#include <string.h>
#include <sys/mman.h>

struct state {
	char *pointer;
	char text[16];
};

static void answer(void *shared, int number)
{
	struct state *state = shared;
	(void)number;
#ifdef CORRECT
	state->pointer = state->text;
#else
	state->pointer = mmap(
		NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
#endif
	strcpy(state->pointer, "result");
}

int main(void)
{
	struct state *state = tasks_share(sizeof(*state));
	tasks_start(answer, state, 0);
	tasks_join();
	assert(strcmp(state->pointer, "result") == 0);
	tasks_free(state, sizeof(*state));
	return 0;
}
