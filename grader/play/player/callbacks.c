/* SPDX-License-Identifier: MIT */
/*
 * The functions that call what they are given. In a submission's object these stand in their
 * place (build/branches.c): what is given has to be a function that it might call itself. So
 * does syscall, which calls what has no function: it does no more than labs allow it for.
 */
#include "play/player/branches.h"

#include <mp/process.h>

#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <threads.h>
#include <unistd.h>

typedef int compare(const void *, const void *);
typedef int compare_with(const void *, const void *, void *);
typedef int task(void *argument);

int interlock_atexit(void (*function)(void));
int interlock_at_quick_exit(void (*function)(void));
void *interlock_bsearch(
	const void *key, const void *base, size_t count, size_t size, compare *order);
void interlock_call_once(once_flag *flag, void (*function)(void));
int interlock_mp_process_start(
	struct mp_process *process, task *function, void *argument);
int interlock_mp_process_start_daemon(
	struct mp_process *process, task *function, void *argument);
int interlock_pthread_atfork(
	void (*before)(void), void (*parent)(void), void (*child)(void));
int interlock_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
	void *(*function)(void *), void *argument);
int interlock_pthread_key_create(pthread_key_t *key, void (*destructor)(void *));
int interlock_pthread_once(pthread_once_t *once, void (*function)(void));
void interlock_qsort(void *base, size_t count, size_t size, compare *order);
void interlock_qsort_r(
	void *base, size_t count, size_t size, compare_with *order, void *argument);
long interlock_syscall(long number, ...);
int interlock_thrd_create(thrd_t *thread, thrd_start_t function, void *argument);
int interlock_tss_create(tss_t *key, tss_dtor_t destructor);

int interlock_atexit(void (*function)(void))
{
	branches_check((branch)function);
	return atexit(function);
}

int interlock_at_quick_exit(void (*function)(void))
{
	branches_check((branch)function);
	return at_quick_exit(function);
}

void *interlock_bsearch(
	const void *key, const void *base, size_t count, size_t size, compare *order)
{
	branches_check((branch)order);
	return bsearch(key, base, count, size, order);
}

void interlock_call_once(once_flag *flag, void (*function)(void))
{
	branches_check((branch)function);
	call_once(flag, function);
}

int interlock_mp_process_start(struct mp_process *process, task *function, void *argument)
{
	branches_check((branch)function);
	return mp_process_start(process, function, argument);
}

int interlock_mp_process_start_daemon(
	struct mp_process *process, task *function, void *argument)
{
	branches_check((branch)function);
	return mp_process_start_daemon(process, function, argument);
}

int interlock_pthread_atfork(
	void (*before)(void), void (*parent)(void), void (*child)(void))
{
	branches_check(before);
	branches_check(parent);
	branches_check(child);
	return pthread_atfork(before, parent, child);
}

int interlock_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
	void *(*function)(void *), void *argument)
{
	branches_check((branch)function);
	return pthread_create(thread, attributes, function, argument);
}

int interlock_pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	branches_check((branch)destructor);
	return pthread_key_create(key, destructor);
}

int interlock_pthread_once(pthread_once_t *once, void (*function)(void))
{
	branches_check((branch)function);
	return pthread_once(once, function);
}

void interlock_qsort(void *base, size_t count, size_t size, compare *order)
{
	branches_check((branch)order);
	qsort(base, count, size, order);
}

void interlock_qsort_r(
	void *base, size_t count, size_t size, compare_with *order, void *argument)
{
	branches_check((branch)order);
	qsort_r(base, count, size, order, argument);
}

/* Futexes, and who asks: nothing that gives rights to memory or makes a process. */
static bool may_be_asked(long number)
{
	static const long allowed[] = {
		SYS_futex, SYS_sched_yield, SYS_getpid, SYS_getppid, SYS_gettid};

	for (size_t i = 0; i < sizeof(allowed) / sizeof(*allowed); i++)
		if (allowed[i] == number)
			return true;
	return false;
}

long interlock_syscall(long number, ...)
{
	enum { MOST_ARGUMENTS = 6 };
	long given[MOST_ARGUMENTS];
	va_list arguments;

	if (!may_be_asked(number))
		branches_refuse("syscall is called for", " more than a futex\n");
	va_start(arguments, number);
	for (int i = 0; i < MOST_ARGUMENTS; i++)
		given[i] = va_arg(arguments, long);
	va_end(arguments);
	return syscall(
		number, given[0], given[1], given[2], given[3], given[4], given[5]);
}

int interlock_thrd_create(thrd_t *thread, thrd_start_t function, void *argument)
{
	branches_check((branch)function);
	return thrd_create(thread, function, argument);
}

int interlock_tss_create(tss_t *key, tss_dtor_t destructor)
{
	branches_check((branch)destructor);
	return tss_create(key, destructor);
}
