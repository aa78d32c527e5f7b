/* SPDX-License-Identifier: MIT */
/*
 * How the owner sleeps. It is woken by what it waits for: a worker that changes `returned`, or the
 * kernel, which marks a dead worker's life (see self.c). Signals change nothing about that: they
 * wake the owner, it finds nothing, and sleeps on.
 *
 * Where the kernel cannot wait for several words (futex_waitv(2), Linux 5.16), or there are more
 * workers than it takes words, all workers are looked at every 10 ms. Elsewhere that is done
 * four times a second, for a worker that was killed before it had its life, or that held
 * more locks than the kernel looks at. Both by a clock, which no signal sets back.
 */
#include "futex.h"
#include "pool_owner.h"

#include <linux/futex.h>

enum { LOOK_MS = 10, RARE_LOOK_MS = 250 };

bool mp_slot_is_dead(const struct slot *slot)
{
	return (atomic_load(&slot->life.word) & FUTEX_OWNER_DIED) != 0;
}

#ifdef MP_EXPLORE

int mp_pool_wait_for_news(
	struct mp_pool *pool, unsigned seen, const struct timespec *deadline)
{
	struct board *board = pool->board;
	int status;

	/* An owner that wakes by itself would hide a deadlock: the explorer wakes it when
	 * somebody dies. */
	atomic_store(&board->owner_waits, 1);
	status = mp_futex_wait(&board->returned, seen, deadline);
	atomic_store(&board->owner_waits, 0);
	mp_pool_tend(pool, atomic_load(&board->returned) == seen);
	return status;
}

#else

/* What to sleep on: returned, and every worker's life. false: somebody is dead already. */
static bool list_words(
	struct mp_pool *pool, unsigned seen, struct mp_futex_words *words, bool *complete)
{
	unsigned number;

	mp_futex_words_add(words, &pool->board->returned, seen);
	*complete = true;
	for (number = 0; number < pool->processes; number++) {
		const struct slot *slot = &pool->board->slots[number];
		unsigned life = atomic_load(&slot->life.word);

		if (life & FUTEX_OWNER_DIED)
			return false;
		if (life == 0 || !mp_futex_words_add(words, &slot->life.word, life))
			*complete = false;
	}
	return true;
}

static bool earlier(const struct timespec *left, const struct timespec *right)
{
	if (left->tv_sec != right->tv_sec)
		return left->tv_sec < right->tv_sec;
	return left->tv_nsec < right->tv_nsec;
}

int mp_pool_wait_for_news(
	struct mp_pool *pool, unsigned seen, const struct timespec *deadline)
{
	struct board *board = pool->board;
	struct mp_futex_words words = {.count = 0};
	struct timespec until;
	bool complete = true;
	bool thorough;

	atomic_store(&board->owner_waits, 1);
	if (list_words(pool, seen, &words, &complete)) {
		bool rare = complete && mp_futex_can_wait_any();
		struct timespec soon = mp_deadline_after(rare ? RARE_LOOK_MS : LOOK_MS);

		if (pool->next_look.tv_sec == 0 || earlier(&soon, &pool->next_look))
			pool->next_look = soon;
		until = pool->next_look;
		if (deadline && earlier(deadline, &until))
			until = *deadline;
		mp_futex_wait_any(&words, &until);
	}
	atomic_store(&board->owner_waits, 0);
	thorough =
		pool->next_look.tv_sec != 0 && mp_deadline_left_ms(&pool->next_look) == 0;
	if (thorough)
		pool->next_look.tv_sec = 0;
	mp_pool_tend(pool, thorough);
	return deadline && mp_deadline_left_ms(deadline) == 0 ? MP_TIMEOUT : MP_OK;
}

#endif
