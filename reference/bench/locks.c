/* SPDX-License-Identifier: MIT */
/* A lock alone, a lock that two processes want, and a lock whose owner dies. */
#include "bench.h"

#include <errno.h>
#include <mp/mp.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ALONE = 1000000, CONTENDED = 10000, WINDOW_MS = 20, WINDOWS = 25 };

/* One lock of each kind, and what two processes that contend for it share. */
struct board { /* NOLINT(clang-analyzer-optin.performance.Padding): a cache line each */
	_Alignas(64) struct mp_lock mp;
	_Alignas(64) pthread_mutex_t robust;
	_Alignas(64) pthread_mutex_t shared;
	_Alignas(64) sem_t semaphore;
	_Alignas(64) _Atomic unsigned word;
	_Alignas(64) volatile long counter;
	_Alignas(64) _Atomic int ready;
	_Alignas(64) _Atomic int stop;
	_Alignas(64) _Atomic long done[2][8];
	double begin_ns[2];
	double end_ns[2];
	_Atomic double released_ns;
	_Atomic double acquired_ns;
};

static struct board *board;

struct kind {
	void (*lock)(void);
	void (*unlock)(void);
};

static void mp_on(void)
{
	mp_lock_acquire(&board->mp);
}
static void mp_off(void)
{
	mp_lock_release(&board->mp);
}
static void robust_on(void)
{
	if (pthread_mutex_lock(&board->robust) == EOWNERDEAD)
		pthread_mutex_consistent(&board->robust);
}
static void robust_off(void)
{
	pthread_mutex_unlock(&board->robust);
}
static void shared_on(void)
{
	pthread_mutex_lock(&board->shared);
}
static void shared_off(void)
{
	pthread_mutex_unlock(&board->shared);
}
static void semaphore_on(void)
{
	while (sem_wait(&board->semaphore) < 0)
		;
}
static void semaphore_off(void)
{
	sem_post(&board->semaphore);
}

static const struct kind mp_kind = {mp_on, mp_off};
static const struct kind robust_kind = {robust_on, robust_off};
static const struct kind shared_kind = {shared_on, shared_off};
static const struct kind semaphore_kind = {semaphore_on, semaphore_off};

static void set_up(void)
{
	pthread_mutexattr_t attributes;

	board = mp_shared_new(sizeof(*board));
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&board->shared, &attributes);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&board->robust, &attributes);
	pthread_mutexattr_destroy(&attributes);
	sem_init(&board->semaphore, 1, 1);
}

/* Each kind in a loop of its own, called directly: no indirect call in what is measured. */
#define ALONE_LOOP(name, on, off)                                                        \
	static double name(void)                                                         \
	{                                                                                \
		double begin = bench_now_ns();                                           \
                                                                                         \
		for (int i = 0; i < ALONE; i++) {                                        \
			on;                                                              \
			off;                                                             \
		}                                                                        \
		return (bench_now_ns() - begin) / ALONE;                                 \
	}

static void word_on(void)
{
	unsigned expected = 0;

	atomic_compare_exchange_strong_explicit(
		&board->word, &expected, 1, memory_order_acquire, memory_order_relaxed);
}
static void word_off(void)
{
	atomic_exchange_explicit(&board->word, 0, memory_order_release);
}

ALONE_LOOP(alone_floor, word_on(), word_off())
ALONE_LOOP(alone_mp, mp_lock_acquire(&board->mp), mp_lock_release(&board->mp))
ALONE_LOOP(alone_robust, pthread_mutex_lock(&board->robust),
	pthread_mutex_unlock(&board->robust))
ALONE_LOOP(alone_shared, pthread_mutex_lock(&board->shared),
	pthread_mutex_unlock(&board->shared))
ALONE_LOOP(alone_semaphore, sem_wait(&board->semaphore), sem_post(&board->semaphore))

static double alone_python(void)
{
	return bench_python("lock");
}

static void count_under(const struct kind *kind, int who)
{
	/* Both wait here at one time; on one processor they take turns to. */
	atomic_fetch_add(&board->ready, 1);
	while (atomic_load(&board->ready) < 2)
		sched_yield();
	board->begin_ns[who] = bench_now_ns();
	for (int i = 0; i < CONTENDED; i++) {
		kind->lock();
		board->counter = board->counter + 1;
		kind->unlock();
	}
	board->end_ns[who] = bench_now_ns();
}

static void run_on(int processor)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(processor, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

static double smaller(const double *pair)
{
	return pair[0] < pair[1] ? pair[0] : pair[1];
}

static double larger(const double *pair)
{
	return pair[0] < pair[1] ? pair[1] : pair[0];
}

/*
 * Nanoseconds for each of the 20,000 operations of two processes on these processors. Only a run
 * counts in which the two were at work together for most of the time: if the machine has other
 * work, one may be through before the other has a processor, and nothing was contended.
 */
static double contended(const struct kind *kind, int first, int second)
{
	cpu_set_t before;
	double ns = -1;

	sched_getaffinity(0, sizeof(before), &before);
	for (int attempt = 0; attempt < 100 && ns < 0; attempt++) {
		double together;
		double all;
		pid_t child;

		atomic_store(&board->ready, 0);
		board->counter = 0;
		child = fork();
		if (child == 0) {
			run_on(second);
			count_under(kind, 1);
			_exit(0);
		}
		run_on(first);
		count_under(kind, 0);
		waitpid(child, NULL, 0);
		sched_setaffinity(0, sizeof(before), &before);
		all = larger(board->end_ns) - smaller(board->begin_ns);
		together = smaller(board->end_ns) - larger(board->begin_ns);
		if (first == second || together > 0.5 * all)
			ns = all / (2 * CONTENDED);
	}
	return ns;
}

static double contended_mp(void)
{
	return contended(&mp_kind, 0, 1);
}
static double contended_robust(void)
{
	return contended(&robust_kind, 0, 1);
}
static double contended_shared(void)
{
	return contended(&shared_kind, 0, 1);
}
static double contended_semaphore(void)
{
	return contended(&semaphore_kind, 0, 1);
}
static double contended_python(void)
{
	return bench_python("contended");
}

static double one_cpu_mp(void)
{
	return contended(&mp_kind, 0, 0);
}
static double one_cpu_robust(void)
{
	return contended(&robust_kind, 0, 0);
}

static void take_until_stopped(const struct kind *kind, int who)
{
	while (!atomic_load_explicit(&board->stop, memory_order_relaxed)) {
		kind->lock();
		board->counter = board->counter + 1;
		kind->unlock();
		atomic_store_explicit(&board->done[who][0],
			atomic_load_explicit(&board->done[who][0], memory_order_relaxed) +
				1,
			memory_order_relaxed);
	}
}

/* The share of the one that got less, in percent: the median over windows of 20 ms. */
static double fair_share(const struct kind *kind)
{
	double shares[WINDOWS];
	pid_t children[2];
	long last[2] = {0, 0};
	double all[BENCH_ROUNDS];

	atomic_store(&board->stop, 0);
	for (int i = 0; i < 2; i++) {
		atomic_store(&board->done[i][0], 0);
		children[i] = fork();
		if (children[i] == 0) {
			take_until_stopped(kind, i);
			_exit(0);
		}
	}
	nanosleep(&(struct timespec){0, WINDOW_MS * 1000000}, NULL);
	for (int window = 0; window < WINDOWS; window++) {
		long got[2];

		for (int i = 0; i < 2; i++)
			last[i] = atomic_load(&board->done[i][0]);
		nanosleep(&(struct timespec){0, WINDOW_MS * 1000000}, NULL);
		for (int i = 0; i < 2; i++)
			got[i] = atomic_load(&board->done[i][0]) - last[i];
		shares[window] = 100.0 * (double)(got[0] < got[1] ? got[0] : got[1]) /
				 (double)(got[0] + got[1] ? got[0] + got[1] : 1);
	}
	atomic_store(&board->stop, 1);
	for (int i = 0; i < 2; i++)
		waitpid(children[i], NULL, 0);
	memcpy(all, shares, sizeof(all));
	return bench_median(all, BENCH_ROUNDS);
}

/* From the moment of the owner's death to the moment at which a waiter has the lock. */
static double death(const struct kind *kind)
{
	pid_t owner;
	pid_t waiter;

	atomic_store(&board->ready, 0);
	owner = fork();
	if (owner == 0) {
		kind->lock();
		atomic_store(&board->ready, 1);
		for (;;)
			pause();
	}
	while (atomic_load(&board->ready) == 0)
		sched_yield();
	waiter = fork();
	if (waiter == 0) {
		atomic_store(&board->ready, 2);
		if (kind == &mp_kind) {
			mp_lock_acquire(&board->mp);
			atomic_store(&board->acquired_ns, bench_now_ns());
			mp_lock_recover(&board->mp);
		} else {
			kind->lock();
			atomic_store(&board->acquired_ns, bench_now_ns());
		}
		kind->unlock();
		_exit(0);
	}
	while (atomic_load(&board->ready) == 1)
		sched_yield();
	nanosleep(&(struct timespec){0, 2000000}, NULL);
	atomic_store(&board->released_ns, bench_now_ns());
	kill(owner, SIGKILL);
	waitpid(owner, NULL, 0);
	waitpid(waiter, NULL, 0);
	return atomic_load(&board->acquired_ns) - atomic_load(&board->released_ns);
}

static double median_death(const struct kind *kind)
{
	double times[BENCH_ROUNDS];

	for (int i = 0; i < BENCH_ROUNDS; i++)
		times[i] = death(kind);
	return bench_median(times, BENCH_ROUNDS);
}
static double death_mp(void)
{
	return median_death(&mp_kind);
}
static double death_robust(void)
{
	return median_death(&robust_kind);
}

void bench_locks(void)
{
	static const struct contestant alone[] = {
		{"atomic read-modify-write pair", alone_floor, false},
		{"mp_lock", alone_mp, false}, {"pthread robust", alone_robust, false},
		{"pthread shared", alone_shared, false},
		{"sem_t", alone_semaphore, false}, {"Python's Lock", alone_python, true}};
	static const struct contestant two[] = {{"mp_lock", contended_mp, false},
		{"pthread robust", contended_robust, false},
		{"pthread shared", contended_shared, false},
		{"sem_t", contended_semaphore, false},
		{"Python's Lock", contended_python, true}};
	static const struct contestant one[] = {{"mp_lock", one_cpu_mp, false},
		{"pthread robust", one_cpu_robust, false}};
	static const struct contestant deaths[] = {
		{"mp_lock", death_mp, false}, {"pthread robust", death_robust, false}};
	struct samples samples;
	double shares[5];

	set_up();
	bench_group("lock + unlock, uncontended", alone, 6, 9, &samples);
	bench_ratio("mp_lock / atomic pair", &samples, 1, 0, 1.25, BENCH_AT_MOST);
	bench_ratio("pthread robust / atomic pair", &samples, 2, 0, 0, BENCH_NOTE);
	bench_group("two processes, 10,000 each: time for one operation", two, 5, 15,
		&samples);
	bench_ratio("throughput: mp_lock / pthread robust", &samples, 1, 0, 1.4,
		BENCH_AT_LEAST);
	bench_group("the same on one processor", one, 2, 9, &samples);
	bench_ratio("throughput: mp_lock / pthread robust", &samples, 1, 0, 1,
		BENCH_AT_LEAST);
	for (int i = 0; i < 5; i++)
		shares[i] = fair_share(&mp_kind);
	bench_values("mp_lock: smaller share of 20 ms, percent", shares, 5, 40,
		BENCH_AT_LEAST);
	for (int i = 0; i < 5; i++)
		shares[i] = fair_share(&robust_kind);
	bench_values("pthread robust: the same", shares, 5, 0, BENCH_NOTE);
	bench_group(
		"an owner's death until a waiter has the lock", deaths, 2, 9, &samples);
	bench_ratio("mp_lock / pthread robust", &samples, 0, 1, 1, BENCH_AT_MOST);
	mp_shared_free(board);
}
