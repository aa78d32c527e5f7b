/* SPDX-License-Identifier: MIT */
/*
 * A process ends while it holds a process-shared mutex. With a robust mutex the next one
 * is told and mends the state; with a plain one it waits for ever.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	pthread_mutexattr_t attributes;
	pthread_mutex_t *lock = mmap(NULL, sizeof(*lock), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (lock == MAP_FAILED)
		return 2;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
#ifdef CORRECT
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
#endif
	pthread_mutex_init(lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
	pid_t pid = fork();
	if (pid < 0)
		return 2;
	if (pid == 0) {
		pthread_mutex_lock(lock);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	int status = pthread_mutex_lock(lock);
	if (status == EOWNERDEAD)
		status = pthread_mutex_consistent(lock);
	assert(status == 0);
	pthread_mutex_unlock(lock);
	pthread_mutex_destroy(lock);
	munmap(lock, sizeof(*lock));
	return 0;
}
