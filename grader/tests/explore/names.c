/* SPDX-License-Identifier: MIT */
/* Two threads race on memory of each kind that a witness has to name. */
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct account {
	int number;
	double balance;
};

struct bank {
	struct account accounts[3];
	pthread_mutex_t lock;
	signed char sign;
	bool open;
	int visits[2];
};

static struct {
	int hits[2][2];
} table;

struct task {
	struct bank *bank;
	int *total;
};

static void count(int *hits)
{
	++*hits;
}

static void *work(void *argument)
{
	struct task *task = argument;
	static unsigned calls;
	task->bank->accounts[2].balance += 0.5;
	table.hits[1][0]++;
	calls++;
	*task->total -= 1;
	task->bank->sign = -1;
	task->bank->open = true;
	count(task->bank->visits);
	pthread_mutex_lock(&task->bank->lock);
	pthread_mutex_unlock(&task->bank->lock);
	return NULL;
}

int main(void)
{
	int total = 0;
	pthread_t threads[2];
	struct bank *bank = calloc(1, sizeof(*bank));
	struct task task = {bank, &total};
	pthread_mutex_init(&bank->lock, NULL);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, &task);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	assert(table.hits[1][0] == 2);
	free(bank);
	return 0;
}
