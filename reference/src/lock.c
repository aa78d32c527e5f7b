/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. The word holds the owner's thread id and two bits, in the layout
 * that the kernel knows from robust futexes (futex(2), Documentation/robust-futexes in
 * Linux):
 *
 *	0                        free
 *	id                       owned, nobody sleeps
 *	id | WAITERS             owned, somebody may sleep: the owner must wake one
 *	OWNER_DIED [| WAITERS]   free, but the last owner died: written by the kernel
 *	id | OWNER_DIED ...      owned by one who has been told and has not recovered yet
 *
 * A thread links the locks that it holds into a list that it has registered with the
 * kernel. However it dies, the kernel walks that list, sets OWNER_DIED in each word
 * that still carries the thread's id, and wakes one sleeper. Between the change of the
 * word and the change of the list the lock is named in list_op_pending, so there is no
 * instant at which a death goes unseen; and since a waiter names it there for as long
 * as it waits, the kernel also passes on a wake-up that went to a waiter which then
 * died, unless a third task took the lock in between: for that one case a sleeper also
 * looks by itself now and then (mp_futex_watch). That is the protocol of musl's and
 * glibc's robust mutexes; ours differs in keeping the acquire path to one
 * compare-and-swap and five plain stores, and in letting the dead owner's mark stand
 * until it is acknowledged.
 *
 * The list is only ever changed by its own thread; the kernel reads it when that thread
 * is gone. So its fields need no atomics, but the compiler must keep their order:
 * signal fences.
 */
#include "checker.h"
#include "futex.h"
#include "inner_lock.h"
#include "self.h"

#include <mp/lock.h>
#include <stdatomic.h>
#include <stddef.h>

/*
 * A waiter looks again after 32, 64, 128, ... pauses, and sleeps when these add up to SPINS:
 * some 20 to 40 microseconds, about what the sleep and the wake-up would cost. To look more
 * often would take the word's cache line from the owner each time, who then needs longer:
 * with 8 pauses instead of 32, two contending processes were a fifth slower.
 */
#ifdef MP_EXPLORE
enum { SPINS = 0 };
#else
enum { SPINS = 600 };
#endif

#ifdef MP_EXPLORE

static void list_begin(struct mp_self *self, struct mp_lock *lock)
{
	(void)self;
	(void)lock;
}
static void list_end(struct mp_self *self)
{
	(void)self;
}
static void list_add(struct mp_self *self, struct mp_lock *lock)
{
	(void)self;
	(void)lock;
}
static void list_remove(struct mp_lock *lock)
{
	(void)lock;
}

#else

static inline void list_begin(struct mp_self *self, struct mp_lock *lock)
{
	self->robust->list_op_pending = (struct robust_list *)(void *)&lock->next;
	atomic_signal_fence(memory_order_seq_cst);
}

static inline void list_end(struct mp_self *self)
{
	atomic_signal_fence(memory_order_seq_cst);
	self->robust->list_op_pending = NULL;
}

/* A link points at the next lock's link; the back link lies one pointer before each link.
 */
static inline void **back_link(void *link)
{
	/* Bit 0 marks priority-inheriting mutexes, which glibc keeps in the same list. */
	return (void **)(void *)((char *)link - ((uintptr_t)link & 1)) - 1;
}

static inline void list_add(struct mp_self *self, struct mp_lock *lock)
{
	struct robust_list_head *head = self->robust;

	lock->next = head->list.next;
	lock->previous = &head->list;
	*back_link(lock->next) = &lock->next;
	/* The lock must be whole before the list leads to it. */
	atomic_signal_fence(memory_order_seq_cst);
	head->list.next = (struct robust_list *)(void *)&lock->next;
}

static inline void list_remove(struct mp_lock *lock)
{
	*back_link(lock->next) = lock->previous;
	*(void **)lock->previous = lock->next;
	atomic_signal_fence(memory_order_seq_cst);
}

#endif

int mp_lock_init(struct mp_lock *lock)
{
	*lock = (struct mp_lock){0};
	checker_init(MP_CHECKER_KIND_LOCK, lock);
	return MP_OK;
}

/* One attempt on a word that was seen free: keeps OWNER_DIED and adds the given bits. */
static inline bool take(struct mp_lock *lock, unsigned *seen, unsigned bits)
{
	/* acquire: pairs with the release in release_word, and sees what the owner did
	 * before. */
	return atomic_compare_exchange_strong_explicit(&lock->word, seen,
		(*seen & (FUTEX_OWNER_DIED | FUTEX_WAITERS)) | bits, memory_order_acquire,
		memory_order_relaxed);
}

static int taken(struct mp_self *self, struct mp_lock *lock, unsigned before)
{
	list_add(self, lock);
	return before & FUTEX_OWNER_DIED ? MP_OWNER_DIED : MP_OK;
}

/*
 * The lock was not free at first sight: spin a little, then sleep. slept: the caller comes from
 * a sleep, and others may sleep on the lock.
 */
static int wait_for(struct mp_self *self, struct mp_lock *lock,
	const struct timespec *deadline, bool slept)
{
	unsigned seen = atomic_load_explicit(&lock->word, memory_order_relaxed);
	unsigned mine = self->id | (slept ? FUTEX_WAITERS : 0);
	int spins = slept ? SPINS : 0;
	int pauses = 32;

	for (;;) {
		if ((seen & FUTEX_TID_MASK) == 0) {
			if (take(lock, &seen, mine))
				return taken(self, lock, seen);
			continue;
		}
		if (spins < SPINS) {
			spins += pauses;
			for (int i = 0; i < pauses; i++)
				mp_pause();
			pauses *= 2;
			seen = atomic_load_explicit(&lock->word, memory_order_relaxed);
			continue;
		}
		if (!(seen & FUTEX_WAITERS) &&
			!atomic_compare_exchange_strong_explicit(&lock->word, &seen,
				seen | FUTEX_WAITERS, memory_order_relaxed,
				memory_order_relaxed))
			continue;
		if (mp_futex_watch(&lock->word, seen | FUTEX_WAITERS, deadline) ==
			MP_TIMEOUT)
			return MP_TIMEOUT;
		/* One who slept cannot know whether others still do: it keeps the bit. */
		mine = self->id | FUTEX_WAITERS;
		spins = 0;
		pauses = 32;
		seen = atomic_load_explicit(&lock->word, memory_order_relaxed);
	}
}

/* What acquire does when the lock was not plainly free. */
static __attribute__((noinline)) int acquire_used(struct mp_self *self,
	struct mp_lock *lock, bool wait, const struct timespec *deadline)
{
	unsigned seen = atomic_load_explicit(&lock->word, memory_order_relaxed);
	int status = MP_BUSY;

	if ((seen & FUTEX_TID_MASK) == self->id)
		status = MP_DEADLOCK;
	else if (wait)
		status = wait_for(self, lock, deadline, false);
	else
		while ((seen & FUTEX_TID_MASK) == 0 && status == MP_BUSY)
			if (take(lock, &seen, self->id))
				status = taken(self, lock, seen);
	list_end(self);
	return status;
}

static inline int acquire(
	struct mp_lock *lock, bool wait, const struct timespec *deadline)
{
	struct mp_self *self = mp_self();
	unsigned seen = 0;

	list_begin(self, lock);
	if (__builtin_expect(!take(lock, &seen, self->id), 0))
		return acquire_used(self, lock, wait, deadline);
	list_add(self, lock);
	list_end(self);
	return MP_OK;
}

/* acquire, with the tools told of it. */
static inline int announced(
	int operation, struct mp_lock *lock, const struct timespec *deadline)
{
	int status;

	checker_ignore(lock, sizeof(*lock));
	checker_until(deadline);
	checker_before(operation, lock);
	status = acquire(lock, operation == MP_CHECKER_LOCK, deadline);
	checker_after(operation, lock, status == MP_OWNER_DIED ? MP_OK : status);
	return status;
}

#ifdef MP_EXPLORE

int mp_lock_acquire_again(struct mp_lock *lock)
{
	return mp_lock_acquire(lock);
}

void mp_lock_wake_on_release(
	struct mp_lock *lock, const _Atomic unsigned *word, unsigned value, int count)
{
	(void)lock;
	(void)value;
	mp_futex_wake(word, count);
}

#else

int mp_lock_acquire_again(struct mp_lock *lock)
{
	struct mp_self *self = mp_self();
	int status;

	checker_before(MP_CHECKER_LOCK, lock);
	list_begin(self, lock);
	status = wait_for(self, lock, NULL, true);
	list_end(self);
	checker_after(MP_CHECKER_LOCK, lock, status == MP_OWNER_DIED ? MP_OK : status);
	return status;
}

/* Woken now, they would find the lock held, and one after another wake only to sleep again. */
void mp_lock_wake_on_release(
	struct mp_lock *lock, const _Atomic unsigned *word, unsigned value, int count)
{
	atomic_fetch_or_explicit(&lock->word, FUTEX_WAITERS, memory_order_relaxed);
	if (!mp_futex_requeue(word, value, &lock->word, count))
		mp_futex_wake(word, count);
}

#endif

int mp_lock_acquire(struct mp_lock *lock)
{
	return announced(MP_CHECKER_LOCK, lock, NULL);
}

int mp_lock_acquire_timeout(struct mp_lock *lock, long timeout_ms)
{
	struct timespec deadline = mp_deadline_after(timeout_ms);

	return announced(MP_CHECKER_LOCK, lock, &deadline);
}

int mp_lock_try_acquire(struct mp_lock *lock)
{
	return announced(MP_CHECKER_TRYLOCK, lock, NULL);
}

int mp_lock_recover(struct mp_lock *lock)
{
	if (!mp_lock_is_mine(lock))
		return MP_NOT_OWNER;
	atomic_fetch_and_explicit(&lock->word, ~FUTEX_OWNER_DIED, memory_order_relaxed);
	return MP_OK;
}

/* Gives up a lock that the caller owns. seen: the word as the owner read it. */
static inline void release_word(struct mp_self *self, struct mp_lock *lock, unsigned seen)
{
	unsigned before;

	list_begin(self, lock);
	list_remove(lock);
	/* release: pairs with the acquire in take. Only the owner changes OWNER_DIED
	 * while owned. */
	before = atomic_exchange_explicit(
		&lock->word, seen & FUTEX_OWNER_DIED, memory_order_release);
	if (before & FUTEX_WAITERS)
		mp_futex_wake(&lock->word, 1);
	list_end(self);
}

int mp_lock_release(struct mp_lock *lock)
{
	struct mp_self *self = mp_self();
	unsigned seen = atomic_load_explicit(&lock->word, memory_order_relaxed);

	if ((seen & FUTEX_TID_MASK) != self->id)
		return (seen & FUTEX_TID_MASK) == 0 ? MP_NOT_LOCKED : MP_NOT_OWNER;
	checker_before(MP_CHECKER_UNLOCK, lock);
	/* The tools' step above may have run others, who may have announced that they
	 * sleep. */
	release_word(self, lock, seen);
	checker_after(MP_CHECKER_UNLOCK, lock, MP_OK);
	return MP_OK;
}

int mp_lock_enter_until(struct mp_lock *lock, const struct timespec *deadline)
{
#ifdef MP_EXPLORE
	int status = acquire(lock, true, deadline);
#else
	int status = announced(MP_CHECKER_LOCK, lock, deadline);
#endif

	if (status != MP_OWNER_DIED)
		return status;
	return mp_lock_recover(lock);
}

void mp_lock_enter(struct mp_lock *lock)
{
	mp_lock_enter_until(lock, NULL);
}

void mp_lock_leave(struct mp_lock *lock)
{
#ifdef MP_EXPLORE
	release_word(
		mp_self(), lock, atomic_load_explicit(&lock->word, memory_order_relaxed));
#else
	mp_lock_release(lock);
#endif
}

void mp_lock_hold_for_life(struct mp_lock *lock)
{
#ifdef MP_EXPLORE
	(void)lock;
#else
	acquire(lock, false, NULL);
	/* Without this bit the kernel wakes nobody. */
	atomic_fetch_or_explicit(&lock->word, FUTEX_WAITERS, memory_order_relaxed);
#endif
}

int mp_lock_destroy(struct mp_lock *lock)
{
	if (!mp_lock_is_free(lock))
		return MP_BUSY;
	checker_destroy(MP_CHECKER_KIND_LOCK, lock);
	return MP_OK;
}

bool mp_lock_is_free(const struct mp_lock *lock)
{
	unsigned seen = atomic_load_explicit(&lock->word, memory_order_relaxed);

	return (seen & FUTEX_TID_MASK) == 0;
}

bool mp_lock_is_mine(const struct mp_lock *lock)
{
	unsigned seen = atomic_load_explicit(&lock->word, memory_order_relaxed);

	return (seen & FUTEX_TID_MASK) == mp_self()->id;
}
