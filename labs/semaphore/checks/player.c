/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/player.h>
#include <mp/process.h>

#include <sched.h>
#include <stddef.h>

/* Puts an item of the task, or gets one. What came of it is noted where an answer cannot
 * write. */
static void put_one(struct task *task, int i)
{
	buffer_put(&task->work->buffer, atomic_load(&task->items[i]));
	interlock_note_add(&task->done, 1);
}

static void get_one(struct task *task, int i)
{
	interlock_note_long(&task->items[i], buffer_get(&task->work->buffer));
	interlock_note_add(&task->done, 1);
}

/* Puts items of task 0 in batches and gets them into task 1, with nobody else there. */
static int alone(void *argument)
{
	struct party *party = argument;
	for (int round = 0; round < party->rounds; round++) {
		int first = round * party->batch;
		for (int i = 0; i < party->batch; i++)
			put_one(&party->tasks[0], first + i);
		for (int i = 0; i < party->batch; i++)
			get_one(&party->tasks[1], first + i);
	}
	return 0;
}

/* Stops after one call with the first buffer, after two with the second, and so on. */
static int walk(void *argument)
{
	const struct walk *walk = argument;
	for (int i = 0; i < walk->count; i++) {
		struct work *work = walk->works[i];
		for (int call = 0; call <= i; call++)
			if (call % (2 * walk->capacity) < walk->capacity)
				buffer_put(&work->buffer, call);
			else
				buffer_get(&work->buffer);
	}
	return 0;
}

/* Lets all begin at once: otherwise the first is often done before the last is there. */
static void pass_gate(const struct task *task)
{
	atomic_fetch_add(&task->work->at_the_gate, 1);
	while (atomic_load(&task->work->at_the_gate) < task->gate)
		sched_yield();
}

static int produce(void *argument)
{
	struct task *task = argument;
	pass_gate(task);
	for (int i = 0; i < task->count; i++)
		put_one(task, i);
	return 0;
}

static int consume(void *argument)
{
	struct task *task = argument;
	pass_gate(task);
	for (int i = 0; i < task->count; i++)
		get_one(task, i);
	return 0;
}

/* Holds the lock and does not let go of it, while others want to put and to get. */
static int hold(void *argument)
{
	struct task *tasks = argument;
	struct mp_process putting = {0};
	struct mp_process getting = {0};
	mp_lock_acquire(&tasks->work->buffer.lock);
	mp_process_start(&putting, produce, &tasks[0]);
	mp_process_start(&getting, consume, &tasks[1]);
	mp_process_join(&putting);
	mp_process_join(&getting);
	return 0;
}

static void start(
	struct mp_process *processes, struct task *first, int count, int (*entry)(void *))
{
	for (int i = 0; i < count; i++)
		mp_process_start(&processes[i], entry, &first[i]);
}

static void join(struct mp_process *processes, int count)
{
	for (int i = 0; i < count; i++)
		mp_process_join(&processes[i]);
}

/* As many come as there will be items, or places, and each of them has to be told. Those who
 * get find the buffer empty; those who put find it full. */
static void tell_each(struct party *party)
{
	struct mp_process waiting[MOST_TASKS] = {{0}};
	struct buffer *buffer = &party->tasks[0].work->buffer;
	start(waiting, &party->tasks[party->producers], party->consumers, consume);
	for (int i = 0; i < party->consumers; i++)
		buffer_put(buffer, i);
	join(waiting, party->consumers);
	for (int i = 0; i < party->capacity; i++)
		buffer_put(buffer, i);
	start(waiting, party->tasks, party->producers, produce);
	for (int i = 0; i < party->producers; i++)
		buffer_get(buffer);
	join(waiting, party->producers);
}

static int wait_and_be_told(void *argument)
{
	struct notes *notes = argument;
	struct party *party = &notes->party;
	struct mp_process processes[MOST_TASKS] = {{0}};
	start(processes, party->tasks, party->producers, produce);
	start(processes + party->producers, &party->tasks[party->producers],
		party->consumers, consume);
	join(processes, party->producers + party->consumers);
	tell_each(&notes->told);
	return 0;
}

const struct player_entry player_entries[] = {
	{"alone", alone},
	{"walk", walk},
	{"produce", produce},
	{"consume", consume},
	{"hold", hold},
	{"wait_and_be_told", wait_and_be_told},
	{NULL, NULL},
};
