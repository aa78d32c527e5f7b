/* SPDX-License-Identifier: MIT */
/*
 * A pool's jobs: put on the board, waited for, taken off again.
 *
 *	           submit          all chunks done, or abandoned         nobody looks at it
 *	handle --> on the board --------------------------> done -------------------------> off
 *	                                                                  its place is free
 *
 * The handle stays until its caller discards it; the memory goes when both are true.
 */
#include "checker.h"
#include "futex.h"
#include "pool_owner.h"

#include <stdlib.h>
#include <string.h>

/* The parts of a job's extent, one after another, each at a multiple of 64. */
struct parts {
	size_t states;
	size_t tallies;
	size_t failed;
	size_t codes; /* not set to zero, nor is what follows */
	size_t items;
	size_t results;
	size_t total;
};

/* Adds count * size, rounded up to a line; false if that is more than can be. */
static bool add(size_t *total, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 4)
		return false;
	*total += (bytes + 63) / 64 * 64;
	return *total <= SIZE_MAX / 4;
}

static bool lay_out(
	struct parts *parts, const struct work *work, uint64_t chunks, unsigned workers)
{
	size_t count = (size_t)work->count;

	*parts = (struct parts){0};
	if (!add(&parts->total, chunks, sizeof(uint64_t)))
		return false;
	parts->tallies = parts->total;
	if (!add(&parts->total, (size_t)workers + 1, sizeof(struct tally)))
		return false;
	parts->failed = parts->total;
	if (!add(&parts->total, count / 64 + 1, sizeof(uint64_t)))
		return false;
	parts->codes = parts->total;
	if (!add(&parts->total, count, sizeof(int)))
		return false;
	parts->items = parts->total;
	if (!work->shared && !add(&parts->total, count, work->item_size))
		return false;
	parts->results = parts->total;
	return work->shared || add(&parts->total, count, work->result_size);
}

/* Whether an array of so many bytes can exist at all. */
static bool can_exist(ptrdiff_t count, size_t size)
{
	size_t bytes;

	return !__builtin_mul_overflow((size_t)count, size, &bytes) &&
	       bytes <= SIZE_MAX >> 8;
}

int mp_pool_check_work(const struct mp_pool *pool, const struct work *work)
{
	int status = mp_pool_check(pool);

	if (status != MP_OK)
		return status;
	if (pool->ended || (pool->closed && !work->ongoing))
		return MP_CLOSED;
	if (work->count < 0 || (work->chunksize < 1 && work->chunksize != MP_CHUNK_AUTO))
		return MP_INVALID;
	if (work->function == NULL && work->range == NULL)
		return MP_INVALID;
	if (work->count > 0 &&
		((work->items == NULL && work->item_size > 0) ||
			(work->results == NULL && work->result_size > 0 && work->shared)))
		return MP_INVALID;
	if (!can_exist(work->count, work->item_size) ||
		!can_exist(work->count, work->result_size))
		return MP_NO_MEMORY;
	return MP_OK;
}

static uint64_t choose_chunksize(const struct mp_pool *pool, const struct work *work)
{
	uint64_t shares = 4 * (uint64_t)pool->processes;

	if (work->chunksize != MP_CHUNK_AUTO)
		return (uint64_t)work->chunksize;
	return ((uint64_t)work->count + shares - 1) / shares;
}

/* Fills in the job and the result's extent. The job's ticket is still 0. */
static int prepare(
	struct mp_pool *pool, const struct work *work, struct mp_result *result)
{
	struct job *job = result->job;
	uint64_t chunksize = choose_chunksize(pool, work);
	uint64_t chunks = ((uint64_t)work->count - 1) / chunksize + 1;
	struct parts parts;
	char *base;

	if (!lay_out(&parts, work, chunks, pool->processes))
		return MP_NO_MEMORY;
	result->extent = mp_memory_take(&pool->memory, parts.total);
	if (result->extent == NULL)
		return MP_NO_MEMORY;
	base = result->extent->address;
	checker_ignore(base, parts.items);
	memset(base, 0, parts.codes);
	if (!work->shared) {
		if (work->item_size > 0)
			memcpy(base + parts.items, work->items,
				(size_t)work->count * work->item_size);
		result->copied_results = base + parts.results;
		result->results = work->results;
		result->result_bytes = (size_t)work->count * work->result_size;
	}
	job->function = work->function;
	job->range = work->range;
	/* Never NULL, so that the workers may add to it: of size 0 they are not looked
	 * at. */
	job->items = work->shared && work->items ? work->items : base + parts.items;
	job->item_size = work->item_size;
	job->results =
		work->shared && work->results ? work->results : base + parts.results;
	job->result_size = work->result_size;
	job->count = (uint64_t)work->count;
	job->chunksize = chunksize;
	job->chunks = chunks;
	job->states = (_Atomic uint64_t *)(void *)(base + parts.states);
	job->tallies = (struct tally *)(void *)(base + parts.tallies);
	job->failed = (_Atomic uint64_t *)(void *)(base + parts.failed);
	job->codes = (int *)(void *)(base + parts.codes);
	atomic_store(&job->next, 0);
	atomic_store(&job->any_failed, 0);
	atomic_store(&job->revived, 0);
	atomic_store(&job->swept, 0);
	return MP_OK;
}

/* Whether a worker may still look at the job that has this ticket. */
static bool looked_at(const struct mp_pool *pool, uint64_t ticket)
{
	unsigned slot;

	for (slot = 0; slot < pool->processes; slot++)
		if (atomic_load(&pool->board->slots[slot].ticket) == ticket)
			return true;
	return false;
}

static void destroy(struct mp_result *result)
{
	struct mp_pool *pool = result->pool;

	if (pool) {
		if (result->previous)
			result->previous->next = result->next;
		else
			pool->results = result->next;
		if (result->next)
			result->next->previous = result->previous;
		if (result->extent)
			mp_memory_give(&pool->memory, result->extent);
	}
	mp_failures_forget(&result->failures);
	free(result);
}

/* Frees places that nobody needs: not the board, not a worker's last look. */
static void reclaim(struct mp_pool *pool)
{
	unsigned place;

	for (place = 0; place < POOL_JOBS; place++) {
		struct mp_result *result = pool->places[place];

		if (result == NULL || result->on_board ||
			(!pool->ended && looked_at(pool, result->ticket)))
			continue;
		pool->places[place] = NULL;
		result->job = NULL;
		if (result->discarded)
			destroy(result);
	}
}

/* A free place on the board, the first one; NULL: there is none. */
static struct job *free_place(struct mp_pool *pool, unsigned *place)
{
	for (*place = 0; *place < POOL_JOBS; (*place)++)
		if (pool->places[*place] == NULL)
			return &pool->board->jobs[*place];
	return NULL;
}

static void take_off(struct mp_result *result);

/* Takes finished jobs off the board. */
static void collect(struct mp_pool *pool)
{
	unsigned place;

	for (place = 0; place < POOL_JOBS; place++) {
		struct mp_result *result = pool->places[place];

		if (result && result->on_board && job_done(result->job, pool->processes))
			take_off(result);
	}
}

bool mp_pool_at_work(struct mp_pool *pool)
{
	unsigned place;

	collect(pool);
	for (place = 0; place < POOL_JOBS; place++)
		if (pool->places[place] && pool->places[place]->on_board)
			return true;
	return false;
}

static int find_place(struct mp_pool *pool, struct job **job, unsigned *place)
{
	for (;;) {
		unsigned seen = atomic_load(&pool->board->returned);

		collect(pool);
		reclaim(pool);
		*job = free_place(pool, place);
		if (*job)
			return MP_OK;
		mp_pool_wait_for_news(pool, seen, NULL);
		if (pool->broken)
			return pool->broken;
	}
}

static void put_on(struct mp_pool *pool, struct mp_result *result, unsigned place)
{
	struct job *job = result->job;
	uint64_t chunks = job->chunks;

	pool->places[place] = result;
	result->on_board = true;
	checker_before(MP_CHECKER_POOL_SUBMIT, job);
	atomic_store(&job->ticket, result->ticket);
	if (place >= atomic_load(&pool->board->used))
		atomic_store(&pool->board->used, place + 1);
	mp_board_wake_workers(pool->board,
		chunks < pool->processes ? (unsigned)chunks : pool->processes);
	checker_after(MP_CHECKER_POOL_SUBMIT, job, 0);
}

static void enlist(struct mp_pool *pool, struct mp_result *result)
{
	result->next = pool->results;
	if (result->next)
		result->next->previous = result;
	pool->results = result;
}

int mp_pool_submit(
	struct mp_pool *pool, const struct work *work, struct mp_result **result)
{
	struct mp_result *new;
	int status = mp_pool_check_work(pool, work);
	unsigned place = 0;

	if (status != MP_OK)
		return status;
	mp_pool_tend(pool, false);
	if (pool->broken)
		return pool->broken;
	new = calloc(1, sizeof(*new));
	if (new == NULL)
		return MP_NO_MEMORY;
	new->pool = pool;
	new->owner = pool->owner;
	if (work->count == 0) {
		new->done = true;
	} else {
		status = find_place(pool, &new->job, &place);
		if (status == MP_OK)
			status = prepare(pool, work, new);
		if (status != MP_OK) {
			free(new);
			return status;
		}
		new->ticket = pool->newest++;
		put_on(pool, new, place);
	}
	enlist(pool, new);
	*result = new;
	return MP_OK;
}

/* What became of the items. */
static int status_of(struct mp_result *result)
{
	if (mp_failures_read(&result->failures, result->job) != MP_OK)
		return MP_NO_MEMORY;
	if (result->failures.count == 0)
		return MP_OK;
	return result->failures.all_cancelled ? MP_CANCELLED : MP_ITEM_FAILED;
}

static void take_off(struct mp_result *result)
{
	checker_before(MP_CHECKER_POOL_COLLECT, result->job);
	checker_after(MP_CHECKER_POOL_COLLECT, result->job, MP_OK);
	result->on_board = false;
	result->done = true;
	result->status = status_of(result);
	atomic_store(&result->job->ticket, 0);
}

bool mp_result_look(struct mp_result *result)
{
	if (!result->done && result->pool) {
		mp_pool_tend(result->pool, false);
		collect(result->pool);
	}
	return result->done;
}

int mp_result_await(struct mp_result *result, const struct timespec *deadline)
{
	while (!result->done) {
		unsigned seen = atomic_load(&result->pool->board->returned);

		if (mp_result_look(result))
			break;
		if (mp_pool_wait_for_news(result->pool, seen, deadline) == MP_TIMEOUT)
			return mp_result_look(result) ? MP_OK : MP_TIMEOUT;
	}
	return MP_OK;
}

void mp_result_discard(struct mp_result *result)
{
	struct mp_pool *pool = result->pool;

	result->discarded = true;
	if (result->job == NULL)
		destroy(result);
	else
		reclaim(pool);
}

void mp_pool_abandon_jobs(struct mp_pool *pool, int status)
{
	unsigned place;

	collect(pool);
	for (place = 0; place < POOL_JOBS; place++) {
		struct mp_result *result = pool->places[place];

		if (result == NULL || !result->on_board)
			continue;
		result->status = status;
		result->done = true;
		result->on_board = false;
	}
}

void mp_pool_free_results(struct mp_pool *pool)
{
	struct mp_result *next;
	struct mp_result *result;

	for (result = pool->results; result; result = next) {
		next = result->next;
		if (!result->done || result->copied_results)
			result->status = MP_TERMINATED;
		result->done = true;
		result->pool = NULL;
		result->job = NULL;
		result->extent = NULL;
		result->copied_results = NULL;
		if (result->discarded)
			destroy(result);
	}
	pool->results = NULL;
}
