/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/player.h>
#include <mp/process.h>
#include <mp/semaphore.h>

#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

/* The explorer watches the student's accesses and those of the C library, but not those of
 * this file. What a lock guards is therefore copied by a call, so that a lock that does not
 * order its owners is seen to race. */
static void *(*const volatile copy)(void *, const void *, size_t) = memcpy;

static struct notes *notes(void)
{
	return interlock_notes();
}

static void answer(int number, int value)
{
	interlock_note_set(&notes()->answers[number], value);
}

static long read_guarded(const long *from)
{
	long value;

	copy(&value, from, sizeof(value));
	return value;
}

static void write_guarded(long *to, long value)
{
	copy(to, &value, sizeof(value));
}

/* Lets all begin at once: otherwise the first is often done before the last is there. */
static void pass_gate(struct work *work)
{
	atomic_fetch_add(&work->at_the_gate, 1);
	while (atomic_load(&work->at_the_gate) < work->gate)
		sched_yield();
}

/* A child that ends after the function; its pid. */
static pid_t run_child(int (*function)(void *), struct work *work)
{
	struct mp_process child = {0};

	mp_process_start(&child, function, work);
	pid_t pid = mp_process_id(&child);
	mp_process_join(&child);
	return pid;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int sem_alone(void *argument)
{
	struct work *work = argument;
	struct sem_lock *lock = &work->sem_lock;
	int64_t start_ms = now_ms();

	sem_lock_init(lock);
	sem_lock_acquire(lock);
	answer(0, sem_lock_try_acquire(lock));
	sem_lock_release(lock);
	answer(1, sem_lock_try_acquire(lock));
	answer(2, sem_lock_try_acquire(lock));
	sem_lock_release(lock);
	for (long i = 0; i < work->turns; i++) {
		sem_lock_acquire(lock);
		sem_lock_release(lock);
	}
	interlock_note_set(&notes()->passed_ms, (int)(now_ms() - start_ms));
	return 0;
}

/* What only one process at a time may do: another one that comes in between reads what this
 * one has read, and one of the two updates is lost. */
static void update(struct work *work)
{
	long seen = read_guarded(&work->updates);

	if (work->pauses)
		sched_yield();
	write_guarded(&work->updates, seen + 1);
	interlock_note_add(&notes()->updates, 1);
}

static int sem_worker(void *argument)
{
	struct work *work = argument;

	pass_gate(work);
	for (long i = 0; i < work->turns; i++) {
		sem_lock_acquire(&work->sem_lock);
		update(work);
		sem_lock_release(&work->sem_lock);
	}
	return 0;
}

/* The lock is made by the parent, and used by children that it starts then. */
static int sem_family(void *argument)
{
	struct work *work = argument;
	struct mp_process children[MOST_WORKERS] = {{0}};

	sem_lock_init(&work->sem_lock);
	for (int i = 0; i < work->workers; i++)
		mp_process_start(&children[i], sem_worker, work);
	for (int i = 0; i < work->workers; i++)
		mp_process_join(&children[i]);
	return 0;
}

static int tries(void *argument)
{
	struct work *work = argument;

	answer(0, sem_lock_try_acquire(&work->sem_lock));
	return 0;
}

/* As sem_family; when all are done, two try at once, and who gets the lock keeps it. */
static int sem_rivals(void *argument)
{
	struct work *work = argument;
	struct mp_process rival = {0};

	sem_family(work);
	mp_process_start(&rival, tries, work);
	answer(1, sem_lock_try_acquire(&work->sem_lock));
	mp_process_join(&rival);
	return 0;
}

static int sem_holder(void *argument)
{
	struct work *work = argument;

	sem_lock_init(&work->sem_lock);
	sem_lock_acquire(&work->sem_lock);
	run_child(sem_worker, work);
	return 0;
}

static int sem_waiter(void *argument)
{
	struct work *work = argument;

	mp_semaphore_release(&work->held);
	return sem_worker(work);
}

/* Holds the lock while signals come to a child that waits for it. Waits that a handler has
 * interrupted are not begun again by the system. */
static int sem_signals(void *argument)
{
	struct work *work = argument;
	struct timespec moment = {0, 1000000};
	struct mp_process child = {0};

	interlock_let_interrupt(SIGUSR1);
	sem_lock_init(&work->sem_lock);
	sem_lock_acquire(&work->sem_lock);
	mp_process_start(&child, sem_waiter, work);
	mp_semaphore_acquire(&work->held);
	for (int i = 0; i < work->signals; i++) {
		if (work->pauses)
			nanosleep(&moment, NULL);
		kill(mp_process_id(&child), SIGUSR1);
		sched_yield(); /* the child may go on here */
	}
	if (work->pauses)
		nanosleep(&moment, NULL);
	answer(0, atomic_load(&notes()->updates));
	sem_lock_release(&work->sem_lock);
	mp_process_join(&child);
	return 0;
}

static int futex_alone(void *argument)
{
	struct work *work = argument;
	int acquired = 0;
	int released = 0;

	for (long i = 0; i < work->turns; i++) {
		acquired += futex_lock_acquire(&work->futex_lock) == FUTEX_LOCK_ACQUIRED;
		released += futex_lock_release(&work->futex_lock);
	}
	answer(0, acquired);
	answer(1, released);
	return 0;
}

/* Compares what the new owner is told with what the last one left. */
static enum futex_lock_result acquire(struct work *work)
{
	enum futex_lock_result result = futex_lock_acquire(&work->futex_lock);
	bool told = result == FUTEX_LOCK_OWNER_DIED;
	bool died = atomic_load(&notes()->died);

	if (died)
		interlock_note_set(&notes()->died, false);
	if (died && !told)
		interlock_note_add(&notes()->not_told, 1);
	if (told && !died)
		interlock_note_add(&notes()->told_for_nothing, 1);
	write_guarded(&work->half_changed, false);
	return result;
}

static int futex_worker(void *argument)
{
	struct work *work = argument;

	pass_gate(work);
	for (long i = 0; i < work->turns; i++) {
		acquire(work);
		update(work);
		futex_lock_release(&work->futex_lock);
	}
	return 0;
}

/* Holds the lock, lets it go, and then holds it for good. */
static int futex_holder(void *argument)
{
	struct work *work = argument;

	futex_lock_acquire(&work->futex_lock);
	for (int i = 0; i < work->workers; i++)
		mp_semaphore_release(&work->held);
	sched_yield(); /* the others may go to sleep here */
	answer(0, atomic_load(&notes()->updates));
	futex_lock_release(&work->futex_lock);
	futex_lock_acquire(&work->futex_lock);
	answer(1, atomic_load(&notes()->updates));
	mp_semaphore_acquire(&work->never);
	return 0;
}

static int futex_waiter(void *argument)
{
	struct work *work = argument;

	mp_semaphore_acquire(&work->held);
	return futex_worker(work);
}

static int releases(void *argument)
{
	struct work *work = argument;

	answer(2, futex_lock_release(&work->futex_lock));
	return 0;
}

static int acquires_and_releases(void *argument)
{
	struct work *work = argument;

	answer(5, futex_lock_acquire(&work->futex_lock));
	answer(6, futex_lock_release(&work->futex_lock));
	return 0;
}

/* Who may release it, and what its owner is told who acquires it again. Another one waits
 * meanwhile, which neither may change. */
static int futex_owner(void *argument)
{
	struct work *work = argument;
	struct mp_process waiter = {0};

	answer(0, futex_lock_acquire(&work->futex_lock));
	mp_process_start(&waiter, acquires_and_releases, work);
	sched_yield(); /* it may go to sleep here */
	answer(1, futex_lock_acquire(&work->futex_lock));
	run_child(releases, work);
	answer(3, futex_lock_release(&work->futex_lock));
	mp_process_join(&waiter);
	answer(4, futex_lock_release(&work->futex_lock));
	return 0;
}

static int dies_holding(void *argument)
{
	struct work *work = argument;

	answer(0, acquire(work));
	write_guarded(&work->half_changed, true);
	interlock_note_set(&notes()->died, true);
	return 0;
}

static int does_nothing(void *argument)
{
	(void)argument;
	return 0;
}

static void report_end_of(int (*function)(void *), struct work *work)
{
	futex_lock_process_ended(&work->futex_lock, run_child(function, work));
}

/* Numbers that differ from the owner's in one bit: none of these processes is there. */
static void report_end_of_strangers(struct work *work)
{
	for (int bit = 8; bit < 22; bit++)
		futex_lock_process_ended(&work->futex_lock, getpid() ^ 1 << bit);
}

/* Two owners die, then some processes that do not hold the lock. */
static int futex_deaths(void *argument)
{
	struct work *work = argument;
	struct futex_lock *lock = &work->futex_lock;

	report_end_of(dies_holding, work);
	report_end_of(dies_holding, work);
	report_end_of(does_nothing, work);
	answer(1, futex_lock_acquire(lock));
	report_end_of(does_nothing, work);
	report_end_of_strangers(work);
	answer(2, futex_lock_acquire(lock));
	answer(3, futex_lock_release(lock));
	answer(4, futex_lock_acquire(lock));
	futex_lock_release(lock);
	report_end_of(acquires_and_releases, work);
	answer(7, futex_lock_acquire(lock));
	futex_lock_release(lock);
	return 0;
}

/* One dies holding the lock, while others want it. */
static int futex_orphans(void *argument)
{
	struct work *work = argument;
	struct mp_process children[MOST_WORKERS] = {{0}};

	for (int i = 0; i < work->workers; i++)
		mp_process_start(&children[i], futex_worker, work);
	report_end_of(dies_holding, work);
	for (int i = 0; i < work->workers; i++)
		mp_process_join(&children[i]);
	acquire(work);
	futex_lock_release(&work->futex_lock);
	return 0;
}

const struct player_entry player_entries[] = {
	{"sem_alone", sem_alone},
	{"sem_family", sem_family},
	{"sem_rivals", sem_rivals},
	{"sem_holder", sem_holder},
	{"sem_signals", sem_signals},
	{"futex_alone", futex_alone},
	{"futex_worker", futex_worker},
	{"futex_holder", futex_holder},
	{"futex_waiter", futex_waiter},
	{"futex_owner", futex_owner},
	{"futex_deaths", futex_deaths},
	{"futex_orphans", futex_orphans},
	{NULL, NULL},
};
