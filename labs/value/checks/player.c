/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/player.h>
#include <mp/process.h>

#include <sched.h>
#include <stddef.h>

/* All values exist at once, so that two that share their memory are seen. */
static int one_of_each(void *argument)
{
	struct work *work = argument;
	struct value *values[TYPES];
	for (int i = 0; i < TYPES; i++) {
		values[i] = value_new(typecodes[i]);
		work->made[i] = values[i] != NULL;
		work->zero[i] = values[i] ? value_get(values[i]) : -1;
	}
	for (int i = 0; i < TYPES; i++)
		if (values[i])
			value_set(values[i], work->numbers[i]);
	for (int i = 0; i < TYPES; i++)
		if (values[i])
			work->got[i] = value_get(values[i]);
	for (int i = 0; i < TYPES; i++)
		if (values[i])
			value_free(values[i]);
	return 0;
}

/* Half of what does not fit comes from an addition. */
static int add_to_each(void *argument)
{
	struct work *work = argument;
	for (int i = 0; i < TYPES; i++) {
		struct value *value = value_new(typecodes[i]);
		if (!value)
			continue;
		long half = work->numbers[i] / 2;
		value_set(value, half);
		value_add(value, work->numbers[i] - half);
		work->got[i] = value_get(value);
		value_free(value);
	}
	return 0;
}

static int refuse(void *argument)
{
	struct work *work = argument;
	for (int i = 0; i < BAD_TYPES; i++)
		work->refused += value_new(bad_typecodes[i]) == NULL;
	return 0;
}

struct child {
	struct work *work;
	struct value *value;
	long number;
};

static int set_in_child(void *argument)
{
	struct child *child = argument;
	value_set(child->value, child->number);
	return 0;
}

static int across(void *argument)
{
	struct work *work = argument;
	struct child child = {work, value_new('l'), work->numbers[0]};
	struct mp_process process = {0};
	if (!child.value)
		return 0;
	mp_process_start(&process, set_in_child, &child);
	mp_process_join(&process);
	work->got[0] = value_get(child.value);
	return 0;
}

static int add_in_child(void *argument)
{
	struct child *child = argument;
	atomic_fetch_add(&child->work->at_the_gate, 1);
	while (atomic_load(&child->work->at_the_gate) < child->work->gate)
		sched_yield();
	for (long i = 0; i < child->work->times; i++)
		value_add(child->value, child->number);
	return 0;
}

static int adders(void *argument)
{
	struct work *work = argument;
	struct value *value = value_new('l');
	struct child children[ADDERS];
	struct mp_process processes[ADDERS] = {0};
	if (!value)
		return 0;
	for (int i = 0; i < ADDERS; i++) {
		children[i] = (struct child){work, value, work->amounts[i]};
		mp_process_start(&processes[i], add_in_child, &children[i]);
	}
	for (int i = 0; i < ADDERS; i++)
		mp_process_join(&processes[i]);
	work->got[0] = value_get(value);
	return 0;
}

const struct player_entry player_entries[] = {
	{"one_of_each", one_of_each},
	{"add_to_each", add_to_each},
	{"refuse", refuse},
	{"across", across},
	{"adders", adders},
	{NULL, NULL},
};
