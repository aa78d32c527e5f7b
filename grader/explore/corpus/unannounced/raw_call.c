/* SPDX-License-Identifier: MIT */
/*
 * A futex waited for by the bare instruction `syscall`, as runtimes do. The buggy version
 * sleeps without looking whether it has been woken before.
 */
#include "../tasks.h"

#include <linux/futex.h>
#include <sys/syscall.h>

struct state {
	int ready;
};

static long futex(int *word, long operation, long value)
{
	register long timeout __asm__("r10") = 0;
	long result;

	__asm__ volatile(
		"syscall"
		: "=a"(result)
		: "a"(SYS_futex), "D"(word), "S"(operation), "d"(value), "r"(timeout)
		: "rcx", "r11", "memory");
	return result;
}

static void work(void *shared, int number)
{
	struct state *s = shared;

	if (number) {
		__atomic_store_n(&s->ready, 1, __ATOMIC_SEQ_CST);
		futex(&s->ready, FUTEX_WAKE, 1);
		return;
	}
#ifdef CORRECT
	while (!__atomic_load_n(&s->ready, __ATOMIC_SEQ_CST))
		futex(&s->ready, FUTEX_WAIT, 0);
#else
	futex(&s->ready, FUTEX_WAIT, __atomic_load_n(&s->ready, __ATOMIC_SEQ_CST));
#endif
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_start(work, s, 0);
	tasks_start(work, s, 1);
	tasks_join();
	tasks_free(s, sizeof(*s));
	return 0;
}
