/* SPDX-License-Identifier: MIT */
#include "work.h"

#include <interlock/player.h>
#include <mp/process.h>

#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* Half of the number comes from an addition. */
static void add_half(struct work *work, int type, struct value *value)
{
	long half = work->numbers[type] / 2;
	value_set(value, half);
	value_add(value, work->numbers[type] - half);
	work->added[type] = value_get(value);
}

static bool is_mapped(void *address)
{
	unsigned char resident;
	long page = sysconf(_SC_PAGESIZE);
	uintptr_t start = (uintptr_t)address & ~(uintptr_t)(page - 1);
	return mincore((void *)start, (size_t)page, &resident) == 0;
}

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
			add_half(work, i, values[i]);
	for (int i = 0; i < TYPES; i++)
		if (values[i]) {
			value_free(values[i]);
			work->kept[i] = is_mapped(values[i]);
		}
	return 0;
}

static int refuse(void *argument)
{
	struct work *work = argument;
	for (int i = 0; i < BAD_TYPES; i++)
		work->refused[i] = value_new(bad_typecodes[i]) == NULL;
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

/* Each of these needs the lock that the parent used for something else before. */
static int use_after_parent(void *argument)
{
	struct value **values = argument;
	value_add(values[0], 1);
	value_get(values[1]);
	value_set(values[2], 1);
	return 0;
}

static int use_before_child(void *argument)
{
	struct work *work = argument;
	struct value *values[3];
	struct mp_process process = {0};
	for (int i = 0; i < 3; i++)
		if (!(values[i] = value_new('l')))
			return 0;
	value_set(values[0], 1);
	value_add(values[1], 1);
	value_get(values[2]);
	mp_process_start(&process, use_after_parent, values);
	mp_process_join(&process);
	work->times++;
	return 0;
}

static void pass_gate(struct work *work)
{
	atomic_fetch_add(&work->at_the_gate, 1);
	while (atomic_load(&work->at_the_gate) < work->gate)
		sched_yield();
}

static int add_in_child(void *argument)
{
	struct child *child = argument;
	pass_gate(child->work);
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

static int set_meanwhile(void *argument)
{
	struct child *child = argument;
	pass_gate(child->work);
	value_set(child->value, child->number);
	return 0;
}

static int look_meanwhile(void *argument)
{
	struct child *child = argument;
	pass_gate(child->work);
	child->work->meanwhile = value_get(child->value);
	return 0;
}

/* One adds, one sets and one looks, all at once. */
static int mixed(void *argument)
{
	static int (*const entries[])(void *) = {
		add_in_child, set_meanwhile, look_meanwhile};
	struct work *work = argument;
	struct value *value = value_new('l');
	struct child children[] = {{work, value, work->amounts[0]},
		{work, value, work->set_to}, {work, value, 0}};
	struct mp_process processes[3] = {0};
	if (!value)
		return 0;
	for (int i = 0; i < 3; i++)
		mp_process_start(&processes[i], entries[i], &children[i]);
	for (int i = 0; i < 3; i++)
		mp_process_join(&processes[i]);
	work->got[0] = value_get(value);
	return 0;
}

static void use(struct value *value, int way)
{
	if (way == SET)
		value_set(value, 1);
	else if (way == ADD)
		value_add(value, 1);
	else
		value_get(value);
}

struct user {
	struct work *work;
	struct value *value;
	int way;
};

static int use_held(void *argument)
{
	const struct user *user = argument;
	use(user->value, user->way);
	atomic_store(&user->work->got_in[user->way], 1);
	return 0;
}

static int use_free(void *argument)
{
	const struct user *user = argument;
	for (int way = 0; way < USES; way++) {
		use(user->value, way);
		atomic_fetch_add(&user->work->other_used, 1);
	}
	return 0;
}

/* Holds the locks of three values, each of which somebody wants to use in another way, while
 * somebody else uses a fourth. */
static int hold_three_of_four(void *argument)
{
	struct work *work = argument;
	struct user users[USES + 1];
	struct mp_process processes[USES + 1] = {0};
	for (int i = 0; i <= USES; i++) {
		users[i] = (struct user){work, value_new('l'), i};
		if (!users[i].value)
			return 0;
	}
	for (int i = 0; i < USES; i++)
		mp_lock_acquire(&users[i].value->lock);
	for (int i = 0; i <= USES; i++)
		mp_process_start(
			&processes[i], i < USES ? use_held : use_free, &users[i]);
	for (int i = 0; i <= USES; i++)
		mp_process_join(&processes[i]);
	return 0;
}

const struct player_entry player_entries[] = {
	{"one_of_each", one_of_each},
	{"refuse", refuse},
	{"across", across},
	{"use_before_child", use_before_child},
	{"adders", adders},
	{"mixed", mixed},
	{"hold_three_of_four", hold_three_of_four},
	{NULL, NULL},
};
