/* SPDX-License-Identifier: MIT */
/*
 * SIGKILL at random instants. Processes use a primitive without pause; one after another is killed,
 * reaped and replaced. Afterwards everybody who is left must come to an end, what was
 * done must add up but for what the dead had in hand, and nothing may be left behind. All of them
 * get a signal each millisecond; some are stopped for a while; and they fork, with locks held and
 * in the middle of an item.
 *
 *	MP_KILLS=10000 MP_SEED=7 build/tests/reference/fork_test_kill
 *
 * The seed, which is printed, gives the same victims and the same delays.
 */
#include "suite.h"

#include <dirent.h>
#include <errno.h>
#include <mp/mp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* A fork under AddressSanitizer takes long. */
#if MP_UNDER_ADDRESS_SANITIZER
enum { KILLS = 80 };
#else
enum { KILLS = 400 };
#endif

enum { WORKERS = 4, STAGES = 8, ITEMS = 1 << 20, HANG_MS = 60000 };

struct stage {
	struct flag stop;
	struct mp_lock lock;
	struct mp_rlock rlock;
	long first; /* guarded by lock, as is second: both are always equal */
	long second;
	struct mp_semaphore full;
	struct mp_semaphore room;
	struct mp_event event;
	struct mp_condition condition;
	long items; /* guarded by lock */
	struct mp_barrier barrier;
	struct mp_value *value;
	struct mp_queue *queue;
	struct mp_arena *arena;
	_Atomic uint32_t next_item;
	_Atomic unsigned char seen[ITEMS];
};

struct worker {
	struct stage *stage;
	int number;
};

static uint64_t random_state;

static uint64_t random_below(uint64_t bound)
{
	/* xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators". */
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (random_state * UINT64_C(2685821657736338717) >> 33) % bound;
}

static long setting(const char *name, long usual)
{
	const char *text = getenv(name);

	return text ? strtol(text, NULL, 10) : usual;
}

/* From no time at all to some ten scheduling delays. */
static void random_delay(void)
{
	uint64_t spins = random_below(3) == 0 ? 0 : random_below(30000);

	if (random_below(4) == 0)
		nanosleep(&(struct timespec){0, (long)random_below(500000)}, NULL);
	for (volatile uint64_t i = 0; i < spins; i++)
		;
}

static void do_nothing(int signal)
{
	(void)signal;
}

/* For the calling process alone: a child of a fork has no timer. Calls are interrupted. */
static void set_storm(bool on)
{
	struct sigaction action = {.sa_handler = do_nothing};
	struct itimerval often = {{0, on ? 1000 : 0}, {0, on ? 1000 : 0}};

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
}

/* A child that ends at once, and owns nothing of what its parent holds. */
static void fork_in_between(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

/* Now and then a process is stopped for as long as others do their worst. */
static pid_t stop_sometimes(pid_t id)
{
	if (id <= 0 || random_below(4) != 0 || kill(id, SIGSTOP) != 0)
		return 0;
	random_delay();
	return id;
}

static void go_on(pid_t id)
{
	if (id > 0)
		kill(id, SIGCONT);
}

static void enter(struct stage *stage)
{
	if (mp_lock_acquire(&stage->lock) == MP_OWNER_DIED) {
		stage->second = stage->first;
		mp_lock_recover(&stage->lock);
	}
}

static int use_lock(struct worker *worker)
{
	struct stage *stage = worker->stage;

	enter(stage);
	if (stage->first != stage->second)
		return 1;
	stage->first++;
	if (stage->first % 256 == 0)
		fork_in_between();
	stage->second++;
	return mp_lock_release(&stage->lock);
}

static int use_rlock(struct worker *worker)
{
	struct stage *stage = worker->stage;
	long long number;

	if (mp_rlock_acquire(&stage->rlock) == MP_OWNER_DIED)
		mp_rlock_recover(&stage->rlock);
	mp_rlock_acquire(&stage->rlock);
	if (mp_value_get(stage->value, &number) == MP_OWNER_DIED) {
		mp_rlock_acquire(mp_value_lock(stage->value));
		mp_rlock_recover(mp_value_lock(stage->value));
		mp_rlock_release(mp_value_lock(stage->value));
	}
	mp_value_set(stage->value, number + 1);
	mp_rlock_release(&stage->rlock);
	return mp_rlock_release(&stage->rlock);
}

/* Half of them give what the others take. */
static int use_semaphore(struct worker *worker)
{
	struct stage *stage = worker->stage;

	if (worker->number % 2 == 0)
		return mp_semaphore_release(&stage->full) == MP_INVALID;
	return mp_semaphore_acquire(&stage->full);
}

static int use_event(struct worker *worker)
{
	struct stage *stage = worker->stage;

	if (worker->number > 0)
		return mp_event_wait(&stage->event);
	mp_event_set(&stage->event);
	return mp_event_clear(&stage->event);
}

static int use_condition(struct worker *worker)
{
	struct stage *stage = worker->stage;
	int status = MP_OK;

	enter(stage);
	if (worker->number % 2 == 0) {
		stage->items++;
		mp_condition_notify(&stage->condition, &stage->lock, 1);
	} else {
		while (stage->items == 0 && !stage->stop.value) {
			status = mp_condition_wait(&stage->condition, &stage->lock);
			if (status == MP_OWNER_DIED)
				mp_lock_recover(&stage->lock);
		}
		if (stage->items > 0)
			stage->items--;
	}
	return mp_lock_release(&stage->lock);
}

/* A party that was killed is missed: the others break the barrier, and somebody mends it. */
static int use_barrier(struct worker *worker)
{
	struct stage *stage = worker->stage;

	if (mp_barrier_wait_timeout(&stage->barrier, 5, NULL) != MP_OK)
		mp_barrier_reset(&stage->barrier);
	return 0;
}

static int use_queue(struct worker *worker)
{
	struct stage *stage = worker->stage;
	uint32_t item;
	int status;

	if (worker->number % 2 == 0) {
		item = atomic_fetch_add(&stage->next_item, 1);
		status = item < ITEMS ? mp_queue_put(stage->queue, &item) : MP_CLOSED;
	} else {
		status = mp_queue_get(stage->queue, &item);
		if (status == MP_OK)
			stage->seen[item]++;
	}
	return status == MP_CLOSED ? MP_OK : status;
}

static int use_arena(struct worker *worker)
{
	struct stage *stage = worker->stage;
	unsigned char *block =
		mp_arena_take(stage->arena, 1 + (size_t)worker->number * 100);

	if (block == NULL)
		return MP_OK;
	for (int i = 0; i < 1 + worker->number * 100; i++)
		if (block[i]++ != 0)
			return 1;
	return mp_arena_give(stage->arena, block);
}

typedef int use_function(struct worker *worker);
static use_function *const uses[STAGES] = {use_lock, use_rlock, use_semaphore, use_event,
	use_condition, use_barrier, use_queue, use_arena};

struct start {
	struct worker worker;
	use_function *use;
};

static int use_until_stopped(void *argument)
{
	struct start *start = argument;
	int code = 0;

	set_storm(true);
	while (code == 0 && !start->worker.stage->stop.value)
		code = start->use(&start->worker);
	return code;
}

/* Everybody who waits is told, again and again, until all have ended. */
static void end_all(struct stage *stage, struct mp_process *processes)
{
	int waited_ms = 0;

	stage->stop.value = 1;
	for (int i = 0; i < WORKERS; i++) {
		int status;
		int code;

		do {
			mp_event_set(&stage->event);
			mp_semaphore_release(&stage->full);
			mp_queue_close(stage->queue);
			enter(stage);
			mp_condition_notify_all(&stage->condition, &stage->lock);
			mp_lock_release(&stage->lock);
			status = mp_process_join_timeout(&processes[i], 20);
			waited_ms += 20;
		} while (status == MP_TIMEOUT && waited_ms < HANG_MS);
		ck_assert_msg(status == MP_OK, "worker %d hangs", i);
		ck_assert_int_eq(mp_process_exit_code(&processes[i], &code), MP_OK);
		ck_assert_msg(code == 0, "worker %d: code %d", i, code);
	}
}

static int count_lines(const char *path, const char *part)
{
	char line[4096];
	int count = 0;
	FILE *file = fopen(path, "r");

	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file))
		count += strstr(line, part) != NULL;
	fclose(file);
	return count;
}

static int count_fds(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int count = 0;

	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

static void assert_nothing_left(int mappings, int fds)
{
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
	ck_assert_int_eq(count_lines("/proc/self/maps", " rw-s "), mappings);
	ck_assert_int_eq(count_fds(), fds);
}

static struct stage *new_stage(void)
{
	struct stage *stage = mp_shared_new(sizeof(*stage));

	ck_assert_ptr_nonnull(stage);
	ck_assert_int_eq(mp_barrier_init(&stage->barrier, WORKERS), MP_OK);
	stage->value = mp_value_new('q', 0, NULL);
	stage->queue = mp_queue_new(4, sizeof(uint32_t), NULL);
	stage->arena = mp_arena_new(1 << 16, NULL);
	return stage;
}

static void free_stage(struct stage *stage)
{
	mp_shared_free(stage->value);
	mp_queue_free(stage->queue);
	mp_arena_free(stage->arena);
	mp_shared_free(stage);
}

static void kill_one(struct mp_process *process, struct start *start)
{
	int code;

	ck_assert_int_eq(mp_process_kill(process), MP_OK);
	ck_assert_int_eq(mp_process_join_timeout(process, HANG_MS), MP_OK);
	ck_assert_int_eq(mp_process_exit_code(process, &code), MP_OK);
	ck_assert_int_eq(code, -SIGKILL);
	ck_assert_int_eq(mp_process_start(process, use_until_stopped, start), MP_OK);
}

/* What was done adds up. consumers: how many of them were killed. */
static void assert_sound(struct stage *stage, use_function *use, int consumers)
{
	uint32_t item;
	uint32_t lost = 0;

	enter(stage);
	ck_assert_int_eq(stage->first, stage->second);
	ck_assert_int_eq(mp_lock_release(&stage->lock), MP_OK);
	if (mp_rlock_acquire(&stage->rlock) == MP_OWNER_DIED)
		mp_rlock_recover(&stage->rlock);
	ck_assert_int_eq(mp_rlock_release(&stage->rlock), MP_OK);
	ck_assert_uint_le(mp_arena_used(stage->arena), 1 << 16);
	if (use != use_queue)
		return;
	while (mp_queue_get(stage->queue, &item) == MP_OK)
		stage->seen[item]++;
	for (item = 0; item < stage->next_item && item < ITEMS; item++) {
		ck_assert_int_le(stage->seen[item], 1);
		lost += stage->seen[item] == 0;
	}
	/* Killed on the way in or on the way out: one item each, and the last ones, refused by close. */
	ck_assert_uint_le(lost, (uint32_t)consumers + WORKERS);
}

START_TEST(no_death_harms_the_others)
{
	long kills = setting("MP_KILLS", KILLS) / 2 / STAGES;
	int mappings = count_lines("/proc/self/maps", " rw-s ");
	int fds = count_fds();
	struct stage *stage = new_stage();
	struct mp_process processes[WORKERS] = {0};
	struct start starts[WORKERS];

	random_state ^= (uint64_t)_i * UINT64_C(0x9e3779b97f4a7c15);
	for (int i = 0; i < WORKERS; i++) {
		starts[i] = (struct start){{stage, i}, uses[_i]};
		ck_assert_int_eq(
			mp_process_start(&processes[i], use_until_stopped, &starts[i]),
			MP_OK);
	}
	set_storm(true);
	for (long i = 0; i < kills; i++) {
		uint64_t victim = random_below(WORKERS);
		uint64_t other = (victim + 1 + random_below(WORKERS - 1)) % WORKERS;
		pid_t stopped = stop_sometimes(mp_process_id(&processes[other]));

		random_delay();
		kill_one(&processes[victim], &starts[victim]);
		go_on(stopped);
	}
	set_storm(false);
	end_all(stage, processes);
	assert_sound(stage, uses[_i], (int)kills);
	free_stage(stage);
	assert_nothing_left(mappings, fds);
}
END_TEST

enum { MAP_ITEMS = 2000 };

struct runs {
	_Atomic unsigned char begun[MAP_ITEMS];
};
static struct runs *runs;

static int square_once(const void *item, void *result)
{
	int number = *(const int *)item;

	runs->begun[number]++;
	/* Its child goes on here as well, and must not do anything that is a worker's. */
	if (number % 499 == 0 && fork() < 0)
		return 1;
	for (volatile int i = 0; i < 300; i++)
		;
	*(int *)result = number * number;
	return 0;
}

/* Every item is done, or reported failed, and none was begun twice. */
static void assert_accounted(struct mp_result *result, int kills)
{
	static int results[MAP_ITEMS];
	static struct mp_pool_failure failures[MAP_ITEMS];
	bool failed[MAP_ITEMS] = {false};
	int status = mp_result_get(result, results);
	size_t count = mp_result_failures(result, failures, MAP_ITEMS);

	ck_assert_int_eq(status, count ? MP_ITEM_FAILED : MP_OK);
	ck_assert_uint_le(count, (size_t)kills);
	for (size_t i = 0; i < count; i++) {
		ck_assert_uint_eq(failures[i].count, 1);
		ck_assert_int_eq(failures[i].code, -SIGKILL);
		ck_assert(!failed[failures[i].index]);
		failed[failures[i].index] = true;
	}
	for (int i = 0; i < MAP_ITEMS; i++) {
		ck_assert_int_le(runs->begun[i], 1);
		if (!failed[i])
			ck_assert_int_eq(results[i], i * i);
	}
}

/* A worker is reaped only by our own calls, so its id is still its own. */
static int kill_worker(const struct mp_pool *pool)
{
	pid_t id = mp_pool_worker_id(pool, (int)random_below(2));

	/* 0: it could not be started. As an id it would mean all of us. */
	return id > 0 && kill(id, SIGKILL) == 0;
}

/* Kills workers while they do one map, and between maps. Returns how many. */
static int kill_during_map(struct mp_pool *pool, const int *items, int most)
{
	struct mp_result *result;
	ptrdiff_t chunksize = 1 + (ptrdiff_t)random_below(50);
	int kills = 0;

	memset((void *)runs, 0, sizeof(*runs));
	if (random_below(3) == 0)
		kills += kill_worker(pool);
	result = mp_pool_map_async(pool, square_once, items, sizeof(int), sizeof(int),
		MAP_ITEMS, chunksize, NULL);
	ck_assert_ptr_nonnull(result);
	while (!mp_result_ready(result) && kills < most) {
		pid_t stopped =
			stop_sometimes(mp_pool_worker_id(pool, (int)random_below(2)));

		random_delay();
		kills += kill_worker(pool);
		go_on(stopped);
		if (random_below(2) == 0)
			mp_result_wait_timeout(result, 15);
	}
	ck_assert_int_eq(mp_result_wait_timeout(result, HANG_MS), MP_OK);
	assert_accounted(result, kills);
	mp_result_free(result);
	return kills;
}

static int prepare(void *initargs)
{
	(void)initargs;
	for (volatile int i = 0; i < 20000; i++)
		;
	return 0;
}

/* A death in the initializer breaks the pool, which says so at once; any other harms nobody. */
static int kill_during_start(const int *items)
{
	int results[10] = {0};
	struct mp_pool *pool = mp_pool_new(
		&(struct mp_pool_options){.processes = 2, .initializer = prepare}, NULL);
	int status;

	random_delay();
	kill_worker(pool);
	status = mp_pool_map(
		pool, square_once, items, sizeof(int), results, sizeof(int), 10, 1);
	ck_assert(status == MP_OK || status == MP_INITIALIZER_FAILED ||
		  status == MP_ITEM_FAILED);
	mp_pool_close(pool);
	ck_assert_int_ne(mp_pool_join(pool), MP_STILL_RUNNING);
	mp_pool_free(pool);
	return 1;
}

START_TEST(a_pools_maps_add_up)
{
	long kills = setting("MP_KILLS", KILLS) / 2;
	int mappings = count_lines("/proc/self/maps", " rw-s ");
	int fds = count_fds();
	static int items[MAP_ITEMS];
	struct mp_pool *pool;

	runs = mp_shared_new(sizeof(*runs));
	for (int i = 0; i < MAP_ITEMS; i++)
		items[i] = i;
	pool = mp_pool_new(&(struct mp_pool_options){.processes = 2}, NULL);
	set_storm(true);
	while (kills > 0) {
		kills -= kill_during_map(pool, items, 5);
		if (random_below(8) == 0)
			kills -= kill_during_start(items);
	}
	set_storm(false);
	ck_assert_int_eq(mp_pool_close(pool), MP_OK);
	ck_assert_int_eq(mp_pool_join(pool), MP_OK);
	mp_pool_free(pool);
	mp_shared_free(runs);
	assert_nothing_left(mappings, fds);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kill");
	TCase *tcase = tcase_create("kill");
	long seed = setting("MP_SEED", (long)time(NULL));

	random_state = (uint64_t)seed * 2 + 1;
	printf("%ld kills, MP_SEED=%ld\n", setting("MP_KILLS", KILLS), seed);
	fflush(stdout);
	tcase_set_timeout(tcase, 30 * HANG_SECONDS);
	tcase_add_loop_test(tcase, no_death_harms_the_others, 0, STAGES);
	tcase_add_test(tcase, a_pools_maps_add_up);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
