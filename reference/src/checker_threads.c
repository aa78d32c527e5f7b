/* SPDX-License-Identifier: MIT */
/*
 * The thread build's side of checker.h: valgrind client requests. They are a few
 * instructions that do nothing outside valgrind. TSan needs none of it: it understands
 * C11 atomics.
 */
/* Also when a tool reads this file alone, without the build's flags. */
#ifndef MP_THREADS
#define MP_THREADS
#endif
#include "checker.h"

#include <mp/status.h>
#include <stdint.h>
#include <valgrind/helgrind.h>

/* The client requests take plain pointers; nothing is read or written through them. */
static void *plain(const volatile void *object)
{
	return (void *)(uintptr_t)object;
}

void checker_before(int operation, const volatile void *object)
{
	void *address = plain(object);

	switch (operation) {
	case MP_CHECKER_LOCK:
		VALGRIND_HG_MUTEX_LOCK_PRE(address, 0);
		break;
	case MP_CHECKER_TRYLOCK:
		VALGRIND_HG_MUTEX_LOCK_PRE(address, 1);
		break;
	case MP_CHECKER_UNLOCK:
		VALGRIND_HG_MUTEX_UNLOCK_PRE(address);
		break;
	case MP_CHECKER_SEM_POST:
	case MP_CHECKER_EVENT_SET:
	case MP_CHECKER_EVENT_CLEAR:
	case MP_CHECKER_BARRIER_WAIT:
	case MP_CHECKER_QUEUE_PUT:
	case MP_CHECKER_QUEUE_GET:
	case MP_CHECKER_POOL_SUBMIT:
	case MP_CHECKER_POOL_FINISH:
		ANNOTATE_HAPPENS_BEFORE(address);
		break;
	default:
		break;
	}
}

void checker_after(int operation, const volatile void *object, int status)
{
	void *address = plain(object);

	if (status != MP_OK)
		return;
	switch (operation) {
	case MP_CHECKER_LOCK:
	case MP_CHECKER_TRYLOCK:
		VALGRIND_HG_MUTEX_LOCK_POST(address);
		break;
	case MP_CHECKER_UNLOCK:
		VALGRIND_HG_MUTEX_UNLOCK_POST(address);
		break;
	case MP_CHECKER_SEM_WAIT:
	case MP_CHECKER_EVENT_WAIT:
	case MP_CHECKER_BARRIER_WAIT:
	case MP_CHECKER_QUEUE_PUT:
	case MP_CHECKER_QUEUE_GET:
	case MP_CHECKER_POOL_TAKE:
	case MP_CHECKER_POOL_COLLECT:
		ANNOTATE_HAPPENS_AFTER(address);
		break;
	default:
		break;
	}
}

void checker_init(int kind, const volatile void *object)
{
	(void)kind;
	(void)object;
}

void checker_destroy(int kind, const volatile void *object)
{
	void *address = plain(object);

	if (kind == MP_CHECKER_KIND_LOCK)
		VALGRIND_HG_MUTEX_DESTROY_PRE(address);
	else
		ANNOTATE_HAPPENS_BEFORE_FORGET_ALL(address);
}

void checker_ignore(const volatile void *memory, size_t bytes)
{
	VALGRIND_HG_DISABLE_CHECKING(plain(memory), bytes);
}
