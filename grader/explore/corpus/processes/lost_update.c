/* SPDX-License-Identifier: MIT */
/*
 * Two processes on one shared balance: one withdraws, one deposits, TURNS times each.
 * GUARD says what makes an update whole: nothing, a process-shared mutex, a semaphore, an
 * atomic, or a lock that spins on an atomic flag.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef TURNS
#define TURNS 3
#endif
#ifndef GUARD
#define GUARD 0
#endif
enum { NOTHING, MUTEX, SEMAPHORE, ATOMIC, SPIN };

struct account {
	int balance;
	atomic_int atomic_balance;
	pthread_mutex_t mutex;
	sem_t semaphore;
	atomic_flag flag;
};

static void prepare(struct account *account)
{
	pthread_mutexattr_t attributes;

	account->balance = 100;
	atomic_init(&account->atomic_balance, 100);
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&account->mutex, &attributes);
	pthread_mutexattr_destroy(&attributes);
	sem_init(&account->semaphore, 1, 1);
	atomic_flag_clear(&account->flag);
}

static void lock(struct account *account)
{
	if (GUARD == MUTEX)
		pthread_mutex_lock(&account->mutex);
	if (GUARD == SEMAPHORE)
		sem_wait(&account->semaphore);
	while (GUARD == SPIN && atomic_flag_test_and_set(&account->flag))
		sched_yield();
}

static void unlock(struct account *account)
{
	if (GUARD == MUTEX)
		pthread_mutex_unlock(&account->mutex);
	if (GUARD == SEMAPHORE)
		sem_post(&account->semaphore);
	if (GUARD == SPIN)
		atomic_flag_clear(&account->flag);
}

static void transfer(struct account *account, int amount)
{
	for (int turn = 0; turn < TURNS; turn++) {
		if (GUARD == ATOMIC) {
			atomic_fetch_add(&account->atomic_balance, amount);
			continue;
		}
		lock(account);
		account->balance += amount;
		unlock(account);
	}
}

int main(void)
{
	struct account *account = mmap(NULL, sizeof(*account), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (account == MAP_FAILED)
		return 2;
	prepare(account);
	for (int amount = -1; amount <= 1; amount += 2) {
		pid_t pid = fork();
		if (pid < 0)
			return 2;
		if (pid == 0) {
			transfer(account, amount);
			exit(0);
		}
	}
	while (wait(NULL) > 0)
		continue;
	assert(account->balance == 100 && atomic_load(&account->atomic_balance) == 100);
	pthread_mutex_destroy(&account->mutex);
	sem_destroy(&account->semaphore);
	munmap(account, sizeof(*account));
	return 0;
}
