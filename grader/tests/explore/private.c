/* SPDX-License-Identifier: MIT */
/*
 * A child waits for its parent on a semaphore or a futex in memory that they share. SHARED
 * says whether it is made for processes or for the threads of one.
 */
#include <linux/futex.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SHARED
#define SHARED 0
#endif

struct shared {
	sem_t semaphore;
	atomic_uint word;
};

#ifdef FUTEX

enum { PRIVATE = SHARED ? 0 : FUTEX_PRIVATE_FLAG };

static void await(struct shared *shared)
{
	while (!atomic_load(&shared->word))
		syscall(SYS_futex, &shared->word, FUTEX_WAIT | PRIVATE, 0, NULL, NULL, 0);
}

static void announce(struct shared *shared)
{
	atomic_store(&shared->word, 1);
	syscall(SYS_futex, &shared->word, FUTEX_WAKE | PRIVATE, 1, NULL, NULL, 0);
}

#else

static void await(struct shared *shared)
{
	sem_wait(&shared->semaphore);
}

static void announce(struct shared *shared)
{
	sem_post(&shared->semaphore);
}

#endif

int main(void)
{
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	sem_init(&shared->semaphore, SHARED, 0);
	if (fork() == 0) {
		await(shared);
		_exit(0);
	}
	announce(shared);
	wait(NULL);
	return 0;
}
