/* SPDX-License-Identifier: MIT */
/* What hands something from one process to another, and back: beside what else can do it. */
#include "bench.h"

#include <fcntl.h>
#include <mp/mp.h>
#include <mqueue.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TRIPS = 2000, ITEMS = 50000, ITEM = 64, SMALL = 10, LARGE = 1024 };

static struct table {
	struct mp_lock lock;
	struct mp_condition conditions[2];
	struct mp_semaphore semaphores[2];
	struct mp_barrier barrier;
	pthread_mutex_t mutex;
	pthread_cond_t changed[2];
	sem_t sems[2];
	pthread_barrier_t both;
	int turn; /* guarded by lock, or by mutex */
} * table;

/* Half a round trip: the part of process 0, or of process 1. */
typedef void turn_function(int me);

static void mp_condition_turn(int me)
{
	mp_lock_acquire(&table->lock);
	while (table->turn != me)
		mp_condition_wait(&table->conditions[me], &table->lock);
	table->turn = 1 - me;
	mp_condition_notify(&table->conditions[1 - me], &table->lock, 1);
	mp_lock_release(&table->lock);
}

static void pthread_condition_turn(int me)
{
	pthread_mutex_lock(&table->mutex);
	while (table->turn != me)
		pthread_cond_wait(&table->changed[me], &table->mutex);
	table->turn = 1 - me;
	pthread_cond_signal(&table->changed[1 - me]);
	pthread_mutex_unlock(&table->mutex);
}

static void mp_semaphore_turn(int me)
{
	if (me == 0)
		mp_semaphore_release(&table->semaphores[1]);
	mp_semaphore_acquire(&table->semaphores[me]);
	if (me == 1)
		mp_semaphore_release(&table->semaphores[0]);
}

static void sem_turn(int me)
{
	if (me == 0)
		sem_post(&table->sems[1]);
	sem_wait(&table->sems[me]);
	if (me == 1)
		sem_post(&table->sems[0]);
}

static void mp_barrier_turn(int me)
{
	(void)me;
	mp_barrier_wait(&table->barrier, NULL);
}

static void pthread_barrier_turn(int me)
{
	(void)me;
	pthread_barrier_wait(&table->both);
}

static void set_up(void)
{
	pthread_mutexattr_t mutex;
	pthread_condattr_t condition;
	pthread_barrierattr_t barrier;

	table = mp_shared_new(sizeof(*table));
	mp_barrier_init(&table->barrier, 2);
	pthread_mutexattr_init(&mutex);
	pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&mutex, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&table->mutex, &mutex);
	pthread_condattr_init(&condition);
	pthread_condattr_setpshared(&condition, PTHREAD_PROCESS_SHARED);
	pthread_barrierattr_init(&barrier);
	pthread_barrierattr_setpshared(&barrier, PTHREAD_PROCESS_SHARED);
	pthread_barrier_init(&table->both, &barrier, 2);
	for (int i = 0; i < 2; i++) {
		pthread_cond_init(&table->changed[i], &condition);
		sem_init(&table->sems[i], 1, 0);
		mp_semaphore_init(&table->semaphores[i], 0);
	}
}

static void run_on(int processor)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(processor, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

static double round_trip(turn_function *turn, int first, int second)
{
	cpu_set_t before;
	double begin = bench_now_ns();
	pid_t child;

	sched_getaffinity(0, sizeof(before), &before);
	table->turn = 0;
	child = fork();
	run_on(child == 0 ? second : first);
	for (int i = 0; i < TRIPS; i++)
		turn(child == 0);
	if (child == 0)
		_exit(0);
	waitpid(child, NULL, 0);
	sched_setaffinity(0, sizeof(before), &before);
	return (bench_now_ns() - begin) / TRIPS;
}

/* On two processors, and on one. */
#define ROUND_TRIP(name, turn)                                                           \
	static double name(void)                                                         \
	{                                                                                \
		return round_trip(turn, 0, 1);                                           \
	}                                                                                \
	static double name##_alone(void)                                                 \
	{                                                                                \
		return round_trip(turn, 0, 0);                                           \
	}

ROUND_TRIP(condition_mp, mp_condition_turn)
ROUND_TRIP(condition_pthread, pthread_condition_turn)
ROUND_TRIP(semaphore_mp, mp_semaphore_turn)
ROUND_TRIP(semaphore_posix, sem_turn)
ROUND_TRIP(barrier_mp, mp_barrier_turn)
ROUND_TRIP(barrier_pthread, pthread_barrier_turn)

static double condition_boost(void)
{
	return bench_program(BENCH_PEERS "/boost condition 2>/dev/null");
}

/* One process puts ITEMS items, the caller gets them. send and receive: one item. */
static double stream(void *way, void (*send)(void *way, const char *item),
	void (*receive)(void *way, char *item))
{
	char item[ITEM] = {0};
	double begin = bench_now_ns();
	pid_t child = fork();

	for (int i = 0; i < ITEMS; i++)
		if (child == 0)
			send(way, item);
		else
			receive(way, item);
	if (child == 0)
		_exit(0);
	waitpid(child, NULL, 0);
	return (bench_now_ns() - begin) / ITEMS;
}

static void must(bool done)
{
	if (!done)
		abort();
}

static void send_mp(void *way, const char *item)
{
	must(mp_queue_put(way, item) == MP_OK);
}
static void receive_mp(void *way, char *item)
{
	must(mp_queue_get(way, item) == MP_OK);
}
static double queue_mp(int capacity)
{
	struct mp_queue *queue = mp_queue_new(capacity, ITEM, NULL);
	double ns = stream(queue, send_mp, receive_mp);

	mp_queue_free(queue);
	return ns;
}
static double queue_mp_small(void)
{
	return queue_mp(SMALL);
}
static double queue_mp_large(void)
{
	return queue_mp(LARGE);
}

static void send_posix(void *way, const char *item)
{
	must(mq_send(*(mqd_t *)way, item, ITEM, 0) == 0);
}
static void receive_posix(void *way, char *item)
{
	must(mq_receive(*(mqd_t *)way, item, ITEM, NULL) == ITEM);
}
static double queue_posix(void)
{
	struct mq_attr attributes = {.mq_maxmsg = SMALL, .mq_msgsize = ITEM};
	char name[40];
	double ns;
	mqd_t queue;

	snprintf(name, sizeof(name), "/mp-bench-%d", (int)getpid());
	queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
	if (queue < 0)
		return -1;
	mq_unlink(name);
	ns = stream(&queue, send_posix, receive_posix);
	mq_close(queue);
	return ns;
}

static double queue_boost_small(void)
{
	return bench_program(BENCH_PEERS "/boost queue 10 2>/dev/null");
}
static double queue_boost_large(void)
{
	return bench_program(BENCH_PEERS "/boost queue 1024 2>/dev/null");
}

static void send_message(void *way, const char *item)
{
	must(mp_connection_send((struct mp_connection *)way + 1, item, ITEM) == MP_OK);
}
static void receive_message(void *way, char *item)
{
	size_t size;

	must(mp_connection_receive(way, item, ITEM, &size) == MP_OK);
}
static double pipe_mp(void)
{
	struct mp_connection ends[2];
	double ns;

	must(mp_pipe_new(&ends[0], &ends[1], false) == MP_OK);
	ns = stream(ends, send_message, receive_message);
	mp_connection_close(&ends[0]);
	mp_connection_close(&ends[1]);
	return ns;
}

static void write_item(void *way, const char *item)
{
	must(write(((int *)way)[1], item, ITEM) == ITEM);
}
static void read_item(void *way, char *item)
{
	must(read(((int *)way)[0], item, ITEM) == ITEM);
}
static double pipe_system(void)
{
	int ends[2];
	double ns;

	must(pipe(ends) == 0);
	ns = stream(ends, write_item, read_item);
	close(ends[0]);
	close(ends[1]);
	return ns;
}

void bench_sync(void)
{
	static const struct contestant condition[] = {
		{"mp_condition", condition_mp, false},
		{"pthread, robust mutex", condition_pthread, false},
		{"Boost.Interprocess", condition_boost, false}};
	static const struct contestant condition_alone[] = {
		{"mp_condition", condition_mp_alone, false},
		{"pthread, robust mutex", condition_pthread_alone, false}};
	static const struct contestant others[] = {{"mp_semaphore", semaphore_mp, false},
		{"sem_t", semaphore_posix, false}, {"mp_barrier", barrier_mp, false},
		{"pthread barrier", barrier_pthread, false}};
	static const struct contestant others_alone[] = {
		{"mp_semaphore", semaphore_mp_alone, false},
		{"sem_t", semaphore_posix_alone, false},
		{"mp_barrier", barrier_mp_alone, false},
		{"pthread barrier", barrier_pthread_alone, false}};
	static const struct contestant queues[] = {
		{"mp_queue of 10", queue_mp_small, false},
		{"POSIX mqueue of 10", queue_posix, false},
		{"Boost's message_queue of 10", queue_boost_small, false},
		{"mp_queue of 1,024", queue_mp_large, false},
		{"Boost's message_queue of 1,024", queue_boost_large, false}};
	static const struct contestant pipes[] = {
		{"mp_pipe", pipe_mp, false}, {"pipe(2)", pipe_system, false}};
	struct samples samples;

	set_up();
	bench_group("condition: there and back", condition, 3, 9, &samples);
	bench_ratio("mp / pthread robust", &samples, 0, 1, 1, BENCH_AT_MOST);
	bench_ratio("mp / Boost", &samples, 0, 2, 1, BENCH_AT_MOST);
	bench_group("the same on one processor", condition_alone, 2, 9, &samples);
	bench_ratio("mp / pthread robust", &samples, 0, 1, 1, BENCH_AT_MOST);
	bench_group("semaphore, barrier: there and back", others, 4, 9, &samples);
	bench_ratio("mp_semaphore / sem_t", &samples, 0, 1, 0, BENCH_NOTE);
	bench_ratio("mp_barrier / pthread", &samples, 2, 3, 0, BENCH_NOTE);
	bench_group("the same on one processor", others_alone, 4, 9, &samples);
	bench_group("queue: an item of 64 bytes", queues, 5, 9, &samples);
	bench_ratio("of 1,024: mp / Boost", &samples, 3, 4, 1.5, BENCH_AT_MOST);
	bench_group("pipe: a message of 64 bytes", pipes, 2, 9, &samples);
	bench_ratio("mp / pipe(2)", &samples, 0, 1, 0, BENCH_NOTE);
	mp_shared_free(table);
}
