/* SPDX-License-Identifier: MIT */
/*
 * A program that asks how many processors there are is told the same on every machine: two. One
 * task runs at a time anyway, and which processor it asks for makes no difference.
 */
#include "runtime.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

enum { PROCESSORS = 2 };

int runtime_get_nprocs(void)
{
	return PROCESSORS;
}

int runtime_get_nprocs_conf(void)
{
	return PROCESSORS;
}

int runtime_sched_getcpu(void)
{
	return 0;
}

long runtime_sysconf(int name)
{
	if (name == _SC_NPROCESSORS_ONLN || name == _SC_NPROCESSORS_CONF)
		return PROCESSORS;
	return sysconf(name);
}

static void describe(size_t size, cpu_set_t *set)
{
	access_memory(set, size, FLAG_WRITE, explore_self.frame->pc);
	CPU_ZERO_S(size, set);
	for (int i = 0; i < PROCESSORS; i++)
		CPU_SET_S(i, size, set);
}

static bool is_possible(size_t size, const cpu_set_t *set)
{
	access_memory(set, size, 0, explore_self.frame->pc);
	for (int i = 0; i < PROCESSORS; i++)
		if (CPU_ISSET_S(i, size, set))
			return true;
	return false;
}

int runtime_sched_getaffinity(pid_t process, size_t size, cpu_set_t *set)
{
	(void)process;
	describe(size, set);
	return 0;
}

int runtime_pthread_getaffinity_np(pthread_t thread, size_t size, cpu_set_t *set)
{
	(void)thread;
	describe(size, set);
	return 0;
}

int runtime_sched_setaffinity(pid_t process, size_t size, const cpu_set_t *set)
{
	(void)process;
	if (is_possible(size, set))
		return 0;
	errno = EINVAL;
	return -1;
}

int runtime_pthread_setaffinity_np(pthread_t thread, size_t size, const cpu_set_t *set)
{
	(void)thread;
	return is_possible(size, set) ? 0 : EINVAL;
}
