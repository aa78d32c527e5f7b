/* SPDX-License-Identifier: MIT */
/*
 * The worker's half of the board: see pool_board.h for how they agree. What it tells of itself:
 *
 *	FORKED --> INITIALIZING --> READY --> RETIRED, after its maxtasksperchild
 *	                  |
 *	                  `--> REFUSED: the initializer returned something else than 0
 *
 * An item may fork. Its child returns from the function as well, but is no worker: it ends.
 */
#include "checker.h"
#include "futex.h"
#include "inner_lock.h"
#include "pool_board.h"
#include "self.h"
#include "task.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

/* Looks for new work before the first sleep: a few microseconds, about one wake-up's
 * worth. */
#ifdef MP_EXPLORE
enum { SPINS = 0 };
#else
enum { SPINS = 50 };
#endif

struct worker {
	struct board *board;
	struct slot *slot;
	unsigned number;
	unsigned id;	/* of its thread; a forked child has another */
	unsigned tasks; /* chunks begun */
	bool printed;	/* perhaps: its buffers may hold something */
};

void mp_job_fail(struct job *job, uint64_t index, uint64_t count, int code)
{
	uint64_t item;

	atomic_store(&job->any_failed, 1);
	memset(job->results + index * job->result_size, 0, count * job->result_size);
	for (item = index; item < index + count; item++) {
		job->codes[item] = code;
		/* Last: should this process die before, the item is still in hand. */
		atomic_fetch_or(&job->failed[item / 64], UINT64_C(1) << item % 64);
	}
}

/* After every call of the program's functions. */
static inline void end_if_forked(const struct worker *worker)
{
	/* Not flushed: what is in its buffers is the worker's. */
	if (__builtin_expect(mp_self_of_thread.id != worker->id, 0))
		_exit(0);
}

static void tell_owner(struct board *board)
{
	/* Against the owner's store to owner_waits and its look at returned: both orders
	 * are seen. */
	atomic_fetch_add(&board->returned, 1);
	if (atomic_load(&board->owner_waits))
		mp_futex_wake(&board->returned, 1);
}

static void run_items(
	struct worker *worker, struct job *job, uint64_t begin, uint64_t end)
{
	const char *item = job->items + begin * job->item_size;
	char *result = job->results + begin * job->result_size;
	uint64_t i;
	int code;

	if (job->range) {
		atomic_store_explicit(
			&worker->slot->item, begin + 1, memory_order_release);
		code = job->range(item, result, end - begin);
		end_if_forked(worker);
		if (code != 0)
			mp_job_fail(job, begin, end - begin, code);
		return;
	}
	for (i = begin; i < end; i++) {
		/* release: should this process die, its results so far are seen with
		 * this. */
		atomic_store_explicit(&worker->slot->item, i + 1, memory_order_release);
		code = job->function(item, result);
		end_if_forked(worker);
		if (code != 0)
			mp_job_fail(job, i, 1, code);
		item += job->item_size;
		result += job->result_size;
	}
}

/* Claims the chunk and does it, if nobody has it. */
static bool try_chunk(struct worker *worker, struct job *job, uint64_t chunk)
{
	_Atomic uint64_t *state = &job->states[chunk];
	struct tally *tally = &job->tallies[worker->number];
	uint64_t done;
	uint64_t seen = atomic_load_explicit(state, memory_order_relaxed);
	uint64_t begin = chunk * job->chunksize;
	uint64_t end =
		job->count - begin < job->chunksize ? job->count : begin + job->chunksize;

	if (chunk_owner(seen) != CHUNK_FREE)
		return false;
	/* No item in hand, before the claim: so an item in hand is always one of this
	 * chunk. */
	atomic_store_explicit(&worker->slot->item, 0, memory_order_relaxed);
	checker_before(MP_CHECKER_POOL_TAKE, job);
	if (!atomic_compare_exchange_strong(state, &seen,
		    chunk_state(chunk_taken(worker->number), chunk_offset(seen))))
		return false;
	checker_after(MP_CHECKER_POOL_TAKE, job, 0);
	worker->tasks++;
	worker->printed = true;
	run_items(worker, job, begin + chunk_offset(seen), end);
	checker_before(MP_CHECKER_POOL_FINISH, job);
	atomic_store_explicit(state, chunk_done(worker->number), memory_order_release);
	/* Only this worker writes the tally: no read-modify-write is needed. */
	done = atomic_load_explicit(&tally->done, memory_order_relaxed) + 1;
	atomic_store_explicit(&tally->done, done, memory_order_release);
	checker_after(MP_CHECKER_POOL_FINISH, job, 0);
	return true;
}

static bool must_stop(const struct worker *worker)
{
	const struct board *board = worker->board;

	if (board->maxtasksperchild && worker->tasks >= board->maxtasksperchild)
		return true;
	return atomic_load_explicit(&board->stopped, memory_order_relaxed) != 0;
}

/*
 * How many chunks to look at for one step of the shared hint: fewer steps, less traffic
 * between processors. Small at the end; and what one has reserved and not begun, others
 * may take.
 */
static uint64_t stride(const struct board *board, const struct job *job)
{
	uint64_t next = atomic_load_explicit(&job->next, memory_order_relaxed);
	uint64_t left = next < job->chunks ? job->chunks - next : 0;
	uint64_t share = left / (8 * (uint64_t)board->workers);

	return share < 1 ? 1 : share > 64 ? 64 : share;
}

/*
 * Does what others reserved and did not begin, and what dead ones left. Once none is FREE, and none
 * was made so again meanwhile, nobody has to look through them any more.
 */
static bool sweep(struct worker *worker, struct job *job)
{
	unsigned revived = atomic_load(&job->revived);
	bool worked = false;
	uint64_t chunk;

	if (atomic_load(&job->swept) == revived + 1)
		return false;
	for (chunk = 0; chunk < job->chunks; chunk++) {
		if (must_stop(worker))
			return worked;
		worked |= try_chunk(worker, job, chunk);
	}
	atomic_store(&job->swept, revived + 1);
	return worked;
}

/* Does chunks of the job as long as there are any. Returns whether it did one. */
static bool do_chunks(struct worker *worker, struct job *job)
{
	bool worked = false;
	uint64_t chunk;

	for (;;) {
		uint64_t count = stride(worker->board, job);
		uint64_t end;

		chunk = atomic_fetch_add_explicit(
			&job->next, count, memory_order_relaxed);
		if (chunk >= job->chunks)
			break;
		end = job->chunks - chunk < count ? job->chunks : chunk + count;
		for (; chunk < end; chunk++) {
			if (must_stop(worker))
				return worked;
			worked |= try_chunk(worker, job, chunk);
		}
	}
	return worked | sweep(worker, job);
}

static bool do_job(struct worker *worker, struct job *job, uint64_t ticket)
{
	struct board *board = worker->board;
	bool worked = false;

	/* The hazard: shown first, then looked again (both sequentially consistent). */
	atomic_store(&worker->slot->ticket, ticket);
	if (atomic_load(&job->ticket) == ticket) {
		worked = do_chunks(worker, job);
		/* Mine first, then the others', in one order for all: the last one sees all. */
		atomic_fetch_add(&job->tallies[worker->number].done, 0);
		if (worked && job_done(job, board->workers))
			tell_owner(board);
	}
	atomic_store_explicit(&worker->slot->ticket, 0, memory_order_release);
	return worked;
}

/* The job on the board with the smallest ticket above `after`; NULL: there is none. */
static struct job *next_job(const struct board *board, uint64_t after, uint64_t *ticket)
{
	unsigned used = atomic_load_explicit(&board->used, memory_order_relaxed);
	struct job *next = NULL;
	unsigned place;

	for (place = 0; place < used; place++) {
		uint64_t seen = atomic_load_explicit(
			&board->jobs[place].ticket, memory_order_relaxed);

		if (seen > after && (next == NULL || seen < *ticket)) {
			next = &board->jobs[place];
			*ticket = seen;
		}
	}
	return next;
}

/* The oldest first. */
static bool do_jobs(struct worker *worker)
{
	bool worked = false;
	uint64_t ticket = 0;
	struct job *job;

	while (!must_stop(worker) && (job = next_job(worker->board, ticket, &ticket)))
		worked |= do_job(worker, job, ticket);
	return worked;
}

/* What the items printed appears when there is time, and not only when the pool ends. */
static void write_output(struct worker *worker)
{
	if (worker->printed)
		mp_task_flush();
	worker->printed = false;
}

static void sleep_for_news(struct worker *worker, unsigned seen)
{
	struct board *board = worker->board;
	int spins;

	write_output(worker);
	for (spins = 0; spins < SPINS; spins++) {
		if (atomic_load_explicit(&board->submitted, memory_order_relaxed) != seen)
			return;
		mp_pause();
	}
	/* The owner changes submitted first and looks who sleeps afterwards. */
	atomic_store(&worker->slot->asleep, 1);
	mp_futex_watch(&board->submitted, seen, NULL);
	atomic_store(&worker->slot->asleep, 0);
}

static int initialize(struct worker *worker)
{
	struct board *board = worker->board;
	int code = 0;

	if (board->initializer) {
		atomic_store(&worker->slot->state, SLOT_INITIALIZING);
		worker->printed = true;
		code = board->initializer(board->initargs);
		end_if_forked(worker);
	}
	atomic_store(&worker->slot->state, code == 0 ? SLOT_READY : SLOT_REFUSED);
	if (code != 0)
		tell_owner(board);
	return code;
}

/* Works until it is to stop, or has done its maxtasksperchild. */
static void work(struct worker *worker)
{
	struct board *board = worker->board;

	for (;;) {
		unsigned seen = atomic_load(&board->submitted);

		if (do_jobs(worker))
			continue;
		if (board->maxtasksperchild && worker->tasks >= board->maxtasksperchild) {
			atomic_store(&worker->slot->state, SLOT_RETIRED);
			tell_owner(board);
			return;
		}
		if (atomic_load(&board->stopped))
			return;
		sleep_for_news(worker, seen);
	}
}

int mp_pool_worker(void *argument)
{
	struct worker_start *start = argument;
	struct worker worker = {
		.board = start->board,
		.slot = &start->board->slots[start->slot],
		.number = start->slot,
		.id = mp_self()->id,
	};
	int code;

	mp_lock_hold_for_life(&worker.slot->life);
	code = initialize(&worker);
	if (code == 0)
		work(&worker);
	write_output(&worker);
	mp_task_end(code);
}

void mp_board_wake_workers(struct board *board, unsigned count)
{
	unsigned asleep = 0;
	unsigned slot;

	atomic_fetch_add(&board->submitted, 1);
	for (slot = 0; slot < board->workers; slot++)
		asleep += atomic_load(&board->slots[slot].asleep) != 0;
	if (asleep > 0)
		mp_futex_wake(&board->submitted, count < INT_MAX ? (int)count : INT_MAX);
}
