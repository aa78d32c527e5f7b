/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/player.h>
#include <mp/process.h>

#include <sched.h>
#include <stddef.h>
#include <time.h>

static void pause_ms(long milliseconds)
{
	struct timespec time = {0, milliseconds * 1000000L};
	nanosleep(&time, NULL);
}

/* Lets all begin at once: otherwise the first is often done before the last is there. */
static void pass_gate(struct scene *scene)
{
	atomic_fetch_add(&scene->at_the_gate, 1);
	while (atomic_load(&scene->at_the_gate) < scene->gate)
		sched_yield();
}

static int transfers(void *argument)
{
	struct job *job = argument;
	pass_gate(job->scene);
	for (long i = 0; i < job->times; i++) {
		if (transfer(&job->scene->bank, job->from, job->to, job->amount) == 0)
			job->moved++;
		else
			job->refused++;
	}
	return 0;
}

/* Does one job after the other, with nobody else there. */
static int alone(void *argument)
{
	struct scene *scene = argument;
	for (int i = 0; i < JOBS; i++)
		if (scene->jobs[i].times > 0)
			transfers(&scene->jobs[i]);
	return 0;
}

/* Pays into an account as the header says: with its lock held. It gives way in the middle,
 * so that whoever does not respect the lock gets in between. */
static int pay_in(void *argument)
{
	struct job *job = argument;
	struct account *account = &job->scene->bank.accounts[job->to];
	pass_gate(job->scene);
	for (long i = 0; i < job->times; i++) {
		mp_lock_acquire(&account->lock);
		long balance = account->balance;
		sched_yield();
		account->balance = balance + job->amount;
		mp_lock_release(&account->lock);
	}
	return 0;
}

/* Adds up two accounts while holding both. It takes the second lock only if that is free,
 * so that it cannot be part of a deadlock, in whatever order others take them. */
static int audit(void *argument)
{
	struct job *job = argument;
	struct account *one = &job->scene->bank.accounts[0];
	struct account *two = &job->scene->bank.accounts[1];
	pass_gate(job->scene);
	for (long i = 0; i < job->times; i++) {
		mp_lock_acquire(&one->lock);
		if (mp_lock_try_acquire(&two->lock) == MP_OK) {
			if (one->balance + two->balance != job->scene->total)
				job->wrong++;
			mp_lock_release(&two->lock);
		}
		mp_lock_release(&one->lock);
	}
	return 0;
}

/* Holds account 1, so that a transfer to it must wait, until a transfer between two other
 * accounts has come to an end. */
static int hold(void *argument)
{
	struct job *job = argument;
	struct scene *scene = job->scene;
	mp_lock_acquire(&scene->bank.accounts[1].lock);
	mp_semaphore_release(&scene->held);
	mp_semaphore_acquire(&scene->stranger_in);
	mp_lock_release(&scene->bank.accounts[1].lock);
	return 0;
}

static int wait_for_holder(void *argument)
{
	struct job *job = argument;
	mp_semaphore_acquire(&job->scene->held);
	atomic_store(&job->scene->busy, 1);
	return transfers(job);
}

static int stranger(void *argument)
{
	struct job *job = argument;
	while (!atomic_load(&job->scene->busy))
		pause_ms(1);
	pause_ms(5);
	transfers(job);
	mp_semaphore_release(&job->scene->stranger_in);
	return 0;
}

/* Holds account 1 and does not let go of it, while others transfer to it and from it. */
static int keep(void *argument)
{
	struct scene *scene = argument;
	struct mp_process processes[2] = {0};
	mp_lock_acquire(&scene->bank.accounts[1].lock);
	for (int i = 0; i < 2; i++)
		mp_process_start(&processes[i], transfers, &scene->jobs[i]);
	for (int i = 0; i < 2; i++)
		mp_process_join(&processes[i]);
	return 0;
}

const struct player_entry player_entries[] = {
	{"alone", alone},
	{"transfers", transfers},
	{"pay_in", pay_in},
	{"audit", audit},
	{"hold", hold},
	{"wait_for_holder", wait_for_holder},
	{"stranger", stranger},
	{"keep", keep},
	{NULL, NULL},
};
