/* SPDX-License-Identifier: MIT */
/* A pool's jobs: put on the board, waited for, mended after a death, taken off again. */
#include "checker.h"
#include "futex.h"
#include "pool_owner.h"

#include <stdlib.h>
#include <string.h>

/* How long the owner sleeps before it looks whether a worker died: that wakes nobody by
 * itself. */
enum { LOOK_FOR_DEATHS_MS = 10 };

/* The parts of a job's extent, one after another, each at a multiple of 64. */
struct parts {
	size_t states;
	size_t tallies;
	size_t failures;
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
	if (!add(&parts->total, workers, sizeof(struct tally)))
		return false;
	parts->failures = parts->total;
	if (!add(&parts->total, count < POOL_FAILURES ? count : POOL_FAILURES,
		    sizeof(struct failure)))
		return false;
	parts->items = parts->total;
	if (!work->shared && !add(&parts->total, count, work->item_size))
		return false;
	parts->results = parts->total;
	return work->shared || add(&parts->total, count, work->result_size);
}

static int check_work(const struct mp_pool *pool, const struct work *work)
{
	int status = mp_pool_check(pool);

	if (status != MP_OK)
		return status;
	if (pool->closed)
		return MP_CLOSED;
	if (work->count < 0 || (work->chunksize < 1 && work->chunksize != MP_CHUNK_AUTO))
		return MP_INVALID;
	if (work->function == NULL && work->range == NULL)
		return MP_INVALID;
	if (work->count > 0 &&
		((work->items == NULL && work->item_size > 0) ||
			(work->results == NULL && work->result_size > 0 && work->shared)))
		return MP_INVALID;
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
	memset(base, 0, parts.items);
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
	job->failures = (struct failure *)(void *)(base + parts.failures);
	atomic_store(&job->next, 0);
	atomic_store(&job->failed, 0);
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

/* Frees results that nobody needs: not the caller, not the board, not a worker's last
 * look. */
static void reclaim(struct mp_pool *pool)
{
	struct mp_result **link = &pool->results;

	while (*link) {
		struct mp_result *result = *link;

		if (!result->done || result->on_board ||
			(!pool->ended && looked_at(pool, result->ticket))) {
			link = &result->next;
			continue;
		}
		result->job = NULL;
		if (!result->discarded) {
			link = &result->next;
			continue;
		}
		*link = result->next;
		if (result->extent)
			mp_memory_give(&pool->memory, result->extent);
		mp_failures_forget(&result->failures);
		free(result);
	}
}

/* The place on the board that the next ticket uses; NULL while an older job is there. */
static struct job *free_place(struct mp_pool *pool)
{
	struct job *job = board_job(pool->board, pool->newest);
	struct mp_result *result;

	for (result = pool->results; result; result = result->next)
		if (result->job == job)
			return NULL;
	return job;
}

static void take_off(struct mp_result *result);

/* Takes finished jobs off the board, and tells workers where the first unfinished one is.
 */
static void collect(struct mp_pool *pool)
{
	struct mp_result *result;
	uint64_t oldest = pool->newest;

	for (result = pool->results; result; result = result->next) {
		if (result->on_board && job_done(result->job, pool->processes))
			take_off(result);
		if (result->on_board && result->ticket < oldest)
			oldest = result->ticket;
	}
	atomic_store(&pool->board->oldest, oldest);
}

static int find_place(struct mp_pool *pool, struct job **place)
{
	for (;;) {
		unsigned seen = atomic_load(&pool->board->returned);

		collect(pool);
		reclaim(pool);
		*place = free_place(pool);
		if (*place)
			return MP_OK;
		mp_pool_wait_for_news(pool, seen, NULL);
		if (pool->broken)
			return pool->broken;
	}
}

static void put_on(struct mp_pool *pool, struct mp_result *result)
{
	struct mp_result **link = &pool->results;
	struct job *job = result->job;
	uint64_t chunks = job->chunks;

	while (*link)
		link = &(*link)->next;
	*link = result;
	result->on_board = true;
	checker_before(MP_CHECKER_POOL_SUBMIT, job);
	atomic_store(&job->ticket, result->ticket);
	atomic_store(&pool->board->newest, pool->newest);
	mp_board_wake_workers(pool->board,
		chunks < pool->processes ? (unsigned)chunks : pool->processes);
	checker_after(MP_CHECKER_POOL_SUBMIT, job, 0);
}

int mp_pool_submit(
	struct mp_pool *pool, const struct work *work, struct mp_result **result)
{
	struct mp_result *new;
	int status = check_work(pool, work);

	if (status != MP_OK)
		return status;
	mp_pool_tend(pool, false);
	if (pool->broken)
		return pool->broken;
	new = calloc(1, sizeof(*new));
	if (new == NULL)
		return MP_NO_MEMORY;
	new->pool = pool;
	if (work->count == 0) {
		new->done = true;
		new->next = pool->results;
		pool->results = new;
		*result = new;
		return MP_OK;
	}
	status = find_place(pool, &new->job);
	if (status == MP_OK)
		status = prepare(pool, work, new);
	if (status != MP_OK) {
		free(new);
		return status;
	}
	new->ticket = pool->newest++;
	put_on(pool, new);
	*result = new;
	return MP_OK;
}

static void take_off(struct mp_result *result)
{
	checker_before(MP_CHECKER_POOL_COLLECT, result->job);
	checker_after(MP_CHECKER_POOL_COLLECT, result->job, MP_OK);
	result->on_board = false;
	result->done = true;
	mp_failures_read(&result->failures, result->job);
	if (result->failures.counted > 0)
		result->status = MP_ITEM_FAILED;
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

int mp_pool_wait_for_news(
	struct mp_pool *pool, unsigned seen, const struct timespec *deadline)
{
	struct board *board = pool->board;
	int status;

#ifdef MP_EXPLORE
	/* An owner that wakes by itself would hide a deadlock: the explorer wakes it when
	 * somebody dies. */
	atomic_store(&board->owner_waits, 1);
	status = mp_futex_wait(&board->returned, seen, deadline);
	atomic_store(&board->owner_waits, 0);
	mp_pool_tend(pool, atomic_load(&board->returned) == seen);
	return status;
#else
	struct timespec look = mp_deadline_after(LOOK_FOR_DEATHS_MS);
	bool last = deadline && mp_deadline_left_ms(deadline) <= LOOK_FOR_DEATHS_MS;

	atomic_store(&board->owner_waits, 1);
	status = mp_futex_wait(&board->returned, seen, last ? deadline : &look);
	atomic_store(&board->owner_waits, 0);
	mp_pool_tend(pool, status == MP_TIMEOUT);
	return status == MP_TIMEOUT && last ? MP_TIMEOUT : MP_OK;
#endif
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
	if (pool) {
		reclaim(pool);
		return;
	}
	mp_failures_forget(&result->failures);
	free(result);
}

static bool failed_already(const struct job *job, uint64_t index)
{
	uint64_t written = atomic_load(&job->failed);
	uint64_t i;

	for (i = 0; i < written && i < job->count && i < POOL_FAILURES; i++)
		if (atomic_load(&job->failures[i].count) &&
			job->failures[i].index == index)
			return true;
	return false;
}

/* The chunk was taken by a worker that is dead: what is done is done, one item failed. */
static void bury_chunk(
	struct job *job, uint64_t chunk, unsigned slot, uint64_t in_hand, int code)
{
	uint64_t begin = chunk * job->chunksize;
	uint64_t length =
		job->count - begin < job->chunksize ? job->count - begin : job->chunksize;
	uint64_t offset = chunk_offset(atomic_load(&job->states[chunk]));

	if (in_hand > 0) {
		uint64_t item = in_hand - 1;
		uint64_t failed = job->range ? begin + length - item : 1;

		if (!failed_already(job, item))
			mp_job_add_failure(job, item, failed, code);
		offset = item - begin + failed;
	}
	atomic_store(&job->states[chunk],
		offset >= length ? chunk_done(slot) : chunk_state(CHUNK_FREE, offset));
}

static void bury_in_job(struct job *job, unsigned slot, uint64_t in_hand, int code)
{
	uint64_t done = 0;
	uint64_t chunk;

	for (chunk = 0; chunk < job->chunks; chunk++) {
		uint64_t owner = chunk_owner(atomic_load(&job->states[chunk]));

		if (owner == chunk_taken(slot))
			bury_chunk(job, chunk, slot, in_hand, code);
		done += chunk_owner(atomic_load(&job->states[chunk])) == chunk_done(slot);
	}
	atomic_store(&job->tallies[slot].done, done);
}

void mp_pool_bury(struct mp_pool *pool, unsigned slot, int code)
{
	struct slot *dead = &pool->board->slots[slot];
	uint64_t ticket = atomic_load(&dead->ticket);
	uint64_t in_hand = atomic_load(&dead->item);
	struct mp_result *result;

	atomic_store(&dead->ticket, 0);
	for (result = pool->results; result; result = result->next)
		if (result->on_board && result->ticket == ticket)
			bury_in_job(result->job, slot, in_hand, code);
	mp_board_wake_workers(pool->board, pool->processes);
}

void mp_pool_abandon_jobs(struct mp_pool *pool, int status)
{
	struct mp_result *result;

	for (result = pool->results; result; result = result->next) {
		if (result->on_board)
			result->status = status;
		result->done = true;
		result->on_board = false;
	}
}

void mp_pool_free_results(struct mp_pool *pool)
{
	while (pool->results) {
		struct mp_result *result = pool->results;

		pool->results = result->next;
		if (!result->discarded) {
			if (!result->done || result->copied_results)
				result->status = MP_TERMINATED;
			result->done = true;
			result->pool = NULL;
			result->extent = NULL;
			result->copied_results = NULL;
			continue;
		}
		mp_failures_forget(&result->failures);
		free(result);
	}
}
