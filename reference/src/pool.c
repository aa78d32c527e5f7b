/* SPDX-License-Identifier: MIT */
/* A pool's workers: started, seen to, and ended. */
#include "checker.h"
#include "futex.h"
#include "pool_owner.h"
#include "self.h"
#include "task.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

/* So many workers that die one after another before they are ready mean that none ever
 * will. */
enum { STILLBORN_LIMIT = 100 };

/* How long mp_pool_free waits for idle workers, which only write what was printed. */
enum { URGE_MS = 2000 };

/* Buffered output has been written. */
static int start_worker(struct mp_pool *pool, unsigned number)
{
	struct worker_process *worker = &pool->workers[number];
	struct slot *slot = &pool->board->slots[number];
	int status;

	atomic_store(&slot->state, SLOT_FORKED);
	atomic_store(&slot->asleep, 0);
	atomic_store(&slot->ticket, 0);
	atomic_store(&slot->item, 0);
	slot->life = (struct mp_lock){0};
	worker->process = (struct mp_process){0};
	worker->start = (struct worker_start){.board = pool->board, .slot = number};
	status = mp_process_begin(&worker->process, mp_pool_worker, &worker->start, true);
	worker->running = status == MP_OK;
	return status;
}

static unsigned count_processors(void)
{
	int processors = mp_processors();

	return processors < POOL_MAX_WORKERS ? (unsigned)processors : POOL_MAX_WORKERS;
}

static int check_options(const struct mp_pool_options *options, unsigned *processes)
{
	if (options->processes < 0 || options->processes > POOL_MAX_WORKERS ||
		options->maxtasksperchild < 0)
		return MP_INVALID;
	if (mp_self_of_thread.daemon)
		return MP_IS_DAEMON;
	*processes = options->processes > 0 ? (unsigned)options->processes
					    : count_processors();
	return MP_OK;
}

/*
 * The board is the first extent of the pool's memory: one mapping for all that is shared, and
 * what a worker of a small pool looks at first lies on one page, since each page that a new
 * process touches costs it a page fault.
 */
static struct board *new_board(
	struct memory *memory, const struct mp_pool_options *options, unsigned workers)
{
	size_t before_jobs = sizeof(struct board) + workers * sizeof(struct slot);
	size_t bytes = before_jobs + POOL_JOBS * sizeof(struct job);
	struct extent *extent =
		mp_memory_init(memory) == 0 ? mp_memory_take(memory, bytes) : NULL;
	struct board *board;

	if (extent == NULL)
		return NULL;
	board = (struct board *)(void *)extent->address;
	checker_ignore(board, bytes);
	checker_init(MP_CHECKER_KIND_POOL, board);
	board->workers = workers;
	board->maxtasksperchild = (unsigned)options->maxtasksperchild;
	board->initializer = options->initializer;
	board->initargs = options->initargs;
	board->jobs = (struct job *)(void *)(extent->address + before_jobs);
	return board;
}

static int set_up(struct mp_pool *pool, const struct mp_pool_options *options)
{
	unsigned number;

	pool->owner = mp_self()->id;
	pool->process = getpid();
	pool->newest = 1;
	pool->workers = calloc(pool->processes, sizeof(*pool->workers));
	if (pool->workers)
		pool->board = new_board(&pool->memory, options, pool->processes);
	if (pool->board == NULL)
		return MP_NO_MEMORY;
	mp_task_flush();
	for (number = 0; number < pool->processes; number++) {
		int status = start_worker(pool, number);

		if (status != MP_OK)
			return status;
	}
	return MP_OK;
}

struct mp_pool *mp_pool_new(const struct mp_pool_options *options, int *status)
{
	static const struct mp_pool_options defaults = {0};
	struct mp_pool *pool = calloc(1, sizeof(*pool));
	int result = MP_NO_MEMORY;

	if (options == NULL)
		options = &defaults;
	if (pool)
		result = check_options(options, &pool->processes);
	if (result == MP_OK)
		result = set_up(pool, options);
	if (status)
		*status = result;
	if (result == MP_OK)
		return pool;
	mp_pool_free(pool);
	return NULL;
}

int mp_pool_check_owner(unsigned owner)
{
	return owner == mp_self()->id ? MP_OK : MP_NOT_PARENT;
}

int mp_pool_check(const struct mp_pool *pool)
{
	int status = mp_pool_check_owner(pool->owner);

	return status == MP_OK ? pool->broken : status;
}

/* How the workers are brought to an end. */
enum stop {
	STOP_ASK,  /* and wait, however long it takes */
	STOP_URGE, /* ask, and kill those that are still there after URGE_MS */
	STOP_KILL
};

/* Ends all workers and reaps them. */
static void stop(struct mp_pool *pool, enum stop how)
{
	struct timespec deadline = mp_deadline_after(URGE_MS);
	unsigned number;

	if (pool->ended || pool->board == NULL || pool->workers == NULL)
		return;
	atomic_store(&pool->board->stopped, 1);
	if (how == STOP_KILL)
		for (number = 0; number < pool->processes; number++)
			mp_process_kill(&pool->workers[number].process);
	else
		mp_board_wake_workers(pool->board, INT_MAX);
	for (number = 0; number < pool->processes; number++) {
		struct mp_process *process = &pool->workers[number].process;

		if (how == STOP_URGE &&
			mp_process_join_timeout(
				process, mp_deadline_left_ms(&deadline)) == MP_TIMEOUT)
			mp_process_kill(process);
		mp_process_join(process);
	}
	pool->ended = true;
}

static void break_pool(struct mp_pool *pool, int status)
{
	stop(pool, STOP_KILL);
	pool->broken = status;
	mp_pool_abandon_jobs(pool, status);
}

/* Should it not start now, the next call tries again. */
static void restart_worker(struct mp_pool *pool, unsigned number)
{
	mp_task_flush();
	start_worker(pool, number);
}

/* A worker has ended: put its chunks in order and start another in its place. */
static void replace(struct mp_pool *pool, unsigned number)
{
	struct worker_process *worker = &pool->workers[number];
	int state = atomic_load(&pool->board->slots[number].state);
	int code = 0;

	/* Its thread is gone. Should its process go on, as another program or other threads, it is
	 * no worker any more; an exit code that stands already is not changed by this. */
	if (mp_slot_is_dead(&pool->board->slots[number]))
		mp_process_kill(&worker->process);
	mp_process_join(&worker->process);
	if (mp_process_exit_code(&worker->process, &code) != MP_OK)
		code = MP_CODE_LOST;
	worker->running = false;
	mp_pool_bury(pool, number, code);
	if (state == SLOT_REFUSED || state == SLOT_INITIALIZING) {
		break_pool(pool, MP_INITIALIZER_FAILED);
		return;
	}
	pool->stillborn = state == SLOT_FORKED ? pool->stillborn + 1 : 0;
	if (pool->stillborn >= STILLBORN_LIMIT)
		break_pool(pool, MP_SYSTEM);
	else
		restart_worker(pool, number);
}

/* Whether the worker in this slot has ended. One that is about to is waited for only where
 * nobody would tell of its end. */
static bool has_ended(struct mp_pool *pool, unsigned number, bool thorough)
{
	struct slot *slot = &pool->board->slots[number];
	int state = atomic_load(&slot->state);

#ifdef MP_EXPLORE
	if (state == SLOT_RETIRED)
		return true;
#endif
	return state == SLOT_REFUSED || mp_slot_is_dead(slot) ||
	       (thorough && !mp_process_is_alive(&pool->workers[number].process));
}

static bool any_running(const struct mp_pool *pool)
{
	unsigned number;

	for (number = 0; number < pool->processes; number++)
		if (pool->workers[number].running)
			return true;
	return false;
}

void mp_pool_tend(struct mp_pool *pool, bool thorough)
{
	unsigned number;

	for (number = 0; number < pool->processes && !pool->ended; number++) {
		if (!pool->workers[number].running)
			restart_worker(pool, number);
		else if (has_ended(pool, number, thorough))
			replace(pool, number);
	}
	if (!pool->ended && !any_running(pool))
		break_pool(pool, MP_SYSTEM);
}

int mp_pool_close(struct mp_pool *pool)
{
	int status = mp_pool_check_owner(pool->owner);

	if (status == MP_OK)
		pool->closed = true;
	return status;
}

int mp_pool_join(struct mp_pool *pool)
{
	int status = mp_pool_check_owner(pool->owner);
	struct mp_result *result;

	if (status != MP_OK)
		return status;
	if (!pool->closed)
		return MP_STILL_RUNNING;
	if (pool->ended)
		return pool->broken;
	status = mp_pool_draw_all(pool);
	if (status != MP_OK && !pool->ended)
		return status;
	for (result = pool->results; result; result = result->next)
		mp_result_await(result, NULL);
	stop(pool, STOP_ASK);
	return pool->broken;
}

int mp_pool_terminate(struct mp_pool *pool)
{
	int status = mp_pool_check_owner(pool->owner);

	if (status != MP_OK)
		return status;
	pool->closed = true;
	stop(pool, STOP_KILL);
	mp_pool_abandon_jobs(pool, MP_TERMINATED);
	return MP_OK;
}

void mp_pool_free(struct mp_pool *pool)
{
	if (pool == NULL)
		return;
	/* A child that inherited the pool has only its copy of the notes to free; another thread
	 * of the owner's process has nothing. */
	if (pool->owner == mp_self()->id)
		stop(pool, mp_pool_at_work(pool) ? STOP_KILL : STOP_URGE);
	else if (pool->process == getpid())
		return;
	mp_pool_forget_iterators(pool);
	mp_pool_free_results(pool);
	if (pool->board)
		checker_destroy(MP_CHECKER_KIND_POOL, pool->board);
	mp_memory_release(&pool->memory);
	free(pool->workers);
	mp_failures_forget(&pool->failures);
	free(pool);
}

int mp_pool_processes(const struct mp_pool *pool)
{
	return (int)pool->processes;
}

pid_t mp_pool_worker_id(const struct mp_pool *pool, int worker)
{
	if (worker < 0 || (unsigned)worker >= pool->processes ||
		mp_pool_check_owner(pool->owner) != MP_OK)
		return 0;
	return mp_process_id(&pool->workers[worker].process);
}
