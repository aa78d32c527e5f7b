/* SPDX-License-Identifier: MIT */
/*
 * TELLERS move money between two accounts, each of which has its own lock. The auditor adds
 * both up and, when it comes between the two halves of a transfer, misses the money that is
 * on its way. Every access is locked. The correct program holds both locks for both halves.
 */
#include "../tasks.h"

#ifndef TELLERS
#define TELLERS 2
#endif
#define MONEY 100

struct account {
	pthread_mutex_t lock;
	int balance;
};

struct state {
	struct account from, to;
};

static void change(struct account *account, int amount)
{
#ifndef CORRECT
	pthread_mutex_lock(&account->lock);
#endif
	account->balance += amount;
#ifndef CORRECT
	pthread_mutex_unlock(&account->lock);
#endif
}

static void lock_both(struct state *s)
{
	pthread_mutex_lock(&s->from.lock);
	pthread_mutex_lock(&s->to.lock);
}

static void unlock_both(struct state *s)
{
	pthread_mutex_unlock(&s->to.lock);
	pthread_mutex_unlock(&s->from.lock);
}

static void audit(void *shared, int number)
{
	struct state *s = shared;

	(void)number;
	lock_both(s);
	int sum = s->from.balance + s->to.balance;
	unlock_both(s);
	assert(sum == MONEY);
}

static void transfer(void *shared, int amount)
{
	struct state *s = shared;

#ifdef CORRECT
	lock_both(s);
#endif
	change(&s->from, -amount);
	change(&s->to, amount);
#ifdef CORRECT
	unlock_both(s);
#endif
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->from.lock);
	tasks_mutex(&s->to.lock);
	s->from.balance = MONEY;
	tasks_start(audit, s, 0);
	for (int i = 1; i <= TELLERS; i++)
		tasks_start(transfer, s, i);
	tasks_join();
	assert(s->from.balance + s->to.balance == MONEY);
	pthread_mutex_destroy(&s->from.lock);
	pthread_mutex_destroy(&s->to.lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
