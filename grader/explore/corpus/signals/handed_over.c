/* SPDX-License-Identifier: MIT */
/*
 * A signal says that a value is ready: what came before it is seen by the task that took it,
 * be it by a handler, sigwait() or sigwaitinfo(). The buggy sender writes once more after it.
 */
#include "../tasks.h"

#include <signal.h>

struct state {
	int value;
};

static sigset_t ready;
static pid_t receiver;
#ifndef FORK
static pthread_t receiving_thread;
#endif

static void send(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	s->value = 41;
#ifdef FORK
	sigqueue(receiver, SIGUSR1, (union sigval){.sival_int = 7});
#else
	pthread_kill(receiving_thread, SIGUSR1);
#endif
#ifndef CORRECT
	s->value = 42;
#endif
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));
	siginfo_t info;
	int number;

	sigemptyset(&ready);
	sigaddset(&ready, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &ready, NULL);
	receiver = getpid();
#ifndef FORK
	receiving_thread = pthread_self();
	(void)info;
#endif
	tasks_start(send, s, 0);
#ifdef FORK
	number = sigwaitinfo(&ready, &info);
	assert(info.si_value.sival_int == 7 && info.si_code == SI_QUEUE);
#else
	sigwait(&ready, &number);
#endif
	assert(number == SIGUSR1);
	s->value++;
	tasks_join();
	assert(s->value == 42);
	tasks_free(s, sizeof(*s));
	return 0;
}
