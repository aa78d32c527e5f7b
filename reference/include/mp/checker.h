/* SPDX-License-Identifier: MIT */
#ifndef MP_CHECKER_H
#define MP_CHECKER_H

/*
 * What a tool that runs the library step by step is told. The explore build
 * (libmp-explore.a) calls these functions and does not define them: the tool does.
 * An ordinary build calls nothing. Each operation of the library is one visible step,
 * announced before it begins:
 *
 *	mp_checker_before(MP_CHECKER_LOCK, lock);      the tool may run another task first
 *	... the lock is tried; futex waits in between ...
 *	mp_checker_after(MP_CHECKER_LOCK, lock, 0);    the caller holds it now
 *
 * Rules for the tool. One task runs at a time and changes only inside before(), inside
 * init() and inside system calls, so what the library does between them is atomic. The
 * library blocks only in syscall(SYS_futex, ...) on shared words, with absolute
 * CLOCK_MONOTONIC deadlines, in waitpid, and in nanosleep. status is 0 when the
 * operation happened (also when a lock came from an owner that died), and an enum
 * mp_status when it gave up. The library asks who it is with syscall(SYS_gettid), so a
 * tool may number the tasks itself. COND_WAIT releases and takes the caller's lock,
 * which is announced as UNLOCK and LOCK of that lock inside it. Operations of the pool
 * are made of PROCESS and POOL steps.
 */

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

enum mp_checker_operation {
	MP_CHECKER_LOCK = 1,
	MP_CHECKER_TRYLOCK,
	MP_CHECKER_UNLOCK,
	MP_CHECKER_SEM_WAIT,
	MP_CHECKER_SEM_POST,
	MP_CHECKER_COND_WAIT,
	MP_CHECKER_COND_NOTIFY,
	MP_CHECKER_EVENT_WAIT,
	MP_CHECKER_EVENT_SET,
	MP_CHECKER_EVENT_CLEAR,
	MP_CHECKER_BARRIER_WAIT,
	MP_CHECKER_QUEUE_PUT,
	MP_CHECKER_QUEUE_GET,
	MP_CHECKER_VALUE_READ,
	MP_CHECKER_VALUE_WRITE,
	MP_CHECKER_POOL_SUBMIT, /* object: the job. What its owner wrote before is seen by
				   the items */
	MP_CHECKER_POOL_TAKE,	/* a worker begins a chunk of the job */
	MP_CHECKER_POOL_FINISH, /* it ended the chunk */
	MP_CHECKER_POOL_COLLECT /* the owner has the results of the whole job */
};

enum mp_checker_kind {
	MP_CHECKER_KIND_LOCK = 1,
	MP_CHECKER_KIND_SEMAPHORE,
	MP_CHECKER_KIND_CONDITION,
	MP_CHECKER_KIND_EVENT,
	MP_CHECKER_KIND_BARRIER,
	MP_CHECKER_KIND_QUEUE,
	MP_CHECKER_KIND_VALUE,
	MP_CHECKER_KIND_POOL
};

/* When the lock or semaphore operation announced next gives up; NULL: never, it waits. */
struct timespec;
void mp_checker_until(const struct timespec *deadline);

void mp_checker_before(int operation, const volatile void *object);
void mp_checker_after(int operation, const volatile void *object, int status);
void mp_checker_init(int kind, const volatile void *object);
void mp_checker_destroy(int kind, const volatile void *object);

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#endif
