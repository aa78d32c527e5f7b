/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/player.h>
#include <mp/process.h>

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>

/* Lets all begin at once: otherwise the first is often done before the last is there. */
static void pass_gate(struct scene *scene)
{
	atomic_fetch_add(&scene->at_the_gate, 1);
	while (atomic_load(&scene->at_the_gate) < scene->gate)
		sched_yield();
}

/* What came of one transfer, or whether an audit was right: see struct move. */
enum outcome { MOVED, REFUSED, WRONG, DONE, OUTCOMES };

static enum outcome make(struct move *move)
{
	bool moved = transfer(move->bank, move->from, move->to, move->amount) == 0;

	return moved ? MOVED : REFUSED;
}

/* Pays into an account as the header says: with its lock held. It gives way in the middle,
 * so that whoever does not respect the lock gets in between. */
static enum outcome pay(struct move *move)
{
	struct account *account = &move->bank->accounts[move->to];
	mp_lock_acquire(&account->lock);
	long balance = account->balance;
	sched_yield();
	account->balance = balance + move->amount;
	mp_lock_release(&account->lock);
	return DONE;
}

/* Adds up two accounts while holding both. It takes the second lock only if that is free,
 * so that it cannot be part of a deadlock, in whatever order others take them. */
static enum outcome add_up(struct move *move)
{
	struct account *one = &move->bank->accounts[move->from];
	struct account *two = &move->bank->accounts[move->to];
	bool right = true;
	mp_lock_acquire(&one->lock);
	if (mp_lock_try_acquire(&two->lock) == MP_OK) {
		right = one->balance + two->balance == move->amount;
		mp_lock_release(&two->lock);
	}
	mp_lock_release(&one->lock);
	return right ? DONE : WRONG;
}

static void note(struct move *move, const int counts[OUTCOMES])
{
	atomic_int *const notes[OUTCOMES] = {&move->moved, &move->refused, &move->wrong};

	for (int i = 0; i < OUTCOMES; i++)
		if (notes[i] && counts[i])
			interlock_note_add(notes[i], counts[i]);
}

/* Counts on the way and notes in the end, since a note takes longer than a transfer. */
static int work_off(struct job *job, enum outcome (*each)(struct move *move))
{
	int counts[MOST_MOVES][OUTCOMES] = {{0}};
	pass_gate(job->scene);
	for (long i = 0; i < job->times; i++)
		for (int k = 0; k < job->count; k++)
			counts[k][each(&job->moves[k])]++;
	for (int k = 0; k < job->count; k++)
		note(&job->moves[k], counts[k]);
	return 0;
}

static int transfers(void *argument)
{
	return work_off(argument, make);
}

static void wait_for_others(struct job *job, int sides)
{
	struct mp_semaphore *arrived = job->scene->arrived;
	for (int side = 0; side < sides; side++)
		if (side != job->side)
			mp_semaphore_release(&arrived[side]);
	for (int side = 0; side < sides; side++)
		if (side != job->side)
			mp_semaphore_acquire(&arrived[job->side]);
}

static int transfers_in_rounds(void *argument)
{
	struct job *job = argument;
	pass_gate(job->scene);
	for (int k = 0; k < job->count; k++) {
		for (long i = 0; i < job->times; i++)
			make(&job->moves[k]);
		wait_for_others(job, job->moves[k].sides);
	}
	return 0;
}

static int pay_in(void *argument)
{
	return work_off(argument, pay);
}

static int audit(void *argument)
{
	return work_off(argument, add_up);
}

/* Holds all locks but those of two accounts, until one of two others has come to an end. */
static int hold_others(void *argument)
{
	struct job *job = argument;
	struct scene *scene = job->scene;
	const struct move *spared = &job->moves[0];
	struct account *accounts = scene->bank.accounts;
	mp_lock_acquire(&scene->bank.lock);
	for (int i = 0; i < BANK_ACCOUNTS; i++)
		if (i != spared->from && i != spared->to)
			mp_lock_acquire(&accounts[i].lock);
	for (int i = 0; i < 2; i++)
		mp_semaphore_release(&scene->held);
	mp_semaphore_acquire(&scene->done);
	for (int i = 0; i < BANK_ACCOUNTS; i++)
		if (i != spared->from && i != spared->to)
			mp_lock_release(&accounts[i].lock);
	mp_lock_release(&scene->bank.lock);
	return 0;
}

static int transfers_while_held(void *argument)
{
	struct job *job = argument;
	mp_semaphore_acquire(&job->scene->held);
	transfers(job);
	mp_semaphore_release(&job->scene->done);
	return 0;
}

static int make_one(void *argument)
{
	int counts[OUTCOMES] = {0};
	counts[make(argument)]++;
	note(argument, counts);
	return 0;
}

/* Holds the account to which the first move goes and does not let go of it; makes all its
 * moves meanwhile, each in a process of its own. */
static int keep(void *argument)
{
	struct job *job = argument;
	struct mp_process processes[MOST_MOVES] = {0};
	mp_lock_acquire(&job->scene->bank.accounts[job->moves[0].to].lock);
	for (int i = 0; i < job->count; i++)
		mp_process_start(&processes[i], make_one, &job->moves[i]);
	for (int i = 0; i < job->count; i++)
		mp_process_join(&processes[i]);
	return 0;
}

const struct player_entry player_entries[] = {
	{"transfers", transfers},
	{"transfers_in_rounds", transfers_in_rounds},
	{"pay_in", pay_in},
	{"audit", audit},
	{"hold_others", hold_others},
	{"transfers_while_held", transfers_while_held},
	{"keep", keep},
	{NULL, NULL},
};
