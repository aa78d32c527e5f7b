/* SPDX-License-Identifier: MIT */
#include "suite.h"

#include <errno.h>
#include <mp/lock.h>
#include <mp/process.h>
#include <mp/rlock.h>
#include <mp/shared.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <time.h>

enum { UPDATES = 10000 };

struct account {
	struct mp_lock lock;
	struct mp_rlock rlock;
	volatile int balance;
	struct flag step;
};

static struct account *new_account(void)
{
	struct account *account = mp_shared_new(sizeof(*account));

	ck_assert_ptr_nonnull(account);
	return account;
}

static int deposit(void *argument)
{
	struct account *account = argument;

	for (int i = 0; i < UPDATES; i++) {
		mp_lock_acquire(&account->lock);
		account->balance++;
		mp_lock_release(&account->lock);
	}
	return 0;
}

START_TEST(no_update_is_lost)
{
	struct account *account = new_account();
	struct mp_process processes[4] = {0};

	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(
			mp_process_start(&processes[i], deposit, account), MP_OK);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(mp_process_join(&processes[i]), MP_OK);
	ck_assert_int_eq(account->balance, 4 * UPDATES);
	ck_assert(mp_lock_is_free(&account->lock));
	mp_shared_free(account);
}
END_TEST

START_TEST(misuse_by_one_process_is_answered)
{
	struct account *account = new_account();
	struct mp_lock *lock = &account->lock;

	ck_assert_int_eq(mp_lock_release(lock), MP_NOT_LOCKED);
	ck_assert_int_eq(mp_lock_recover(lock), MP_NOT_OWNER);
	ck_assert_int_eq(mp_lock_acquire(lock), MP_OK);
	ck_assert(mp_lock_is_mine(lock));
	ck_assert(!mp_lock_is_free(lock));
	ck_assert_int_eq(mp_lock_acquire(lock), MP_DEADLOCK);
	ck_assert_int_eq(mp_lock_try_acquire(lock), MP_DEADLOCK);
	ck_assert_int_eq(mp_lock_destroy(lock), MP_BUSY);
	ck_assert_int_eq(mp_lock_release(lock), MP_OK);
	ck_assert_int_eq(mp_lock_release(lock), MP_NOT_LOCKED);
	ck_assert_int_eq(mp_lock_destroy(lock), MP_OK);
	mp_shared_free(account);
}
END_TEST

/* Holds the lock until step becomes 2. */
static int hold(void *argument)
{
	struct account *account = argument;

	mp_lock_acquire(&account->lock);
	account->step.value = 1;
	await(&account->step, 2);
	return mp_lock_release(&account->lock);
}

START_TEST(a_held_lock_is_refused_to_others)
{
	struct account *account = new_account();
	struct mp_process holder = {0};
	int code;

	ck_assert_int_eq(mp_process_start(&holder, hold, account), MP_OK);
	await(&account->step, 1);
	ck_assert_int_eq(mp_lock_try_acquire(&account->lock), MP_BUSY);
	ck_assert_int_eq(mp_lock_acquire_timeout(&account->lock, 20), MP_TIMEOUT);
	ck_assert_int_eq(mp_lock_acquire_timeout(&account->lock, -5), MP_TIMEOUT);
	ck_assert_int_eq(mp_lock_release(&account->lock), MP_NOT_OWNER);
	account->step.value = 2;
	ck_assert_int_eq(mp_lock_acquire(&account->lock), MP_OK);
	ck_assert_int_eq(mp_lock_release(&account->lock), MP_OK);
	ck_assert_int_eq(mp_process_join(&holder), MP_OK);
	ck_assert_int_eq(mp_process_exit_code(&holder, &code), MP_OK);
	ck_assert_int_eq(code, MP_OK);
	mp_shared_free(account);
}
END_TEST

/* Until it is killed. */
static int hold_for_ever(void *argument)
{
	struct account *account = argument;

	mp_lock_acquire(&account->lock);
	account->step.value = 1;
	return sleep_for_ever();
}

static int wait_and_report(void *argument)
{
	struct account *account = argument;
	int status = mp_lock_acquire(&account->lock);

	mp_lock_recover(&account->lock);
	mp_lock_release(&account->lock);
	return status;
}

START_TEST(the_next_owner_learns_of_a_death)
{
	struct account *account = new_account();
	struct mp_process holder = {0};
	struct mp_process waiter = {0};
	int code;

	mp_process_start(&holder, hold_for_ever, account);
	await(&account->step, 1);
	mp_process_start(&waiter, wait_and_report, account);
	ck_assert_int_eq(mp_process_kill(&holder), MP_OK);
	ck_assert_int_eq(mp_process_join(&holder), MP_OK);
	ck_assert_int_eq(mp_process_join(&waiter), MP_OK);
	mp_process_exit_code(&waiter, &code);
	ck_assert_int_eq(code, MP_OWNER_DIED);
	ck_assert_int_eq(mp_lock_acquire(&account->lock), MP_OK);
	ck_assert_int_eq(mp_lock_release(&account->lock), MP_OK);
	mp_shared_free(account);
}
END_TEST

START_TEST(a_death_is_told_until_it_is_acknowledged)
{
	struct account *account = new_account();
	struct mp_process holder = {0};

	mp_process_start(&holder, hold_for_ever, account);
	await(&account->step, 1);
	mp_process_kill(&holder);
	mp_process_join(&holder);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(mp_lock_try_acquire(&account->lock), MP_OWNER_DIED);
		ck_assert_int_eq(mp_lock_release(&account->lock), MP_OK);
	}
	ck_assert_int_eq(mp_lock_acquire_timeout(&account->lock, 1000), MP_OWNER_DIED);
	ck_assert_int_eq(mp_lock_recover(&account->lock), MP_OK);
	ck_assert_int_eq(mp_lock_release(&account->lock), MP_OK);
	ck_assert_int_eq(mp_lock_acquire(&account->lock), MP_OK);
	ck_assert_int_eq(mp_lock_release(&account->lock), MP_OK);
	mp_shared_free(account);
}
END_TEST

static int acquire_thrice(void *argument)
{
	struct account *account = argument;

	for (int i = 0; i < 3; i++)
		if (mp_rlock_acquire(&account->rlock) != MP_OK)
			return 1;
	account->step.value = 1;
	return sleep_for_ever();
}

START_TEST(an_rlock_counts_and_forgets_a_dead_owners_count)
{
	struct account *account = new_account();
	struct mp_process holder = {0};
	struct mp_rlock *rlock = &account->rlock;

	ck_assert_int_eq(mp_rlock_release(rlock), MP_NOT_LOCKED);
	mp_process_start(&holder, acquire_thrice, account);
	await(&account->step, 1);
	ck_assert_int_eq(mp_rlock_try_acquire(rlock), MP_BUSY);
	ck_assert_int_eq(mp_rlock_release(rlock), MP_NOT_OWNER);
	mp_process_kill(&holder);
	mp_process_join(&holder);
	ck_assert_int_eq(mp_rlock_acquire(rlock), MP_OWNER_DIED);
	ck_assert_int_eq(mp_rlock_recover(rlock), MP_OK);
	ck_assert_int_eq(mp_rlock_try_acquire(rlock), MP_OK);
	ck_assert_int_eq(mp_rlock_acquire_timeout(rlock, 10), MP_OK);
	for (int i = 0; i < 3; i++) {
		ck_assert(!mp_rlock_is_free(rlock));
		ck_assert_int_eq(mp_rlock_release(rlock), MP_OK);
	}
	ck_assert(mp_rlock_is_free(rlock));
	ck_assert_int_eq(mp_rlock_release(rlock), MP_NOT_LOCKED);
	mp_shared_free(account);
}
END_TEST

struct mixed {
	struct mp_lock first;
	struct mp_lock second;
	pthread_mutex_t mutex;
	struct flag step;
};

static int hold_all(void *argument)
{
	struct mixed *mixed = argument;

	mp_lock_acquire(&mixed->first);
	pthread_mutex_lock(&mixed->mutex);
	mp_lock_acquire(&mixed->second);
	mp_lock_release(&mixed->first);
	mp_lock_acquire(&mixed->first);
	mixed->step.value = 1;
	return sleep_for_ever();
}

/* Both kinds stand in the C library's one list of the thread, in any order. */
START_TEST(robust_mutexes_of_the_c_library_stay_robust)
{
	struct mixed *mixed = mp_shared_new(sizeof(*mixed));
	struct mp_process holder = {0};
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&mixed->mutex, &attributes);
	mp_process_start(&holder, hold_all, mixed);
	await(&mixed->step, 1);
	mp_process_kill(&holder);
	mp_process_join(&holder);
	ck_assert_int_eq(mp_lock_acquire(&mixed->first), MP_OWNER_DIED);
	ck_assert_int_eq(pthread_mutex_lock(&mixed->mutex), EOWNERDEAD);
	ck_assert_int_eq(mp_lock_acquire(&mixed->second), MP_OWNER_DIED);
	pthread_mutex_consistent(&mixed->mutex);
	ck_assert_int_eq(mp_lock_release(&mixed->first), MP_OK);
	ck_assert_int_eq(pthread_mutex_unlock(&mixed->mutex), 0);
	ck_assert_int_eq(mp_lock_release(&mixed->second), MP_OK);
	pthread_mutexattr_destroy(&attributes);
	mp_shared_free(mixed);
}
END_TEST

/* The switched-off guard: without the lock the same program loses updates, so the test
 * bites. */
static int deposit_unlocked(void *argument)
{
	struct account *account = argument;

	for (int i = 0; i < UPDATES; i++) {
		int seen = account->balance;

		if (i % 100 == 0)
			sched_yield();
		account->balance = seen + 1;
	}
	return 0;
}

START_TEST(without_the_lock_updates_are_lost)
{
	struct account *account = new_account();
	int tries = 0;

	do {
		struct mp_process processes[2] = {0};

		account->balance = 0;
		for (int i = 0; i < 2; i++)
			mp_process_start(&processes[i], deposit_unlocked, account);
		for (int i = 0; i < 2; i++)
			mp_process_join(&processes[i]);
	} while (account->balance == 2 * UPDATES && ++tries < 1000);
	ck_assert_int_lt(tries, 1000);
	mp_shared_free(account);
}
END_TEST

static const TTest *const *const tests[] = {
	&no_update_is_lost,
	&misuse_by_one_process_is_answered,
	&a_held_lock_is_refused_to_others,
};

static const TTest *const *const hard[] = {
	&without_the_lock_updates_are_lost,
	&the_next_owner_learns_of_a_death,
	&a_death_is_told_until_it_is_acknowledged,
	&an_rlock_counts_and_forgets_a_dead_owners_count,
	&robust_mutexes_of_the_c_library_stay_robust,
};

MP_TEST_MAIN("lock", tests, hard)
