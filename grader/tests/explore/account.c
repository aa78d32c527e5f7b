/* SPDX-License-Identifier: MIT */
/*
 * Two processes that change a shared balance, TURNS times each. Without LOCK they race;
 * with OPPOSITE they take two locks in opposite orders; with SERIAL the second begins when
 * the first has ended.
 */
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef TURNS
#define TURNS 3
#endif

struct account {
	pthread_mutex_t locks[2];
	int balance;
};

static void change(struct account *account, int amount, int first)
{
	for (int i = 0; i < TURNS; i++) {
#ifdef LOCK
		pthread_mutex_lock(&account->locks[first]);
		pthread_mutex_lock(&account->locks[1 - first]);
#endif
		account->balance = account->balance + amount;
#ifdef LOCK
		pthread_mutex_unlock(&account->locks[1 - first]);
		pthread_mutex_unlock(&account->locks[first]);
#endif
	}
	(void)first;
}

static void start(struct account *account)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&account->locks[0], &attributes);
	pthread_mutex_init(&account->locks[1], &attributes);
}

int main(void)
{
	struct account *account = mmap(NULL, sizeof(*account), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
#ifdef OPPOSITE
	int first = 1;
#else
	int first = 0;
#endif

	start(account);
	account->balance = 100;
	if (fork() == 0) {
		change(account, -1, 0);
		_exit(0);
	}
#ifdef SERIAL
	wait(NULL);
#endif
	if (fork() == 0) {
		change(account, 1, first);
		_exit(0);
	}
	while (wait(NULL) > 0) {
	}
	return 0;
}
