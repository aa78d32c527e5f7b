/* SPDX-License-Identifier: MIT */
/*
 * Two threads that wait for one lock with a time limit, of the kind that a flag names, and
 * go on whether they got it or not; with RETRY and ATTEMPTS they look first.
 */
#include <assert.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_cond_t grown = PTHREAD_COND_INITIALIZER;
static sem_t semaphore;
static atomic_uint word;
static atomic_int counter;

#ifdef PAST
enum { LIMIT = 0 };
#else
enum { LIMIT = 10 };
#endif

static struct timespec limit(void)
{
	struct timespec when;
	clock_gettime(CLOCK_REALTIME, &when);
	when.tv_sec += LIMIT;
	return when;
}

static void add(void)
{
	atomic_store(&counter, atomic_load(&counter) + 1);
}

#if defined(RETRY)

static void *work(void *unused)
{
	(void)unused;
	for (int i = 0; i < RETRY; i++) {
		struct timespec when = limit();
		while (pthread_mutex_timedlock(&mutex, &when))
			when = limit();
		add();
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}
enum { EXPECTED = 2 * RETRY };

#elif defined(ATTEMPTS)

static void *work(void *unused)
{
	int failures = 0;
	struct timespec when = limit();
	(void)unused;
	while (failures < 3 && pthread_mutex_timedlock(&mutex, &when)) {
		failures++;
		when = limit();
	}
	add();
	if (failures < 3)
		pthread_mutex_unlock(&mutex);
	return NULL;
}
enum { EXPECTED = 2 };

#elif defined(PAST)

/* Not one of them waits, and it shows by the clock. */
static void *work(void *unused)
{
	struct timespec when = limit();
	(void)unused;
	if (pthread_mutex_timedlock(&mutex, &when) == 0)
		pthread_mutex_unlock(&mutex);
	assert(limit().tv_sec == when.tv_sec);
	atomic_fetch_add(&counter, 1);
	return NULL;
}
enum { EXPECTED = 2 };

#elif defined(CONDITION)

static void *work(void *first)
{
	struct timespec when = limit();
	pthread_mutex_lock(&mutex);
	if (first && !atomic_load(&counter)) {
		pthread_cond_timedwait(&grown, &mutex, &when);
		assert(atomic_load(&counter));
	} else if (!first) {
		atomic_store(&counter, 1);
		pthread_cond_signal(&grown);
	}
	pthread_mutex_unlock(&mutex);
	return NULL;
}
enum { EXPECTED = 1 };

#else

static int enter(void)
{
	struct timespec when = limit();
	(void)when;
#if defined(MUTEX)
	return pthread_mutex_timedlock(&mutex, &when);
#elif defined(SEMAPHORE)
	return sem_timedwait(&semaphore, &when);
#elif defined(READ_LOCK)
	return pthread_rwlock_timedrdlock(&rwlock, &when);
#elif defined(WRITE_LOCK)
	return pthread_rwlock_timedwrlock(&rwlock, &when);
#elif defined(FUTEX)
	struct timespec length = {LIMIT, 0};
	unsigned none = 0;
	while (!atomic_compare_exchange_strong(&word, &none, 1)) {
		if (syscall(SYS_futex, &word, FUTEX_WAIT, 1, &length, NULL, 0))
			return 1;
		none = 0;
	}
	return 0;
#endif
}

static void leave(void)
{
#if defined(MUTEX)
	pthread_mutex_unlock(&mutex);
#elif defined(SEMAPHORE)
	sem_post(&semaphore);
#elif defined(READ_LOCK) || defined(WRITE_LOCK)
	pthread_rwlock_unlock(&rwlock);
#elif defined(FUTEX)
	atomic_store(&word, 0);
	syscall(SYS_futex, &word, FUTEX_WAKE, 1, NULL, NULL, 0);
#endif
}

static void *work(void *first)
{
#ifdef READ_LOCK
	int status = first ? enter() : pthread_rwlock_wrlock(&rwlock);
#else
	int status = enter();
#endif
	(void)first;
	add();
	if (!status)
		leave();
	return NULL;
}
enum { EXPECTED = 2 };

#endif

int main(void)
{
	pthread_t threads[2];

	sem_init(&semaphore, 0, 1);
	pthread_create(&threads[0], NULL, work, NULL);
	pthread_create(&threads[1], NULL, work, &counter);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	assert(atomic_load(&counter) == EXPECTED);
	return 0;
}
