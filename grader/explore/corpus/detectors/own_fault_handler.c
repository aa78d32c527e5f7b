/* SPDX-License-Identifier: MIT */
/* The program handles its faults itself: by jumping away, and by mending what was wrong. */
#include "../tasks.h"

#include <setjmp.h>
#include <signal.h>
#include <stdint.h>

enum { PAGE = 4096 };

static sigjmp_buf away;
static volatile int faults;

static void jump(int number)
{
	(void)number;
	siglongjmp(away, 1);
}

static void mend(int number, siginfo_t *info, void *context)
{
	uintptr_t page = (uintptr_t)info->si_addr & ~(uintptr_t)(PAGE - 1);

	(void)number;
	(void)context;
	faults++;
	mprotect((void *)page, PAGE, PROT_READ | PROT_WRITE);
}

int main(void)
{
	struct sigaction action = {.sa_flags = SA_SIGINFO};
	int *nowhere = NULL;

	signal(SIGSEGV, jump);
	if (!sigsetjmp(away, 1)) {
		*(volatile int *)nowhere = 1;
		assert(!"it goes on behind the fault");
	}
	action.sa_sigaction = mend;
	sigaction(SIGSEGV, &action, NULL);
	volatile char *page =
		mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	page[5] = 7;
	assert(faults == 1 && page[5] == 7);
#ifndef CORRECT
	signal(SIGSEGV, SIG_DFL);
	*(volatile int *)nowhere = 1;
#endif
	return 0;
}
