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
	worker->process = (struct mp_process){0};
	worker->start = (struct worker_start){.board = pool->board, .slot = number};
	status = mp_process_begin(&worker->process, mp_pool_worker, &worker->start, true);
	worker->running = status == MP_OK;
	return status;
}

static unsigned count_processors(void)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	if (processors < 1)
		return 1;
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
	atomic_store(&board->oldest, 1);
	atomic_store(&board->newest, 1);
	return board;
}

static int set_up(struct mp_pool *pool, const struct mp_pool_options *options)
{
	unsigned number;

	pool->owner = mp_current_id();
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

int mp_pool_check(const struct mp_pool *pool)
{
	if (pool->owner != mp_current_id())
		return MP_NOT_PARENT;
	return pool->broken;
}

/* Ends all workers, by asking or by killing them, and reaps them. */
void mp_pool_stop(struct mp_pool *pool, bool kill)
{
	unsigned number;

	if (pool->ended || pool->board == NULL || pool->workers == NULL)
		return;
	atomic_store(&pool->board->stopped, 1);
	if (kill)
		for (number = 0; number < pool->processes; number++)
			mp_process_kill(&pool->workers[number].process);
	else
		mp_board_wake_workers(pool->board, INT_MAX);
	for (number = 0; number < pool->processes; number++)
		mp_process_join(&pool->workers[number].process);
	pool->ended = true;
}

static void break_pool(struct mp_pool *pool, int status)
{
	mp_pool_stop(pool, true);
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

	mp_process_join(&worker->process);
	mp_process_exit_code(&worker->process, &code);
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
		struct worker_process *worker = &pool->workers[number];
		int state = atomic_load(&pool->board->slots[number].state);

		if (!worker->running)
			restart_worker(pool, number);
		else if (state == SLOT_RETIRED || state == SLOT_REFUSED ||
			 (thorough && !mp_process_is_alive(&worker->process)))
			replace(pool, number);
	}
	if (!pool->ended && !any_running(pool))
		break_pool(pool, MP_SYSTEM);
}

int mp_pool_close(struct mp_pool *pool)
{
	if (pool->owner != mp_current_id())
		return MP_NOT_PARENT;
	pool->closed = true;
	return MP_OK;
}

int mp_pool_join(struct mp_pool *pool)
{
	struct mp_result *result;

	if (pool->owner != mp_current_id())
		return MP_NOT_PARENT;
	if (!pool->closed)
		return MP_STILL_RUNNING;
	if (pool->ended)
		return MP_OK;
	for (result = pool->results; result; result = result->next)
		mp_result_await(result, NULL);
	mp_pool_stop(pool, false);
	return pool->broken;
}

int mp_pool_terminate(struct mp_pool *pool)
{
	if (pool->owner != mp_current_id())
		return MP_NOT_PARENT;
	pool->closed = true;
	mp_pool_stop(pool, true);
	mp_pool_abandon_jobs(pool, MP_TERMINATED);
	return MP_OK;
}

void mp_pool_free(struct mp_pool *pool)
{
	if (pool == NULL)
		return;
	/* A child that inherited the pool has only its copy of the notes to free. */
	if (pool->owner == mp_current_id())
		mp_pool_stop(pool, true);
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
	if (worker < 0 || (unsigned)worker >= pool->processes)
		return 0;
	return mp_process_id(&pool->workers[worker].process);
}
