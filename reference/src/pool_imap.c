/* SPDX-License-Identifier: MIT */
/*
 * imap is made of asynchronous maps, one for each chunk, in a list of those that are under way. As
 * soon as one is used up, the next chunk of items is drawn from the source and submitted, so
 * that a few are always ahead. Only mp_pool_join draws all that is left.
 */
#include "futex.h"
#include "pool_owner.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CHUNKS = 32 };

struct chunk {
	struct chunk *next;
	struct mp_result *result;
	size_t first; /* the index of its first item */
	size_t count;
};

struct mp_iterator {
	unsigned owner;
	struct mp_pool *pool; /* NULL once the pool is freed */
	struct mp_iterator *next_of_pool;
	mp_pool_function *function;
	bool (*next)(void *source, void *item); /* one of these two */
	mp_pool_source *draw;
	void *source;
	size_t item_size;
	size_t result_size;
	size_t chunksize;
	bool ordered;
	int ended; /* MP_OK while the source has items; then MP_END, or how it failed */
	size_t pending;	       /* items drawn from the source and not yet submitted */
	size_t drawn;	       /* items submitted so far */
	char *items;	       /* one chunk, on its way to the pool */
	char *results;	       /* of the chunk that is being handed out */
	struct chunk *current; /* the chunk that is being handed out */
	int current_status;
	size_t given;	       /* results of it handed out */
	size_t failures_given; /* of its failures, how many lie before */
	unsigned places;       /* chunks that are under way, as a rule */
	unsigned under_way;
	struct chunk *oldest; /* of those, in the order of their items */
	struct chunk **newest;
};

static int check(const struct mp_iterator *iterator, ptrdiff_t chunksize)
{
	int status = mp_pool_check(iterator->pool);

	if (status != MP_OK)
		return status;
	if (iterator->pool->closed)
		return MP_CLOSED;
	if (iterator->function == NULL ||
		(iterator->next == NULL && iterator->draw == NULL) ||
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

static int fill(struct mp_iterator *iterator, unsigned places);

static struct mp_iterator *new_iterator(
	const struct mp_iterator *prototype, ptrdiff_t chunksize, int *status)
{
	struct mp_iterator *iterator = malloc(sizeof(*iterator));
	struct mp_pool *pool = prototype->pool;
	int result = MP_NO_MEMORY;

	if (iterator) {
		*iterator = *prototype;
		iterator->owner = pool->owner;
		/* As in Python: without a word about it, every item is a chunk. */
		iterator->chunksize = chunksize == MP_CHUNK_AUTO ? 1 : (size_t)chunksize;
		iterator->places = 2 * pool->processes;
		if (iterator->places > MOST_CHUNKS)
			iterator->places = MOST_CHUNKS;
		iterator->newest = &iterator->oldest;
		result = check(iterator, chunksize);
		if (result == MP_OK)
			result = allocate(iterator);
	}
	if (status)
		*status = result;
	if (result != MP_OK) {
		if (iterator) {
			free(iterator->items);
			free(iterator->results);
		}
		free(iterator);
		return NULL;
	}
	iterator->next_of_pool = pool->iterators;
	pool->iterators = iterator;
	/* Should the pool have no memory for it now, the first next tries again. */
	fill(iterator, iterator->places);
	return iterator;
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

struct mp_iterator *mp_pool_imap_from(struct mp_pool *pool, mp_pool_function *function,
	mp_pool_source *draw, void *source, size_t item_size, size_t result_size,
	ptrdiff_t chunksize, bool ordered, int *status)
{
	return new_iterator(&(struct mp_iterator){.pool = pool,
				    .function = function,
				    .draw = draw,
				    .source = source,
				    .item_size = item_size,
				    .result_size = result_size,
				    .ordered = ordered},
		chunksize, status);
}

/* MP_OK with an item; what the source says otherwise. */
static int draw(struct mp_iterator *iterator, void *item)
{
	if (iterator->draw)
		return iterator->draw(iterator->source, item);
	return iterator->next(iterator->source, item) ? MP_OK : MP_END;
}

static bool has_more(const struct mp_iterator *iterator)
{
	return iterator->ended == MP_OK || iterator->pending > 0;
}

static void draw_chunk(struct mp_iterator *iterator)
{
	while (iterator->pending < iterator->chunksize && iterator->ended == MP_OK) {
		char *item = iterator->items + iterator->pending * iterator->item_size;

		iterator->ended = draw(iterator, item);
		if (iterator->ended == MP_OK)
			iterator->pending++;
	}
}

/* Draws a chunk of items and submits it. Should that fail, the items wait for the next time. */
static int submit_chunk(struct mp_iterator *iterator)
{
	struct work work = {.function = iterator->function,
		.items = iterator->items,
		.item_size = iterator->item_size,
		.result_size = iterator->result_size,
		.ongoing = true};
	struct chunk *chunk;
	int status;

	draw_chunk(iterator);
	if (iterator->pending == 0)
		return MP_OK;
	chunk = calloc(1, sizeof(*chunk));
	if (chunk == NULL)
		return MP_NO_MEMORY;
	/* One job of one chunk for the workers. */
	work.count = work.chunksize = (ptrdiff_t)iterator->pending;
	status = mp_pool_submit(iterator->pool, &work, &chunk->result);
	if (status != MP_OK) {
		free(chunk);
		return status;
	}
	chunk->first = iterator->drawn;
	chunk->count = iterator->pending;
	iterator->drawn += iterator->pending;
	iterator->pending = 0;
	*iterator->newest = chunk;
	iterator->newest = &chunk->next;
	iterator->under_way++;
	return MP_OK;
}

static int fill(struct mp_iterator *iterator, unsigned places)
{
	int status = MP_OK;

	while (iterator->under_way < places && status == MP_OK && has_more(iterator))
		status = submit_chunk(iterator);
	return status;
}

int mp_pool_draw_all(struct mp_pool *pool)
{
	struct mp_iterator *iterator;
	int status = MP_OK;

	for (iterator = pool->iterators; iterator && status == MP_OK;
		iterator = iterator->next_of_pool)
		status = fill(iterator, UINT_MAX);
	return status;
}

void mp_pool_forget_iterators(struct mp_pool *pool)
{
	struct mp_iterator *iterator;

	for (iterator = pool->iterators; iterator; iterator = iterator->next_of_pool)
		iterator->pool = NULL;
	pool->iterators = NULL;
}

/* Where the list leads to the chunk to hand out next: the oldest, or one that is done. */
static struct chunk **choose(struct mp_iterator *iterator)
{
	struct chunk **link;

	for (link = &iterator->oldest; !iterator->ordered && *link; link = &(*link)->next)
		if (mp_result_look((*link)->result))
			return link;
	return &iterator->oldest;
}

static void make_current(struct mp_iterator *iterator, struct chunk **link)
{
	struct chunk *chunk = *link;

	*link = chunk->next;
	if (iterator->newest == &chunk->next)
		iterator->newest = link;
	iterator->under_way--;
	iterator->current = chunk;
	iterator->given = 0;
	iterator->failures_given = 0;
	iterator->current_status = mp_result_get(chunk->result, iterator->results);
}

/* Waits for a chunk and makes it the current one. MP_END: none is under way. */
static int advance(struct mp_iterator *iterator, const struct timespec *deadline)
{
	bool timed_out = false;

	while (iterator->oldest) {
		struct mp_pool *pool = iterator->pool;
		unsigned seen = pool ? atomic_load(&pool->board->returned) : 0;
		struct chunk **link = choose(iterator);

		if (mp_result_look((*link)->result)) {
			make_current(iterator, link);
			return MP_OK;
		}
		if (timed_out)
			return MP_TIMEOUT;
		timed_out = mp_pool_wait_for_news(pool, seen, deadline) == MP_TIMEOUT;
	}
	return MP_END;
}

/* Whether this item of the current chunk failed. Asked for one item after another. */
static bool item_failed(struct mp_iterator *iterator, size_t item)
{
	const struct failures *failures = &iterator->current->result->failures;
	size_t next = iterator->failures_given;

	if (next == failures->count || failures->list[next].index != item)
		return false;
	iterator->failures_given++;
	return true;
}

static void drop_chunk(struct chunk *chunk)
{
	mp_result_free(chunk->result);
	free(chunk);
}

/* Hands out the next result of the current chunk. */
static int give(struct mp_iterator *iterator, void *result, size_t *index)
{
	size_t item = iterator->given++;
	int status = iterator->current_status;

	if (index)
		*index = iterator->current->first + item;
	if (status == MP_ITEM_FAILED && !item_failed(iterator, item))
		status = MP_OK;
	if (status == MP_OK && iterator->result_size > 0)
		memcpy(result, iterator->results + item * iterator->result_size,
			iterator->result_size);
	if (iterator->given == iterator->current->count) {
		drop_chunk(iterator->current);
		iterator->current = NULL;
	}
	return status;
}

static int next(struct mp_iterator *iterator, void *result, size_t *index,
	const struct timespec *deadline)
{
	int status = mp_pool_check_owner(iterator->owner);
	int filled = MP_OK;

	if (status != MP_OK)
		return status;
	if (iterator->current == NULL) {
		/* What is under way is to be had, even if no more can be submitted. */
		if (has_more(iterator))
			filled = iterator->pool ? fill(iterator, iterator->places)
						: MP_TERMINATED;
		status = advance(iterator, deadline);
		if (status == MP_END)
			status = filled != MP_OK ? filled : iterator->ended;
	}
	return iterator->current ? give(iterator, result, index) : status;
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
	struct mp_iterator **link;
	struct chunk *chunk;

	if (iterator == NULL || mp_pool_check_owner(iterator->owner) != MP_OK)
		return;
	if (iterator->pool) {
		link = &iterator->pool->iterators;
		while (*link != iterator)
			link = &(*link)->next_of_pool;
		*link = iterator->next_of_pool;
	}
	while ((chunk = iterator->oldest)) {
		iterator->oldest = chunk->next;
		drop_chunk(chunk);
	}
	if (iterator->current)
		drop_chunk(iterator->current);
	free(iterator->items);
	free(iterator->results);
	free(iterator);
}
