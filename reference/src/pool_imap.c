/* SPDX-License-Identifier: MIT */
/*
 * imap is made of asynchronous maps, one for each chunk: a ring of a few that are under way. As
 * soon as one is used up, the next chunk of items is drawn from the source and submitted.
 */
#include "futex.h"
#include "pool_owner.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_CHUNKS = 32 };

struct chunk {
	struct mp_result *result; /* NULL: this place is free */
	size_t first;		  /* the index of its first item */
	size_t count;
};

struct mp_iterator {
	struct mp_pool *pool;
	mp_pool_function *function;
	bool (*next)(void *source, void *item);
	void *source;
	size_t item_size;
	size_t result_size;
	size_t chunksize;
	bool ordered;
	bool exhausted; /* the source has no more items */
	size_t pending; /* items drawn from the source and not yet submitted */
	size_t drawn;	/* items submitted so far */
	char *items;	/* one chunk, on its way to the pool */
	char *results;	/* of the chunk that is being handed out */
	struct chunk current;
	int current_status;
	size_t given; /* results of it handed out */
	unsigned places;
	struct chunk chunks[MOST_CHUNKS];
};

static int check(const struct mp_iterator *iterator, ptrdiff_t chunksize)
{
	int status = mp_pool_check(iterator->pool);

	if (status != MP_OK)
		return status;
	if (iterator->pool->closed)
		return MP_CLOSED;
	if (iterator->function == NULL || iterator->next == NULL ||
		(chunksize < 1 && chunksize != MP_CHUNK_AUTO))
		return MP_INVALID;
	return MP_OK;
}

static int allocate(struct mp_iterator *iterator)
{
	size_t item_bytes;
	size_t result_bytes;

	if (__builtin_mul_overflow(
		    iterator->chunksize, iterator->item_size, &item_bytes) ||
		__builtin_mul_overflow(
			iterator->chunksize, iterator->result_size, &result_bytes))
		return MP_NO_MEMORY;
	iterator->items = malloc(item_bytes > 0 ? item_bytes : 1);
	iterator->results = malloc(result_bytes > 0 ? result_bytes : 1);
	return iterator->items && iterator->results ? MP_OK : MP_NO_MEMORY;
}

static struct mp_iterator *new_iterator(
	const struct mp_iterator *prototype, ptrdiff_t chunksize, int *status)
{
	struct mp_iterator *iterator = malloc(sizeof(*iterator));
	int result = MP_NO_MEMORY;

	if (iterator) {
		*iterator = *prototype;
		/* As in Python: without a word about it, every item is a chunk. */
		iterator->chunksize = chunksize == MP_CHUNK_AUTO ? 1 : (size_t)chunksize;
		iterator->places = 2 * iterator->pool->processes;
		if (iterator->places > MOST_CHUNKS)
			iterator->places = MOST_CHUNKS;
		result = check(iterator, chunksize);
		if (result == MP_OK)
			result = allocate(iterator);
	}
	if (status)
		*status = result;
	if (result == MP_OK)
		return iterator;
	mp_iterator_free(iterator);
	return NULL;
}

struct mp_iterator *mp_pool_imap(struct mp_pool *pool, mp_pool_function *function,
	bool (*next)(void *source, void *item), void *source, size_t item_size,
	size_t result_size, ptrdiff_t chunksize, int *status)
{
	return new_iterator(&(struct mp_iterator){.pool = pool,
				    .function = function,
				    .next = next,
				    .source = source,
				    .item_size = item_size,
				    .result_size = result_size,
				    .ordered = true},
		chunksize, status);
}

struct mp_iterator *mp_pool_imap_unordered(struct mp_pool *pool,
	mp_pool_function *function, bool (*next)(void *source, void *item), void *source,
	size_t item_size, size_t result_size, ptrdiff_t chunksize, int *status)
{
	return new_iterator(&(struct mp_iterator){.pool = pool,
				    .function = function,
				    .next = next,
				    .source = source,
				    .item_size = item_size,
				    .result_size = result_size},
		chunksize, status);
}

/* Draws a chunk of items and submits it. Should that fail, the items wait for the next time. */
static int submit_chunk(struct mp_iterator *iterator, struct chunk *chunk)
{
	int status = MP_OK;

	while (iterator->pending < iterator->chunksize && !iterator->exhausted) {
		char *item = iterator->items + iterator->pending * iterator->item_size;

		if (iterator->next(iterator->source, item))
			iterator->pending++;
		else
			iterator->exhausted = true;
	}
	if (iterator->pending == 0)
		return MP_OK;
	/* One job of one chunk for the workers. */
	chunk->result = mp_pool_map_async(iterator->pool, iterator->function,
		iterator->items, iterator->item_size, iterator->result_size,
		(ptrdiff_t)iterator->pending, (ptrdiff_t)iterator->pending, &status);
	if (chunk->result == NULL)
		return status;
	chunk->first = iterator->drawn;
	chunk->count = iterator->pending;
	iterator->drawn += iterator->pending;
	iterator->pending = 0;
	return MP_OK;
}

static bool has_more(const struct mp_iterator *iterator)
{
	return !iterator->exhausted || iterator->pending > 0;
}

static int fill(struct mp_iterator *iterator)
{
	int status = iterator->pool->closed && has_more(iterator) ? MP_CLOSED : MP_OK;
	unsigned i;

	for (i = 0; i < iterator->places && status == MP_OK && has_more(iterator); i++)
		if (iterator->chunks[i].result == NULL)
			status = submit_chunk(iterator, &iterator->chunks[i]);
	return status;
}

/* The chunk to hand out next: the oldest, or one that is done. NULL: there is none. */
static struct chunk *choose(struct mp_iterator *iterator)
{
	struct chunk *oldest = NULL;
	unsigned i;

	for (i = 0; i < iterator->places; i++) {
		struct chunk *chunk = &iterator->chunks[i];

		if (chunk->result == NULL)
			continue;
		if (!iterator->ordered && mp_result_ready(chunk->result))
			return chunk;
		if (oldest == NULL || chunk->first < oldest->first)
			oldest = chunk;
	}
	return oldest;
}

/* Waits for a chunk and makes it the current one. */
static int advance(struct mp_iterator *iterator, const struct timespec *deadline)
{
	for (;;) {
		unsigned seen = atomic_load(&iterator->pool->board->returned);
		struct chunk *chunk = choose(iterator);

		if (chunk == NULL)
			return MP_END;
		if (mp_result_ready(chunk->result)) {
			iterator->current = *chunk;
			chunk->result = NULL;
			iterator->given = 0;
			iterator->current_status = mp_result_get(
				iterator->current.result, iterator->results);
			return MP_OK;
		}
		if (mp_pool_wait_for_news(iterator->pool, seen, deadline) == MP_TIMEOUT &&
			!mp_result_ready(chunk->result))
			return MP_TIMEOUT;
	}
}

/* Whether this item of the current chunk failed. */
static bool item_failed(const struct mp_iterator *iterator, size_t item)
{
	const struct mp_result *result = iterator->current.result;
	size_t i;

	for (i = 0; i < result->failures.kept; i++)
		if (result->failures.list[i].index == item)
			return true;
	/* More than are kept: no telling which, so none of the rest counts as done. */
	return result->failures.counted > result->failures.kept;
}

/* Hands out the next result of the current chunk. */
static int give(struct mp_iterator *iterator, void *result, size_t *index)
{
	size_t item = iterator->given++;
	int status = iterator->current_status;

	if (index)
		*index = iterator->current.first + item;
	if (status == MP_ITEM_FAILED && !item_failed(iterator, item))
		status = MP_OK;
	if (status == MP_OK && iterator->result_size > 0)
		memcpy(result, iterator->results + item * iterator->result_size,
			iterator->result_size);
	if (iterator->given == iterator->current.count) {
		mp_result_free(iterator->current.result);
		iterator->current.result = NULL;
	}
	return status;
}

static int next(struct mp_iterator *iterator, void *result, size_t *index,
	const struct timespec *deadline)
{
	int status = MP_OK;

	if (iterator->current.result == NULL) {
		/* What is under way is to be had, even if no more can be submitted. */
		int filled = fill(iterator);

		status = advance(iterator, deadline);
		if (status == MP_END && filled != MP_OK)
			status = filled;
	}
	return status == MP_OK ? give(iterator, result, index) : status;
}

int mp_iterator_next(struct mp_iterator *iterator, void *result, size_t *index)
{
	return next(iterator, result, index, NULL);
}

int mp_iterator_next_timeout(
	struct mp_iterator *iterator, void *result, size_t *index, long timeout_ms)
{
	struct timespec deadline = mp_deadline_after(timeout_ms);

	return next(iterator, result, index, &deadline);
}

void mp_iterator_free(struct mp_iterator *iterator)
{
	unsigned i;

	if (iterator == NULL)
		return;
	for (i = 0; i < MOST_CHUNKS; i++)
		mp_result_free(iterator->chunks[i].result);
	mp_result_free(iterator->current.result);
	free(iterator->items);
	free(iterator->results);
	free(iterator);
}
