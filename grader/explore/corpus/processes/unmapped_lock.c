/* SPDX-License-Identifier: MIT */
/*
 * A child unmaps shared memory with a mutex in it that it holds. The correct program maps it
 * twice, so that the child can still give the mutex back, to the parent who waits for it.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
	pthread_mutex_t mutex;
	int count;
};

static struct shared *map(int fd)
{
	struct shared *shared =
		mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (shared == MAP_FAILED)
		exit(2);
	return shared;
}

static void child(struct shared *shared, struct shared *again)
{
	pthread_mutex_lock(&shared->mutex);
	shared->count++;
	munmap(shared, sizeof(*shared));
#ifdef CORRECT
	pthread_mutex_unlock(&again->mutex);
#else
	(void)again;
#endif
	exit(0);
}

int main(void)
{
	pthread_mutexattr_t attributes;
	int fd = memfd_create("unmapped_lock", 0);
	if (fd < 0 || ftruncate(fd, sizeof(struct shared)))
		return 2;
	struct shared *shared = map(fd);
#ifdef CORRECT
	struct shared *again = map(fd);
#else
	struct shared *again = NULL;
#endif
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&shared->mutex, &attributes);
	pid_t pid = fork();
	if (pid < 0)
		return 2;
	if (pid == 0)
		child(shared, again);
#ifdef CORRECT
	pthread_mutex_lock(&shared->mutex);
	shared->count++;
	pthread_mutex_unlock(&shared->mutex);
#endif
	waitpid(pid, NULL, 0);
	return 0;
}
