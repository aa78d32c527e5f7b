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

/* Puts into one buffer; puts into another one and gets from it. */
static int put_and_get(void *argument)
{
	struct pair *pair = argument;
	buffer_put(&pair->put->buffer, 1);
	buffer_put(&pair->got->buffer, 1);
	buffer_get(&pair->got->buffer);
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

const struct player_entry player_entries[] = {
	{"alone", alone},
	{"put_and_get", put_and_get},
	{"produce", produce},
	{"consume", consume},
	{"hold", hold},
	{NULL, NULL},
};
