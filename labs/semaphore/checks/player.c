/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/player.h>
#include <mp/process.h>

#include <sched.h>
#include <stddef.h>

/* Puts items of task 0 in batches and gets them into task 1, with nobody else there. */
static int alone(void *argument)
{
	struct work *work = argument;
	struct task *in = &work->tasks[0];
	struct task *out = &work->tasks[1];
	for (int round = 0; round < work->rounds; round++) {
		for (int i = 0; i < work->batch; i++)
			buffer_put(&work->buffer, in->items[in->done++]);
		for (int i = 0; i < work->batch; i++)
			out->items[out->done++] = buffer_get(&work->buffer);
	}
	return 0;
}

/* Stops after one call with the first buffer, after two with the second, and so on. */
static int walk(void *argument)
{
	struct walk *walk = argument;
	for (int i = 0; i < walk->count; i++) {
		struct work *work = walk->works[i];
		for (int call = 0; call <= i; call++)
			if (call % (2 * work->capacity) < work->capacity)
				buffer_put(&work->buffer, call);
			else
				buffer_get(&work->buffer);
	}
	return 0;
}

/* Lets all begin at once: otherwise the first is often done before the last is there. */
static void pass_gate(struct work *work)
{
	atomic_fetch_add(&work->at_the_gate, 1);
	while (atomic_load(&work->at_the_gate) < work->gate)
		sched_yield();
}

static int produce(void *argument)
{
	struct task *task = argument;
	pass_gate(task->work);
	for (; task->done < task->count; task->done++)
		buffer_put(&task->work->buffer, task->items[task->done]);
	return 0;
}

static int consume(void *argument)
{
	struct task *task = argument;
	pass_gate(task->work);
	for (; task->done < task->count; task->done++)
		task->items[task->done] = buffer_get(&task->work->buffer);
	return 0;
}

/* Holds the lock and does not let go of it, while others want to put and to get. */
static int hold(void *argument)
{
	struct work *work = argument;
	struct mp_process putting = {0};
	struct mp_process getting = {0};
	mp_lock_acquire(&work->buffer.lock);
	mp_process_start(&putting, produce, &work->tasks[0]);
	mp_process_start(&getting, consume, &work->tasks[1]);
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
static void tell_each(struct work *work)
{
	struct mp_process waiting[MOST_TASKS] = {{0}};
	start(waiting, &work->tasks[work->producers], work->consumers, consume);
	for (int i = 0; i < work->consumers; i++)
		buffer_put(&work->buffer, i);
	join(waiting, work->consumers);
	for (int i = 0; i < work->capacity; i++)
		buffer_put(&work->buffer, i);
	start(waiting, work->tasks, work->producers, produce);
	for (int i = 0; i < work->producers; i++)
		buffer_get(&work->buffer);
	join(waiting, work->producers);
}

static int wait_and_be_told(void *argument)
{
	struct waits *waits = argument;
	struct work *work = waits->one_place;
	struct mp_process processes[MOST_TASKS] = {{0}};
	start(processes, work->tasks, work->producers, produce);
	start(processes + work->producers, &work->tasks[work->producers], work->consumers,
		consume);
	join(processes, work->producers + work->consumers);
	tell_each(waits->told);
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
