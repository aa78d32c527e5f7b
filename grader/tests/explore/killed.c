/* SPDX-License-Identifier: MIT */
/*
 * A child takes a lock and dies with it, in a way that a flag names. The parent takes the lock
 * after it, and reaps it. With STALLED the lock is not robust; with LIBRARY it is libmp's.
 */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef LIBRARY
#include <mp/lock.h>
typedef struct mp_lock mutex;
static int enter(mutex *lock)
{
	int status = mp_lock_acquire(lock);
	if (status == MP_OWNER_DIED)
		mp_lock_recover(lock);
	return status;
}
static void leave(mutex *lock)
{
	mp_lock_release(lock);
}
static void init(mutex *lock)
{
	mp_lock_init(lock);
}
enum { DIED = MP_OWNER_DIED };
#else
typedef pthread_mutex_t mutex;
static int enter(mutex *lock)
{
	int status = pthread_mutex_lock(lock);
	if (status == EOWNERDEAD)
		pthread_mutex_consistent(lock);
	return status;
}
static void leave(mutex *lock)
{
	pthread_mutex_unlock(lock);
}
static void init(mutex *lock)
{
	pthread_mutexattr_t attributes;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
#ifndef STALLED
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
#endif
	pthread_mutex_init(lock, &attributes);
}
enum { DIED = EOWNERDEAD };
#endif

struct shared {
	mutex lock;
	int half_done;
};

static void die(void)
{
#if defined(CRASH)
	*(volatile int *)8 = 1;
#elif defined(ABORT)
	abort();
#elif defined(ASSERT)
	assert(getpid() == 0);
#elif defined(RAISE)
	raise(SIGKILL);
#else
	for (;;)
		pause();
#endif
}

int main(void)
{
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	init(&shared->lock);
	pid_t child = fork();
	if (child == 0) {
		enter(&shared->lock);
		shared->half_done = 1;
		die();
		shared->half_done = 0;
		leave(&shared->lock);
		_exit(0);
	}
#ifdef KILL
	kill(child, SIGKILL);
#endif
	int status = enter(&shared->lock);
	if (shared->half_done && status != DIED)
		_exit(1);
	leave(&shared->lock);
	waitpid(child, &status, 0);
	return !WIFSIGNALED(status);
}
