/* SPDX-License-Identifier: MIT */
/* What the owner does to chunks: puts them in order after a worker's death, and cancels them. */
#include "pool_owner.h"

static uint64_t chunk_length(const struct job *job, uint64_t chunk)
{
	uint64_t left = job->count - chunk * job->chunksize;

	return left < job->chunksize ? left : job->chunksize;
}

/* The chunk was taken by a worker that is dead: what is done is done, one item failed. */
static void bury_chunk(
	struct job *job, uint64_t chunk, unsigned slot, uint64_t in_hand, int code)
{
	uint64_t begin = chunk * job->chunksize;
	uint64_t length = chunk_length(job, chunk);
	uint64_t offset = chunk_offset(atomic_load(&job->states[chunk]));

	if (in_hand > 0) {
		uint64_t item = in_hand - 1;
		uint64_t failed = job->range ? begin + length - item : 1;

		/* It may have died while it noted a failure. */
		if (job_item_failed(job, item))
			code = job->codes[item];
		mp_job_fail(job, item, failed, code);
		offset = item - begin + failed;
	}
	atomic_store(&job->states[chunk],
		offset >= length ? chunk_done(slot) : chunk_state(CHUNK_FREE, offset));
	atomic_fetch_add(&job->revived, 1);
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
	unsigned place;

	atomic_store(&dead->ticket, 0);
	for (place = 0; place < POOL_JOBS; place++) {
		struct mp_result *result = pool->places[place];

		if (result && result->on_board && result->ticket == ticket)
			bury_in_job(result->job, slot, in_hand, code);
	}
	mp_board_wake_workers(pool->board, pool->processes);
}

bool mp_job_cancel(struct job *job, unsigned workers)
{
	uint64_t done = atomic_load(&job->tallies[workers].done);
	uint64_t before = done;
	uint64_t chunk;

	for (chunk = 0; chunk < job->chunks; chunk++) {
		uint64_t seen = atomic_load(&job->states[chunk]);
		uint64_t offset = chunk_offset(seen);

		if (chunk_owner(seen) != CHUNK_FREE ||
			!atomic_compare_exchange_strong(
				&job->states[chunk], &seen, chunk_done(workers)))
			continue;
		mp_job_fail(job, chunk * job->chunksize + offset,
			chunk_length(job, chunk) - offset, MP_CODE_CANCELLED);
		done++;
	}
	/* Only the owner writes this tally; and it is the owner that looks whether all is done. */
	atomic_store(&job->tallies[workers].done, done);
	return done > before;
}
