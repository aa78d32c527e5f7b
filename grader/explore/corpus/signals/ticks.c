/* SPDX-License-Identifier: MIT */
/*
 * A timer ticks; main waits for three ticks. The buggy one blocks the signal and waits with a
 * mask that blocks it as well.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <time.h>

static volatile sig_atomic_t ticks;

static void tick(int number)
{
	(void)number;
	ticks++;
}

int main(void)
{
	struct sigaction action = {.sa_handler = tick};
	struct itimerspec often = {{0, 1000000}, {0, 1000000}};
	sigset_t alarms, before;
	timer_t timer;

	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	sigprocmask(SIG_BLOCK, &alarms, &before);
	sigaction(SIGALRM, &action, NULL);
	if (timer_create(CLOCK_MONOTONIC, NULL, &timer))
		return 2;
	timer_settime(timer, 0, &often, NULL);
	while (ticks < 3)
#ifdef CORRECT
		sigsuspend(&before);
#else
		sigsuspend(&alarms);
#endif
	timer_delete(timer);
	return 0;
}
