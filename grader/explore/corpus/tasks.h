/* SPDX-License-Identifier: MIT */
/*
 * One source, two kinds of task: threads, or with -DFORK processes on a shared mapping.
 *
 *	struct state *s = tasks_share(sizeof(*s));
 *	tasks_mutex(&s->lock);
 *	tasks_start(writer, s, 0);
 *	tasks_start(reader, s, 1);
 *	tasks_join();
 *	tasks_free(s, sizeof(*s));
 *
 * What the programs of this folder say about schedules then holds for both. Include it
 * first: it asks for all that the C library has.
 */
#ifndef CORPUS_TASKS_H
#define CORPUS_TASKS_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define TASKS_MOST 128
#define TASKS_HELPER __attribute__((unused)) static
#ifdef FORK
#define TASKS_SHARED PTHREAD_PROCESS_SHARED
#else
#define TASKS_SHARED PTHREAD_PROCESS_PRIVATE
#endif

struct task {
	void (*body)(void *shared, int number);
	void *shared;
	int number;
	pthread_t thread;
};

static struct task tasks[TASKS_MOST];
static int tasks_count;

/* Zeroed memory that every task started later sees at the same address. */
TASKS_HELPER void *tasks_share(size_t size)
{
#ifdef FORK
	void *shared = mmap(
		NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		exit(2);
#else
	void *shared = calloc(1, size);
	if (!shared)
		exit(2);
#endif
	return shared;
}

TASKS_HELPER void tasks_free(void *shared, size_t size)
{
#ifdef FORK
	munmap(shared, size);
#else
	(void)size;
	free(shared);
#endif
}

TASKS_HELPER void tasks_mutex(pthread_mutex_t *mutex)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, TASKS_SHARED);
	pthread_mutex_init(mutex, &attributes);
	pthread_mutexattr_destroy(&attributes);
}

TASKS_HELPER void tasks_condition(pthread_cond_t *condition)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setpshared(&attributes, TASKS_SHARED);
	pthread_cond_init(condition, &attributes);
	pthread_condattr_destroy(&attributes);
}

TASKS_HELPER void *tasks_run(void *argument)
{
	const struct task *task = argument;

	task->body(task->shared, task->number);
	return NULL;
}

TASKS_HELPER void tasks_start(void (*body)(void *, int), void *shared, int number)
{
	assert(tasks_count < TASKS_MOST);
	struct task *task = &tasks[tasks_count++];
	task->body = body;
	task->shared = shared;
	task->number = number;
#ifdef FORK
	pid_t pid = fork();
	if (pid < 0)
		exit(2);
	if (pid == 0) {
		tasks_run(task);
		_exit(0);
	}
#else
	if (pthread_create(&task->thread, NULL, tasks_run, task))
		exit(2);
#endif
}

/* Waits for every task that was started. A process that failed makes this one fail. */
TASKS_HELPER void tasks_join(void)
{
#ifdef FORK
	int failed = 0;
	for (; tasks_count > 0; tasks_count--) {
		int status;
		if (wait(&status) < 0 || status != 0)
			failed = 1;
	}
	tasks_count = 0;
	if (failed)
		exit(1);
#else
	for (int i = 0; i < tasks_count; i++)
		pthread_join(tasks[i].thread, NULL);
	tasks_count = 0;
#endif
}

#endif
