/* SPDX-License-Identifier: MIT */
/*
 * A child waits for a semaphore, and a signal's handler ends its wait. The buggy one goes on
 * as if it had been let in; the other one, whose handler is inherited as well, waits again.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
	sem_t ready;
	sem_t door;
	atomic_int inside;
};

static void ignore(int number)
{
	(void)number;
}

static void enter(struct shared *s)
{
	sem_post(&s->ready);
#ifdef CORRECT
	while (sem_wait(&s->door) < 0 && errno == EINTR)
		continue;
#else
	sem_wait(&s->door);
#endif
	atomic_store(&s->inside, 1);
}

int main(void)
{
	struct sigaction action = {.sa_handler = ignore};
	struct shared *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	sem_init(&s->ready, 1, 0);
	sem_init(&s->door, 1, 0);
	sigemptyset(&action.sa_mask);
	sigaction(SIGUSR1, &action, NULL);
	pid_t pid = fork();
	if (pid < 0)
		return 2;
	if (pid == 0) {
		enter(s);
		_exit(0);
	}
	sem_wait(&s->ready);
	kill(pid, SIGUSR1);
	assert(!atomic_load(&s->inside));
	sem_post(&s->door);
	assert(waitpid(pid, NULL, 0) == pid);
	return 0;
}
