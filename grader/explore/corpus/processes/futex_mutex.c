/* SPDX-License-Identifier: MIT */
/*
 * A lock of one word after Drepper's "Futexes are tricky": 0 free, 1 taken, 2 taken and
 * perhaps waited for. The buggy unlock never wakes anybody; a waiter then sleeps for
 * ever.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef TURNS
#define TURNS 1
#endif

struct state {
	atomic_int word;
	int counter;
};

static void lock(atomic_int *word)
{
	int free = 0;

	if (atomic_compare_exchange_strong(word, &free, 1))
		return;
	while (atomic_exchange(word, 2) != 0)
		syscall(SYS_futex, word, FUTEX_WAIT, 2, NULL, NULL, 0);
}

static void unlock(atomic_int *word)
{
#ifdef CORRECT
	if (atomic_exchange(word, 0) == 2)
		syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
#else
	atomic_store(word, 0);
#endif
}

int main(void)
{
	struct state *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (s == MAP_FAILED)
		return 2;
	for (int i = 0; i < 2; i++) {
		pid_t pid = fork();
		if (pid < 0)
			return 2;
		if (pid == 0) {
			for (int turn = 0; turn < TURNS; turn++) {
				lock(&s->word);
				s->counter++;
				unlock(&s->word);
			}
			exit(0);
		}
	}
	while (wait(NULL) > 0)
		continue;
	assert(s->counter == 2 * TURNS);
	munmap(s, sizeof(*s));
	return 0;
}
