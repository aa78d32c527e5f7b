/* SPDX-License-Identifier: MIT */
/*
 * C11's threads, which glibc makes of the POSIX ones: the types are the same in memory, only
 * the names of functions and statuses differ.
 */
#include "runtime.h"

#include <errno.h>
#include <sched.h>
#include <threads.h>

int runtime_pthread_create(
	pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
int runtime_pthread_join(pthread_t, void **);
int runtime_pthread_detach(pthread_t);
void runtime_pthread_exit(void *) __attribute__((noreturn));
int runtime_pthread_mutex_init(pthread_mutex_t *, const pthread_mutexattr_t *);
int runtime_pthread_mutex_destroy(pthread_mutex_t *);
int runtime_pthread_mutex_lock(pthread_mutex_t *);
int runtime_pthread_mutex_timedlock(pthread_mutex_t *, const struct timespec *);
int runtime_pthread_mutex_trylock(pthread_mutex_t *);
int runtime_pthread_mutex_unlock(pthread_mutex_t *);
int runtime_pthread_cond_init(pthread_cond_t *, const pthread_condattr_t *);
int runtime_pthread_cond_destroy(pthread_cond_t *);
int runtime_pthread_cond_wait(pthread_cond_t *, pthread_mutex_t *);
int runtime_pthread_cond_timedwait(
	pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
int runtime_pthread_cond_signal(pthread_cond_t *);
int runtime_pthread_cond_broadcast(pthread_cond_t *);
int runtime_pthread_once(pthread_once_t *, void (*)(void));
int runtime_pthread_key_create(pthread_key_t *, void (*)(void *));
int runtime_pthread_key_delete(pthread_key_t);
void *runtime_pthread_getspecific(pthread_key_t);
int runtime_pthread_setspecific(pthread_key_t, const void *);
int runtime_sched_yield(void);
int runtime_nanosleep(const struct timespec *, struct timespec *);

static int in_c11(int status)
{
	switch (status) {
	case 0:
		return thrd_success;
	case EBUSY:
		return thrd_busy;
	case ENOMEM:
		return thrd_nomem;
	case ETIMEDOUT:
		return thrd_timedout;
	default:
		return thrd_error;
	}
}

/* The int that the function returns is in the low half of the pointer's register. */
int runtime_thrd_create(thrd_t *thread, thrd_start_t function, void *argument)
{
	void *(*start)(void *) = (void *(*)(void *))(void (*)(void))function;
	return in_c11(runtime_pthread_create(thread, NULL, start, argument));
}

int runtime_thrd_join(thrd_t thread, int *result)
{
	void *value;
	int status = runtime_pthread_join(thread, &value);
	if (!status && result)
		*result = (int)(intptr_t)value;
	return in_c11(status);
}

int runtime_thrd_detach(thrd_t thread)
{
	return in_c11(runtime_pthread_detach(thread));
}

void runtime_thrd_exit(int result)
{
	runtime_pthread_exit((void *)(intptr_t)result);
}

void runtime_thrd_yield(void)
{
	runtime_sched_yield();
}

int runtime_thrd_sleep(const struct timespec *duration, struct timespec *left)
{
	return runtime_nanosleep(duration, left);
}

int runtime_mtx_init(mtx_t *mutex, int type)
{
	pthread_mutexattr_t attributes;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes,
		type & mtx_recursive ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
	return in_c11(runtime_pthread_mutex_init((pthread_mutex_t *)mutex, &attributes));
}

void runtime_mtx_destroy(mtx_t *mutex)
{
	runtime_pthread_mutex_destroy((pthread_mutex_t *)mutex);
}

int runtime_mtx_lock(mtx_t *mutex)
{
	return in_c11(runtime_pthread_mutex_lock((pthread_mutex_t *)mutex));
}

int runtime_mtx_timedlock(mtx_t *mutex, const struct timespec *until)
{
	return in_c11(runtime_pthread_mutex_timedlock((pthread_mutex_t *)mutex, until));
}

int runtime_mtx_trylock(mtx_t *mutex)
{
	return in_c11(runtime_pthread_mutex_trylock((pthread_mutex_t *)mutex));
}

int runtime_mtx_unlock(mtx_t *mutex)
{
	return in_c11(runtime_pthread_mutex_unlock((pthread_mutex_t *)mutex));
}

int runtime_cnd_init(cnd_t *condition)
{
	return in_c11(runtime_pthread_cond_init((pthread_cond_t *)condition, NULL));
}

void runtime_cnd_destroy(cnd_t *condition)
{
	runtime_pthread_cond_destroy((pthread_cond_t *)condition);
}

int runtime_cnd_wait(cnd_t *condition, mtx_t *mutex)
{
	return in_c11(runtime_pthread_cond_wait(
		(pthread_cond_t *)condition, (pthread_mutex_t *)mutex));
}

int runtime_cnd_timedwait(cnd_t *condition, mtx_t *mutex, const struct timespec *until)
{
	return in_c11(runtime_pthread_cond_timedwait(
		(pthread_cond_t *)condition, (pthread_mutex_t *)mutex, until));
}

int runtime_cnd_signal(cnd_t *condition)
{
	return in_c11(runtime_pthread_cond_signal((pthread_cond_t *)condition));
}

int runtime_cnd_broadcast(cnd_t *condition)
{
	return in_c11(runtime_pthread_cond_broadcast((pthread_cond_t *)condition));
}

void runtime_call_once(once_flag *once, void (*routine)(void))
{
	runtime_pthread_once((pthread_once_t *)once, routine);
}

int runtime_tss_create(tss_t *key, tss_dtor_t destructor)
{
	return in_c11(runtime_pthread_key_create(key, destructor));
}

void *runtime_tss_get(tss_t key)
{
	return runtime_pthread_getspecific(key);
}

int runtime_tss_set(tss_t key, void *value)
{
	return in_c11(runtime_pthread_setspecific(key, value));
}

void runtime_tss_delete(tss_t key)
{
	runtime_pthread_key_delete(key);
}
