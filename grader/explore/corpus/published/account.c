/* SPDX-License-Identifier: MIT */
/*
 * A bank account: one task pays in, one pays out, one audits once both are done. The
 * withdrawal reads and writes the balance in two critical sections, so a deposit between
 * them is lost: no data race, but no atomic update either.
 */
#include "../tasks.h"

struct state {
	pthread_mutex_t lock;
	int balance;
	int deposited;
	int withdrawn;
};

static void deposit(void *shared, int amount)
{
	struct state *s = shared;

	pthread_mutex_lock(&s->lock);
	s->balance += amount;
	s->deposited = amount;
	pthread_mutex_unlock(&s->lock);
}

static void withdraw(void *shared, int amount)
{
	struct state *s = shared;

	pthread_mutex_lock(&s->lock);
	int balance = s->balance;
#ifndef CORRECT
	pthread_mutex_unlock(&s->lock);
	pthread_mutex_lock(&s->lock);
#endif
	s->balance = balance - amount;
	s->withdrawn = amount;
	pthread_mutex_unlock(&s->lock);
}

static void audit(void *shared, int opening)
{
	struct state *s = shared;

	pthread_mutex_lock(&s->lock);
	if (s->deposited && s->withdrawn)
		assert(s->balance == opening + s->deposited - s->withdrawn);
	pthread_mutex_unlock(&s->lock);
}

int main(void)
{
	struct state *s = tasks_share(sizeof(*s));

	tasks_mutex(&s->lock);
	s->balance = 10;
	tasks_start(deposit, s, 5);
	tasks_start(withdraw, s, 3);
	tasks_start(audit, s, 10);
	tasks_join();
	audit(s, 10);
	pthread_mutex_destroy(&s->lock);
	tasks_free(s, sizeof(*s));
	return 0;
}
