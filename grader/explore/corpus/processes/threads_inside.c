/* SPDX-License-Identifier: MIT */
/*
 * A process with a thread of its own beside a child process: three tasks on one shared
 * counter, under one process-shared mutex. The buggy thread leaves the mutex out.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct state {
	pthread_mutex_t lock;
	int counter;
};

static void add(struct state *s)
{
	pthread_mutex_lock(&s->lock);
	s->counter++;
	pthread_mutex_unlock(&s->lock);
}

static void *thread_body(void *argument)
{
	struct state *s = argument;

#ifdef CORRECT
	add(s);
#else
	s->counter++;
#endif
	return NULL;
}

int main(void)
{
	pthread_mutexattr_t attributes;
	pthread_t thread;
	struct state *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (s == MAP_FAILED)
		return 2;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&s->lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
	pid_t pid = fork();
	if (pid < 0)
		return 2;
	if (pid == 0) {
		add(s);
		exit(0);
	}
	if (pthread_create(&thread, NULL, thread_body, s))
		return 2;
	pthread_join(thread, NULL);
	waitpid(pid, NULL, 0);
	assert(s->counter == 2);
	pthread_mutex_destroy(&s->lock);
	munmap(s, sizeof(*s));
	return 0;
}
